"""Measurements: `python -m pipeline.bench` and its modules `scans`, `faults` and `archive`."""
