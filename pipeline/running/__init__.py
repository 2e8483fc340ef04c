"""The work of a run on many files: who reads them, in which order what came of them is written, and by whom."""
