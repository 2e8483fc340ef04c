"""The way from the tables of an older version to ours, by Alembic; `schemas.tables.upgrade_schema` goes it.

A change of the tables is a new module in `versions`, numbered like `SCHEMA_VERSION`. It writes out what it makes
and imports no table: those of `schemas.tables` will have changed again when it still has to do the same.
Views are dropped before and made anew after all steps, so a step says nothing of them, but of one that goes; nor
does it reword the remark of a column, which reaches PostgreSQL by itself and cannot change in a table of SQLite.
"""
