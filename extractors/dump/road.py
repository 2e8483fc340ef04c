"""The road of text dumps: whatever is nothing else is text, or is refused as none."""

from __future__ import annotations

from extractors.dump.align import align_blocks
from extractors.dump.lines import read_lines
from extractors.encoding import decode
from extractors.formats import Aids, Intake, Look
from schemas.model import Document, Reader


def is_dump(look: Look) -> bool:
    """Anything may be a dump; its encoding is tried when it is read."""
    return True


def read_dump(intake: Intake, aids: Aids) -> Document:
    """The lines and tables of a text dump. Raises NotText."""
    text, encoding = decode(intake.path.read_bytes())
    blocks = align_blocks(read_lines(text), aids.words)
    return Document(intake.shown, intake.sha256, Reader.DUMP, 0, blocks, (f"encoding {encoding}",))
