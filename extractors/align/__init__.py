"""Text dumps lose spans and shift rows: their texts, in order, are matched to the columns' roles again."""
