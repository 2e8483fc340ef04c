"""JSON pointers (RFC 6901): how a key stands in one, and the keys of one."""

from __future__ import annotations


def escaped(key: str) -> str:
    """A key as it stands in a pointer."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def pointer(*keys: str | int) -> str:
    """A pointer from its keys, outermost first."""
    plain = "/".join(map(str, keys))
    if "~" in plain or plain.count("/") >= len(keys):  # a key holds what has to be escaped
        return "".join("/" + escaped(str(key)) for key in keys)
    return f"/{plain}"


def parts(pointer: str) -> list[str]:
    """The keys of a pointer, outermost first; [] for the whole record."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
