"""`python -m pipeline.bench`: speed and memory beside pdfplumber's own reading."""

import sys

from pipeline.bench.speed import main

if __name__ == "__main__":
    sys.exit(main())
