"""Scanned pages: straightened, cleaned of seals and shadows, read as ink: rules, words with scores, ticks."""
