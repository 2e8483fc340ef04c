"""Files whose tables are marked as tables: Word, Excel and web pages, read into the same blocks as any page."""
