"""What is kept of readings and runs: the database and the files of records."""
