"""Checks of a record against itself: named rules, each with a verdict by evidence. Nothing is ever corrected."""
