"""The tables of the database. Every table and column says what it holds, in SQLite too."""

from schemas.tables.archive import Failure, File, FileAlias, Meta, Run, RunFile
from schemas.tables.base import PATH_SEPARATOR, Base
from schemas.tables.reading import (
    Cell,
    Check,
    Choice,
    Field,
    Finding,
    Form,
    Fund,
    Indicator,
    IndicatorValue,
    IndicatorWeight,
    Origin,
    Risk,
    Table,
    Task,
    TaskAmount,
    TextLine,
)
from schemas.tables.review import Review, Sample, SampleItem
from schemas.tables.schema import SCHEMA_VERSION, create_schema, upgrade_schema, version_of
from schemas.tables.views import VIEWS

__all__ = [
    "PATH_SEPARATOR",
    "SCHEMA_VERSION",
    "VIEWS",
    "Base",
    "Cell",
    "Check",
    "Choice",
    "Failure",
    "Field",
    "File",
    "FileAlias",
    "Finding",
    "Form",
    "Fund",
    "Indicator",
    "IndicatorValue",
    "IndicatorWeight",
    "Meta",
    "Origin",
    "Review",
    "Risk",
    "Run",
    "RunFile",
    "Sample",
    "SampleItem",
    "Table",
    "Task",
    "TaskAmount",
    "TextLine",
    "create_schema",
    "upgrade_schema",
    "version_of",
]
