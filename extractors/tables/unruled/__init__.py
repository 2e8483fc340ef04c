"""Forms without upright rules: their columns, rows and merged names are told from where their texts stand."""
