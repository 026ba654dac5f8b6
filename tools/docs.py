"""Write the generated parts of the documentation from the code and the rules.

Whole pages: docs/clauses.md and docs/licenses/*.md. The rule ids of new clauses join tests/ids.txt; none ever leaves it.
Blocks between `<!-- begin: name -->` and `<!-- end: name -->` in README.md and docs/manifest.md.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import io
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "fixtures" / "demo-support-assistant"
sys.path.insert(0, str(ROOT / "src"))

from caveat import figures, plugins, shapes  # noqa: E402
from caveat.catalogue import Rules, load_rules  # noqa: E402
from caveat.clause import Clause, Duty, Prohibition  # noqa: E402
from caveat.cli.main import main as caveat  # noqa: E402
from caveat.library import ClausePage, LicensePage, chapters, license_page  # noqa: E402
from caveat.license import License  # noqa: E402
from caveat.limits import LIMITS  # noqa: E402
from caveat.manifest import MANIFEST, PROJECT_FACTS  # noqa: E402
from caveat.vocabulary import Vocabulary  # noqa: E402

IDS = ROOT / "tests" / "ids.txt"
GENERATED = "<!-- Written by tools/docs.py: change the code or the rules, then run `make docs`. -->\n"

# What the keys mean that are no facts of rules/vocabulary/facts.yaml.
MEANINGS: Mapping[str, str] = {
    "version": "version of this format",
    "project": "name of the project",
    "as_of": "day of the audit; `--as-of` wins; absent: today",
    "extends": "another file whose keys hold where this file has none; lists and mappings are taken whole",
    "organization": "who uses the models",
    "organization.name": "name of the organization",
    "models": "the models that the project uses; an entry may be the id alone",
    "models.id": "hub id, purl, Ollama tag or vendor API id; may carry `@revision`",
    "models.outputs": "what is done with what the model writes",
    "models.safeguards": "safety measures around the model",
    "models.evidence": "files and places that show that a duty is met",
    "waivers": "accepted findings",
    "policy": "name of a packaged policy, or path of a policy file",
    "rules": "folders of further rule sets",
    "organization.litigation.role": "side on which the organization sues",
    "organization.litigation.against": "the other side",
    "organization.litigation.about": "models or licenses that the suit is about",
    "organization.litigation.alleging": "right that is said to be infringed",
    "organization.litigation.filed": "day of filing",
    "revenue.period": "a year, a month or a span; absent: a bound for every period",
    "revenue.amount": "amount in whole units, or a bound on it",
    "revenue.currency": "currency of the amount",
    "exchange_rates.from": "currency converted from",
    "exchange_rates.to": "currency converted to",
    "exchange_rates.rate": "units of `to` for one unit of `from`",
    "exchange_rates.date": "day of the rate",
    "intended_use.tag": "tag or alias of rules/vocabulary/uses.yaml",
    "terms.path": "file of the terms",
    "terms.passes_on": "licenses whose restrictions the terms pass on",
    "models.base.id": "the parent: a model id, or another model of this manifest",
    "models.base.relation": "how this model was made from the parent",
    "models.base.license": "license of a parent that the catalogue does not know",
    "models.outputs.train.id": "model that learns from this one",
    "models.outputs.train.kind": "kind of that model; the catalogue wins",
    "models.outputs.train.same_family": "whether it is of the same family; the catalogue wins",
    "models.outputs.train.competitive": "whether it competes with the licensor's models",
    "models.outputs.train.commercial": "whether it is used commercially",
    "models.outputs.train.distributed": "whether others get it or get to use it",
    "models.outputs.train.name": "name under which it is offered; absent: the id's last part",
    "models.separate_license.licensor": "who granted the agreement",
    "models.separate_license.reference": "name or number of the agreement",
    "models.separate_license.covers": "clause kinds that the agreement lifts",
    "models.separate_license.from": "first day",
    "models.separate_license.until": "last day",
    "models.registration.done": "whether the use was registered",
    "models.registration.on": "day of the registration",
    "models.registration.reference": "its number",
    "models.evidence.attribution.text": "the phrase as readers see it",
    "models.evidence.attribution.where": "kind of place",
    "models.evidence.attribution.path": "file that shows it",
    "models.evidence.attribution.url": "address that shows it",
    "waivers.rule": "rule that is waived, as the report names it",
    "waivers.model": "model it is waived for; absent: all",
    "waivers.reason": "why the finding is acceptable",
    "waivers.owner": "who answers for it",
    "waivers.approved_by": "who approved it",
    "waivers.until": "last day",
    "waivers.digest": "digest of the finding that was accepted",
    "waivers.evidence": "link or path that supports it",
}
COMPARED = ("apache-2.0", "llama-3.3", "llama-4", "gemma-terms-2025-03-24", "mrl-0.1")
"""The licenses of the table in the README."""
_SAME_SHAPE = {"product_revenue": "revenue"}


def main() -> int:
    """Write what is stale; with --check tell only whether something is. Returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when something is stale")
    check: bool = parser.parse_args().check
    made = pages(load_rules())
    surplus = sorted(path for path in (ROOT / "docs" / "licenses").glob("*.md") if path not in made)
    stale = [path for path, text in made.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path in [*stale, *surplus]:
        print(f"{'stale' if check else 'written' if path in made else 'removed'}: {path.relative_to(ROOT)}", file=sys.stderr)
    if check:
        return int(bool(stale or surplus))
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(made[path], encoding="utf-8")
    for path in surplus:
        path.unlink()
    return 0


def pages(rules: Rules) -> dict[Path, str]:
    """Return every file with generated parts, with the text it should have."""
    docs = ROOT / "docs"
    licenses = [rules.license(license_id) for license_id in rules.license_ids]
    made = {docs / "licenses" / f"{one.id}.md": _license(license_page(one)) for one in licenses}
    made[docs / "licenses" / "README.md"] = _license_list(licenses)
    made[docs / "clauses.md"] = _clauses(licenses)
    made[IDS] = _ids(licenses)
    made[docs / "manifest.md"] = _filled(docs / "manifest.md", {"keys": _keys(rules.vocabulary)})
    made[ROOT / "README.md"] = _filled(ROOT / "README.md", {
        "demo": _block(re.sub("sha256:[0-9a-f]+", "sha256:…", _printed(["check", "--as-of", "2026-11-22"], DEMO))),
        "help": _block(_printed(["--help"])),
        "check-help": _block(_printed(["check", "--help"])),
        "licenses": _known(licenses),
        "limits": "".join(f"- {limit}\n" for limit in LIMITS),
        "compare": _printed(["compare", *COMPARED, "--format", "markdown"]),
    })
    return made


def _ids(licenses: list[License]) -> str:
    """Return the list of rule ids with those of new clauses: an id that was published is never taken away here."""
    known = set(IDS.read_text(encoding="utf-8").split())
    found = {f"{one.id}/{clause.name}" for one in licenses for clause in one.clauses}
    return "".join(f"{name}\n" for name in sorted(known | found))


# -- blocks in pages written by hand ---------------------------------------------------------------------------------


def _filled(path: Path, blocks: Mapping[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for name, made in blocks.items():
        begin, end = f"<!-- begin: {name} -->\n", f"<!-- end: {name} -->\n"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"{path.name} needs one block '{name}'")
        before, rest = text.split(begin)
        text = before + begin + made + end + rest.split(end)[1]
    return text


def _block(text: str) -> str:
    return f"```text\n{text.rstrip()}\n```\n"


def _printed(arguments: list[str], folder: Path = ROOT) -> str:
    """Return what the program prints, on a terminal of 80 columns without colors."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    kept = {name: os.environ.get(name) for name in ("COLUMNS", "FORCE_COLOR")}
    os.environ["COLUMNS"] = "80"
    os.environ.pop("FORCE_COLOR", None)
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
            caveat(arguments)
    finally:
        os.environ.update({name: value for name, value in kept.items() if value is not None})
        if kept["COLUMNS"] is None:
            del os.environ["COLUMNS"]
    out.flush()
    out.seek(0)
    return out.read()


def _known(licenses: list[License]) -> str:
    read = Counter(license.source.evidence for license in licenses)
    clauses = sum(len(license.clauses) for license in licenses)
    return f"""\
{len(licenses)} rule sets with {clauses} clauses, listed in [docs/licenses](docs/licenses/README.md): {read["text"]} read from the
whole text, {read["partial"]} from parts of it, {read["secondary"]} from descriptions. What was not read whole gives at most
`review`.
"""


# -- the manifest ----------------------------------------------------------------------------------------------------


def _keys(vocabulary: Vocabulary) -> str:
    return "\n".join(_structs("", MANIFEST, vocabulary))


def _structs(name: str, struct: shapes.Struct, vocabulary: Vocabulary) -> Iterator[str]:
    """Give one table for a mapping and, after it, one for each mapping inside it."""
    title = f"### `{name}`" if name else "### The file"
    yield f"{title}\n\n| key | value | meaning |\n|---|---|---|"
    inner: list[tuple[str, shapes.Struct]] = []
    for key, shape in struct.keys.items():
        path = f"{name}.{key}" if name else key
        must = " (required)" if key in struct.required else ""
        if name == "models" and key in PROJECT_FACTS:
            continue
        yield f"| `{key}`{must} | {_cell(_described(shape))} | {_cell(_meaning(path, vocabulary))} |"
        found = _inner(shape)
        if found and path not in _SAME_SHAPE:
            inner.append((path, found))
    if name == "models":
        yield f"\nFor one model alone, as above: {', '.join(f'`{key}`' for key in PROJECT_FACTS)}."
    yield ""
    for path, found in inner:
        yield from _structs(path, found, vocabulary)


def _inner(shape: Any) -> shapes.Struct | None:
    if isinstance(shape, shapes.Struct):
        return shape
    nested = getattr(shape, "item", None) or getattr(shape, "shape", None)
    return _inner(nested) if nested is not None else None


def _meaning(path: str, vocabulary: Vocabulary) -> str:
    fact = vocabulary.facts.get(path.removeprefix("models."))
    if fact:
        return fact.meaning
    if path not in MEANINGS:
        raise ValueError(f"tools/docs.py: say in MEANINGS what {path} means")
    return MEANINGS[path]


def _described(shape: Any) -> str:
    """Say in words what a value may be."""
    if type(shape) not in _WORDS:
        raise ValueError(f"tools/docs.py: no words for {type(shape).__name__}")
    return _WORDS[type(shape)](shape)


_WORDS: Mapping[type, Callable[[Any], str]] = {
    shapes.Text: lambda shape: str(shape.like),
    figures.Period: lambda shape: str(shape.like),
    shapes.Word: lambda shape: " · ".join(f"`{word}`" for word in shape.words),
    shapes.Flag: lambda shape: "`true` or `false`",
    shapes.Day: lambda shape: "date, YYYY-MM-DD",
    figures.Bounded: lambda shape: "whole number, `1.2M`, or `{at_most: n}` / `{at_least: n}`",
    figures.MonthlyFigures: lambda shape: "number of the latest month; `{at_most: n}` or `{at_least: n}` for every month; or a "
                                         "mapping of months (YYYY-MM) to either",
    figures.Rate: lambda shape: "number above zero",
    shapes.Country: lambda shape: "ISO 3166-1 alpha-2 code",
    shapes.Region: lambda shape: "ISO 3166-1 alpha-2 code, `EU`, `EEA` or `worldwide`",
    shapes.OrWord: lambda shape: f"`{shape.word}`, or {_described(shape.shape)}",
    shapes.ListOf: lambda shape: ("`none`, or " if shape.none else "") + f"list: {_described(shape.item)}"
                                 + ("; or one alone" if shape.single else ""),
    shapes.Struct: lambda shape: "mapping, below" + (f"; or the {shape.short} alone" if shape.short else ""),
}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# -- clause kinds ----------------------------------------------------------------------------------------------------


def _clauses(licenses: list[License]) -> str:
    """Return one section a clause kind."""
    parts = [GENERATED, "# Clause kinds\n",
             "A clause kind is the meaning that clauses of different licenses share. A rule file names the kind, the section of\n"
             "the license, and the kind's keys. A **prohibition** is breached or not, a **duty** is owed or not and met or not,\n"
             "**information** decides nothing by itself. How each is judged stands in\n"
             "[manifest.md](manifest.md#how-a-clause-is-judged).\n", "## Every clause\n", _tidy(Clause) + "\n"]
    for kind in plugins.names("clauses"):
        cls = plugins.clause_kind(kind)
        users = [license.id for license in licenses if any(clause.kind == kind for clause in license.clauses)]
        named = ", ".join(f"[{name}](licenses/{name}.md)" for name in users) or "no license yet"
        keys = ", ".join(f"`{name.rstrip('_')}`" for name in _own_keys(cls))
        parts += [f"## {kind}\n", f"{_sort(cls)}, {cls.default_severity} unless the license says otherwise.\n", _tidy(cls) + "\n",
                  f"Keys: {keys}.\n" if keys else "No keys of its own.\n", f"Used by {named}.\n"]
    return "\n".join(parts)


def _own_keys(cls: type) -> list[str]:
    """Return the keys of a kind beside those of every clause."""
    return [name for name in cls._fields if name not in Clause._fields]  # type: ignore[attr-defined]


def _tidy(cls: type) -> str:
    """Return a class's manual page."""
    return inspect.cleandoc(cls.__doc__ or "")


def _sort(cls: type) -> str:
    return "Prohibition" if issubclass(cls, Prohibition) else "Duty" if issubclass(cls, Duty) else "Information"


# -- licenses --------------------------------------------------------------------------------------------------------


_EVIDENCE = {
    "text": "the license text",
    "partial": "parts of the license text, so that its clauses give at best a review",
    "secondary": "descriptions at second hand, so that its clauses give at best a review",
}


def _license_list(licenses: list[License]) -> str:
    rows = [f"| [{license.id}]({license.id}.md) | {_cell(license.name)} | {license.licensor.name if license.licensor else ''} | "
            f"{license.released} | {license.source.evidence} |" for license in licenses]
    head = ["| id | license | licensor | released | read from |", "|---|---|---|---|---|"]
    return "\n".join([GENERATED, "# Licenses\n", *head, *rows, ""])


def _license(license: LicensePage) -> str:
    """Return the page of one license: what it allows, forbids and asks for, section by section."""
    parts = [GENERATED, f"# {license.name}\n", *_facts(license),
             "This page is what the rule set says, in our own words. It is no legal advice and does not replace the license.\n"]
    for title, clauses in chapters(license).items():
        parts += [f"## {title}\n", *map(_clause, clauses)]
    return "\n".join(parts)


def _facts(license: LicensePage) -> Iterator[str]:
    yield f"- rule set: `{license.id}`" + (f", SPDX `{license.spdx}`" if license.spdx else "")
    names = [name for name in license.names if name not in (license.id, license.spdx)]
    if names:
        yield f"- also declared as: {', '.join(f'`{name}`' for name in names)}"
    if license.licensor:
        yield f"- licensor: {license.licensor}"
    if license.released:
        yield f"- released: {license.released}"
    yield f"- OSI approved: {'yes' if license.osi_approved else 'no'}"
    yield f"- read on {license.read_on} from {_EVIDENCE[license.evidence]}: <{license.url}>"
    if license.digest:
        yield f"- digest of its words: `{license.digest}`"
    if license.policy_url:
        yield f"- incorporated use policy, read on {license.policy_read_on}: <{license.policy_url}>"
    if license.note:
        yield f"- note: {' '.join(license.note.split())}"
    yield ""


def _clause(clause: ClausePage) -> str:
    kind = f"[{clause.kind}](../clauses.md#{clause.kind})"
    says = " ".join(clause.says.split())
    lines = [f"### {clause.rule}\n", f"Section {clause.section} · {kind} · {clause.severity}\n", f"{says}\n"]
    stated = {"Checked": clause.checked, "When": clause.when.removeprefix("when "), "Open": " ".join(clause.readings.split()),
              "To do": clause.remedy}
    lines += [f"{title}: {text}\n" for title, text in stated.items() if text]
    if clause.prescribed:
        lines.append("".join(f"> {text}\n" for text in clause.prescribed))
    if clause.uses:
        cells = [(use.tag, use.state, _cell(use.section), _cell(" ".join(use.detail.split()))) for use in clause.uses]
        rows = [f"| {' | '.join(row)} |" for row in cells]
        lines.append("\n".join(["| use | | section | |", "|---|---|---|---|", *rows, ""]))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
