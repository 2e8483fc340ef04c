"""The first tables. No step leads to them: a database of this version was made by the program of its time."""

revision = "1"
down_revision = None


def upgrade() -> None:
    """Nothing."""
