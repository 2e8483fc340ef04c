"""Draws forms whose layout is random too: which blocks they have, in which order, how labels stand to their values.

`words` draws synonyms out of the vocabulary, `grid` puts cells into one ruled table, `names` `money` `goals` `tasks`
`columns` `indicators` draw a block each, its truth and its rows; `form` puts blocks together, `office` prints them as
Word, Excel and HTML files (PDFs and dumps are printed as those of known layouts are), `trial` reads and judges them.
"""
