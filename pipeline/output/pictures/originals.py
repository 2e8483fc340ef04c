"""Where the original of what was read stands: only a file with the very content counts, whatever paths are known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from extractors.intake import digest
from extractors.refusals import CannotRead


class NoOriginal(Exception):
    """The original file, or the page of it, cannot be shown; the message says why and what to do."""


class Originals:
    """The archive's folders. Nothing outside of them is ever opened, whatever paths a database holds."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = [folder.resolve() for folder in folders]
        self._contents = _Contents()

    def find(self, paths: Sequence[str], sha256: str) -> Path:
        """The file that was known by one of these paths, if its content is still the same. Raises NoOriginal.

        A path counts below a folder of the archive, below a folder directly in it, as it stands, and below the folders
        that the archive's stands in: a run in another folder knew it so.
        """
        candidates = self._candidates(paths)
        original = self._contents.pick(candidates, sha256)
        if original is not None:
            return original
        if candidates:
            raise NoOriginal(f"{candidates[-1].name} is not the file that was read: its content has changed since")
        where = ", ".join(map(str, self.folders))
        raise NoOriginal(f"the original {paths[0]} is not in {where}; name its folder with --files")

    def _candidates(self, paths: Sequence[str]) -> list[Path]:
        candidates: list[Path] = []
        for folder in self.folders:
            try:
                inner = [folder, *sorted(p for p in folder.iterdir() if p.is_dir())]
            except OSError:
                continue  # a missing folder holds nothing; `find` names it
            places = [*inner, Path(), *folder.parents]
            for path in paths:
                for candidate in (place / path for place in places):
                    try:
                        real = candidate.resolve()
                        if real.is_relative_to(folder) and real.is_file() and real not in candidates:
                            candidates.append(real)
                    except (OSError, ValueError):
                        continue  # a name that the system cannot have is no file
        return candidates


class Filings:
    """Finds the filings that a reading came from: below a folder by their names, else where their paths lead."""

    def __init__(self, folder: Path | None) -> None:
        self._by_name: defaultdict[str, list[Path]] = defaultdict(list)
        if folder is not None:
            for path in sorted(p for p in folder.rglob("*") if p.is_file()):
                self._by_name[path.name].append(path)
        self._contents = _Contents()

    def find(self, path: str, sha256: str | None) -> Path | None:
        """The filing, None where it cannot be found."""
        given = Path(path)
        return None if sha256 is None else self._contents.pick([*self._by_name.get(given.name, []), given], sha256)


class _Contents:
    """Which content files have; each is hashed once, as long as it is not changed."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int, int], str] = {}

    def pick(self, candidates: Iterable[Path], sha256: str) -> Path | None:
        """The first of the files that has this content."""
        return next((path for path in candidates if self._digest(path) == sha256), None)

    def _digest(self, path: Path) -> str | None:
        try:
            if not path.is_file():
                return None
            state = path.stat()
            key = (str(path), state.st_size, state.st_mtime_ns)
            if key not in self._known:
                self._known[key] = digest(path)
            return self._known[key]
        except (OSError, ValueError, CannotRead):
            return None  # what cannot be opened is not the file that we look for
