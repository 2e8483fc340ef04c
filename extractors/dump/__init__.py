"""Text dumps: lines of text, put back into the columns they came from."""
