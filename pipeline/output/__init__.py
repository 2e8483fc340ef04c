"""Records given back to people and programs."""
