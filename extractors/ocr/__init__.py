"""Text recognition behind a small door: an image in, words with boxes and scores out."""
