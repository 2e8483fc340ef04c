"""The rules, one module for what they look at: sums of money, points, targets, structure, form of single values."""
