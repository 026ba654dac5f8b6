"""Write rules/fingerprints.json from a folder of license texts, as rules/texts.yaml lists them.

The texts themselves are not part of this repository; only their digests and shingles are.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from caveat.fingerprints import WINDOW, Slot, fingerprint  # noqa: E402


def main() -> int:
    """Write the fingerprints, or with --check tell whether they are current; returns the exit code."""
    arguments = _arguments()
    output: Path = arguments.output
    made = rendered(fingerprints(arguments.list, arguments.folder))
    current = output.read_text(encoding="utf-8") if output.exists() else ""
    if arguments.check:
        if made != current:
            print(f"{output.name} is stale: run tools/fingerprint.py {arguments.folder}", file=sys.stderr)
        return int(made != current)
    write(output, made)
    print(f"{output.name}: {len(made) / 1000:.0f} kB")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="where the texts lie that the list names")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the fingerprints are stale")
    parser.add_argument("--list", type=Path, default=ROOT / "rules" / "texts.yaml", help="what to fingerprint")
    parser.add_argument("--output", type=Path, default=ROOT / "rules" / "fingerprints.json")
    return parser.parse_args()


def fingerprints(listing: Path, folder: Path) -> list[dict[str, Any]]:
    """Give the fingerprints of all listed texts, in the order of the list; raises ValueError where two contradict."""
    entries = yaml.safe_load(listing.read_text(encoding="utf-8"))
    return merged(_one(entry, folder) for entry in entries)


def _one(entry: dict[str, Any], folder: Path) -> dict[str, Any]:
    options = {key: value for key, value in entry.items() if key not in ("license", "file", "slots")}
    slots = [Slot(**slot) for slot in entry.get("slots", ())]
    text = (folder / entry["file"]).read_text(encoding="utf-8")
    try:
        return fingerprint(text, license_id=entry["license"], slots=slots, **options)
    except ValueError as error:
        raise ValueError(f"{entry['file']}: {error}") from None


def merged(texts: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the texts with those of the same words made one, under the first edition, with the layouts of all."""
    unique: dict[str, dict[str, Any]] = {}
    for text in texts:
        words = json.dumps(text["segments"])
        first = unique.setdefault(words, text)
        if (first["license"], first["part"]) != (text["license"], text["part"]):
            raise ValueError(f"{first['license']} and {text['license']} have the same words")
        first["raws"] = sorted({*first["raws"], *text["raws"]})
    return list(unique.values())


def rendered(texts: list[dict[str, Any]]) -> str:
    """Give the JSON document, one text a line."""
    lines = ",\n".join(json.dumps(text, separators=(",", ":"), ensure_ascii=False) for text in texts)
    return f'{{"version":1,"window":{WINDOW},"texts":[\n{lines}\n]}}\n'


def write(path: Path, text: str) -> None:
    """Replace a file in one step, so that no reader sees half of it."""
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, path)


if __name__ == "__main__":
    sys.exit(main())
