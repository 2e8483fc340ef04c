"""From a form's tables and lines to a record: fields, choices, money tree, indicators. Knows nothing of pages."""
