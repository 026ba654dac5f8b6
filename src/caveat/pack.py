"""A pack of compiled rules as a file: an index that every check reads, and parts of which it reads those it uses.

The first line is the index as JSON. Its licenses, entries and publishers are places in what follows: one number each, the start
times `_STEP` plus the length in bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_STEP = 2**24
"""No part is longer."""


def written(pack: Mapping[str, Any]) -> bytes:
    """Return the file of a pack whose licenses, entries and publishers are JSON texts; the same pack gives the same bytes."""
    texts: list[bytes] = []
    size = 0

    def placed(text: str) -> int:
        nonlocal size
        data = text.encode()
        texts.append(data)
        size += len(data)
        return (size - len(data)) * _STEP + len(data)

    index = {**pack, "licenses": {name: placed(text) for name, text in sorted(pack["licenses"].items())},
             "entries": [placed(text) for text in pack["entries"]], "models": placed(pack["models"]), "size": 0}
    index["size"] = size
    return json.dumps(index, sort_keys=True, separators=(",", ":")).encode() + b"\n" + b"".join(texts)


def read(path: str) -> dict[str, Any] | None:
    """Return the pack in a file with its parts under `parts`; None where it is none, or only a piece of one."""
    try:
        with open(path, "rb") as file:
            index = json.loads(file.readline())
            parts = file.read()
    except (OSError, ValueError):
        return None
    whole = isinstance(index, dict) and "digest" in index and index.get("size") == len(parts)
    return {**index, "parts": parts} if whole else None


def part(pack: Mapping[str, Any], found: Any) -> Any:
    """Return a license, an entry or the publishers of a pack: read from its file, compiled as text, or plain data."""
    if isinstance(found, int):
        start, length = divmod(found, _STEP)
        return json.loads(pack["parts"][start:start + length])
    return json.loads(found) if isinstance(found, str) else found
