"""Write the JSON Schemas into rules/schema/, or with --check say which are stale (exit code 1)."""

from __future__ import annotations

import argparse
from pathlib import Path

from caveat.schemas import schemas

FOLDER = Path(__file__).parents[1] / "rules" / "schema"


def main() -> int:
    """Write or check every schema file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when a file is stale")
    check = parser.parse_args().check
    FOLDER.mkdir(exist_ok=True)
    found = schemas()
    stale = [name for name, text in found.items() if not (FOLDER / name).exists() or (FOLDER / name).read_text("utf-8") != text]
    for name in stale:
        if check:
            print(f"{FOLDER.name}/{name} is stale; run `make schema`")
        else:
            (FOLDER / name).write_text(found[name], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
