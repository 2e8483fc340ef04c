"""Libraries of a screen that a machine without one has not: libGL and glib, which OpenCV's windows would use.

The OpenCV that the engine's library asks for by name is the one with windows. It is linked to Qt, and Qt to libGL and
glib, so it cannot be loaded in a slim container or on a server, although nothing here opens a window. Of those three
libraries Qt takes functions alone, each looked up when it is called first: an empty library of the same name is enough
to load it. One is made in memory for each that the system lacks, and only for this process; one that is there is used.
Who opened a window nevertheless would end the process with the name of the function that is missing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path

NAMES = ("libGL.so.1", "libgthread-2.0.so.0", "libglib-2.0.so.0")
MACHINES = {"x86_64": 62, "aarch64": 183}  # as ELF numbers them; both are of 64 bits, low byte first

HEADER, SEGMENT, SYMBOL, ENTRY = 64, 56, 24, 16  # bytes
PAGE = 0x10000  # the largest page of both machines
LOAD, DYNAMIC, STACK = 1, 2, 0x6474E551  # kinds of segments
READ_WRITE = 6  # the loader writes into the table; a library that says nothing of the stack would ask for one that runs
END, HASH, STRINGS, SYMBOLS, STRINGS_SIZE, SYMBOL_SIZE, SONAME = 0, 4, 5, 6, 10, 11, 14  # entries of that table


def lend_screen(package: str = "cv2", names: Collection[str] = NAMES) -> list[str]:
    """Load the native library of an installed package, with empty ones in place of what the system lacks of `names`;
    returns those. Where that is not enough, importing the package says why. Linux alone; elsewhere nothing is done."""
    if package in sys.modules:
        return []
    try:
        spec = find_spec(package)
    except ImportError:
        return []
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    natives = sorted(native for place in places for native in Path(place).glob(f"{package}*.so"))
    machine = MACHINES.get(platform.machine())
    lent: list[str] = []
    if machine is None or not natives or not hasattr(os, "memfd_create"):
        return lent
    while (lacking := _lacking(natives[0], names)) is not None and lacking not in lent:
        if not _lend(empty_library(lacking, machine), lacking):
            break
        lent.append(lacking)
    return lent


def _lacking(native: Path, names: Collection[str]) -> str | None:
    """The library for want of which a native one cannot be loaded; None where it can be, or lacks something else."""
    wrong = _loaded(str(native))
    return None if wrong is None else next((name for name in names if wrong.startswith(f"{name}:")), None)


def _lend(library: bytes, name: str) -> bool:
    """Load a library from memory, whatever the disk allows. Its file stays open: the loader knows it by the number."""
    file = os.memfd_create(name)
    os.write(file, library)
    return _loaded(f"/proc/self/fd/{file}") is None


def _loaded(place: str) -> str | None:
    """Load a library, each function of it when it is called first, which ctypes would not; what is wrong, None where
    nothing is."""
    loader = ctypes.CDLL(None)
    loader.dlopen.restype, loader.dlopen.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
    loader.dlerror.restype = ctypes.c_char_p
    if loader.dlopen(os.fsencode(place), os.RTLD_LAZY):
        return None
    return os.fsdecode(loader.dlerror() or b"")


def empty_library(name: str, machine: int) -> bytes:
    """A shared library of this name for a machine, by ELF's number, that holds nothing."""
    strings = b"\0" + name.encode() + b"\0"
    symbols = bytes(SYMBOL)  # the first symbol is none
    table_of_hashes = struct.pack("<4I", 1, 1, 0, 0)  # one chain, which begins and ends with that symbol
    symbols_at = HEADER + 3 * SEGMENT
    hashes_at = symbols_at + len(symbols)
    table_at = hashes_at + len(table_of_hashes)
    entries = 7
    strings_at = table_at + entries * ENTRY
    size = strings_at + len(strings)
    table = b"".join(
        struct.pack("<2Q", tag, value)
        for tag, value in (
            (SONAME, 1),
            (HASH, hashes_at),
            (STRINGS, strings_at),
            (SYMBOLS, symbols_at),
            (STRINGS_SIZE, len(strings)),
            (SYMBOL_SIZE, SYMBOL),
            (END, 0),
        )
    )
    shared, version = 3, 1
    kind = b"\x7fELF" + bytes((2, 1, 1)) + bytes(9)  # 64 bits, low byte first, this version of ELF
    header = kind + struct.pack("<2HI3QI6H", shared, machine, version, 0, HEADER, 0, 0, HEADER, SEGMENT, 3, 64, 0, 0)
    segments = _segment(LOAD, 0, size, PAGE) + _segment(DYNAMIC, table_at, len(table), 8) + _segment(STACK, 0, 0, 16)
    return header + segments + symbols + table_of_hashes + table + strings


def _segment(kind: int, at: int, size: int, alignment: int) -> bytes:
    """A line of the list of segments; what is in the file stands at the same place in memory."""
    return struct.pack("<2I6Q", kind, READ_WRITE, at, at, at, size, size, alignment)
