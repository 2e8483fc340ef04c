"""Tables that a source marks as tables: their cells with spans, laid out as the eye sees them, for every road."""
