"""Pictures of pages, from the original files, as the boxes of what was read on them are counted."""
