"""From tables to a checked record; nothing here knows a database."""
