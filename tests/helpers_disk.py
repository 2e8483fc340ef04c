"""A disk on which the power goes at a given step: it keeps what it was told to keep, and of the rest what it likes."""

from __future__ import annotations

import os
import random
from pathlib import Path
from threading import RLock
from typing import Protocol

from pipeline.archive import disk

os_fsync, os_replace = os.fsync, os.replace


class Patch(Protocol):
    """What puts something in the place of an attribute."""

    def setattr(self, target: object, name: str, value: object) -> None: ...


class PowerLoss(BaseException):
    """The machine is without power from here on."""


class Disk:
    """A disk below `out` whose power goes at step `end`: a sync or a renaming of the program."""

    def __init__(self, out: Path, end: int, draw: random.Random) -> None:
        self.out, self.end, self.draw = out, end, draw
        self.step = 0
        self.unsafe: dict[Path, bytes | None] = {}  # paths whose last content may be lost, and what was there before
        self.one_at_a_time = RLock()  # files of one folder are written by several threads

    def take_over(self, patch: Patch) -> None:
        """Be the disk that the program writes records to."""
        patch.setattr(disk.os, "fsync", self.fsync)
        patch.setattr(disk.os, "replace", self.replace)

    def next(self) -> None:
        self.step += 1
        if self.step == self.end:
            self.lose()
        if self.step >= self.end:
            raise PowerLoss

    def lose(self) -> None:
        for path, before in self.unsafe.items():
            if self.draw.random() < 0.5 and path.exists():
                if before is None:
                    path.unlink()
                else:
                    path.write_bytes(before)

    def fsync(self, handle: int) -> None:
        with self.one_at_a_time:
            self.next()
            os_fsync(handle)
            path = Path(f"/proc/self/fd/{handle}").readlink()
            if path.is_dir():
                self.unsafe = {p: was for p, was in self.unsafe.items() if p.parent != path}
            else:
                self.unsafe.pop(path, None)

    def replace(self, source: Path, target: Path) -> None:
        self.next()
        before = target.read_bytes() if target.is_file() else None
        if source in self.unsafe:  # its name would come before its content: the worst that a disk may do
            source.write_bytes(b"")
        os_replace(source, target)
        self.unsafe[target] = before
