"""The language of the forms: its words, its ways to write values, and the forms under which texts are compared."""
