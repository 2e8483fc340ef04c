"""The steps, one a version of the tables."""
