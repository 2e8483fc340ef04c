"""Draws filings with known truth: first a record of random values, then the form that prints it.

`draw` makes records, `layouts` lays them out as the forms of each family do, `pdf`, `scan` and `dump` print the layout,
`broken` breaks files, `archive` writes a folder of all of them with its truth, `judge` holds a run against the truth.
"""
