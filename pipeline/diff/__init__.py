"""Two readings of the same filings side by side: every value compared, classified, counted, reported."""
