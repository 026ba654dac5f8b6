"""Write the generated parts of the documentation from the code and the rules.

Whole pages: docs/clauses.md and docs/licenses/*.md. Blocks between `<!-- begin: name -->` and `<!-- end: name -->` in
README.md and docs/manifest.md.
"""

from __future__ import annotations

import argparse
import contextlib
import inspect
import io
import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "fixtures" / "demo-support-assistant"
sys.path.insert(0, str(ROOT / "src"))

from caveat import figures, plugins, shapes  # noqa: E402
from caveat.catalogue import Rules, compiled_pack, load_rules  # noqa: E402
from caveat.clause import Clause, Duty, Information, Prohibition  # noqa: E402
from caveat.cli.main import main as caveat  # noqa: E402
from caveat.license import License  # noqa: E402
from caveat.manifest import MANIFEST, PROJECT_FACTS  # noqa: E402
from caveat.vocabulary import Vocabulary  # noqa: E402

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
    files = compiled_pack(str(ROOT / "rules"))["licenses"]
    made = {docs / "licenses" / f"{one.id}.md": _license(one, files[one.id]["clauses"]) for one in licenses}
    made[docs / "licenses" / "README.md"] = _license_list(licenses)
    made[docs / "clauses.md"] = _clauses(licenses)
    made[docs / "manifest.md"] = _filled(docs / "manifest.md", {"keys": _keys(rules.vocabulary)})
    made[ROOT / "README.md"] = _filled(ROOT / "README.md", {
        "demo": _block(re.sub("sha256:[0-9a-f]+", "sha256:…", _printed(["check", "--as-of", "2026-11-22"], DEMO))),
        "help": _block(_printed(["--help"])),
        "check-help": _block(_printed(["check", "--help"])),
        "licenses": _known(licenses),
    })
    return made


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
    named = [f"[{license.id}](docs/licenses/{license.id}.md)" for license in licenses]
    return f"{len(licenses)} rule sets: {', '.join(named)}.\n"


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


def _license(license: License, clauses: Sequence[Mapping[str, Any]]) -> str:
    """Return the page of one license: what it allows, forbids and asks for, section by section; `clauses` as files state them."""
    stated = dict(zip((clause.name for clause in license.clauses), clauses, strict=True))
    allows = [c for c in license.clauses if isinstance(c, Information) and "grant" in c.name]
    forbids = [c for c in license.clauses if isinstance(c, Prohibition)]
    owes = [c for c in license.clauses if isinstance(c, Duty)]
    rest = [c for c in license.clauses if c not in (*allows, *forbids, *owes)]
    parts = [GENERATED, f"# {license.name}\n", *_facts(license),
             "This page is what the rule set says, in our own words. It is no legal advice and does not replace the license.\n"]
    for title, group in (("Allows", allows), ("Forbids", forbids), ("Asks for", owes), ("To know", rest)):
        if group:
            parts += [f"## {title}\n", *(_clause(license, clause, stated[clause.name]) for clause in group)]
    return "\n".join(parts)


def _facts(license: License) -> Iterator[str]:
    source = license.source
    yield f"- rule set: `{license.id}`" + (f", SPDX `{license.spdx}`" if license.spdx else "")
    names = [*license.aliases.hub, *license.aliases.spdx, *license.aliases.names]
    if names:
        yield f"- also declared as: {', '.join(f'`{name}`' for name in names)}"
    if license.licensor:
        also = f" ({', '.join(license.licensor.aliases)})" if license.licensor.aliases else ""
        yield f"- licensor: {license.licensor.name}{also}"
    if license.released:
        yield f"- released: {license.released}"
    yield f"- OSI approved: {'yes' if license.osi_approved else 'no'}"
    yield f"- read on {source.read_on} from {_EVIDENCE[source.evidence]}: <{source.url}>"
    if license.policy:
        yield f"- incorporated use policy, read on {license.policy.read_on}: <{license.policy.url}>"
    if license.note:
        yield f"- note: {license.note}"
    yield ""


def _clause(license: License, clause: Clause, stated: Mapping[str, Any]) -> str:
    severity = clause.severity or clause.default_severity
    lines = [f"### {license.id}/{clause.name}\n",
             f"Section {clause.section} · [{clause.kind}](../clauses.md#{clause.kind}) · {severity}\n",
             f"{' '.join((clause.says or _first(type(clause))).split())}\n"]
    settings = [f"`{key}: {value}`" for key, value in _settings(clause, stated) if not isinstance(value, dict)]
    if settings:
        lines.append(f"Checked with {', '.join(settings)}.\n")
    for key, value in _settings(clause, stated):
        if isinstance(value, dict):
            lines.append(_table(key, value))
    if clause.readings:
        lines.append(f"Open: {' '.join(clause.readings.split())}\n")
    remedy = clause.remedy or clause.default_remedy
    if remedy and clause.binds:
        lines.append(f"To do: {remedy}\n")
    return "\n".join(lines)


def _first(cls: type) -> str:
    return _tidy(cls).split("\n", 1)[0]


def _settings(clause: Clause, stated: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Give the kind's own keys that a rule file states, as it writes them."""
    for name in _own_keys(type(clause)):
        if name in stated:
            yield name.rstrip("_"), stated[name] if isinstance(stated[name], dict) else _written(stated[name])


def _written(value: Any) -> str:
    """Return a value as a rule file writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return f"{value:_}" if isinstance(value, int) else str(value)


def _table(key: str, value: Mapping[str, Any]) -> str:
    rows = [f"| {name} | {_cell(_entry(entry))} |" for name, entry in sorted(value.items())]
    return "\n".join([f"| {key} | |", "|---|---|", *rows, ""])


def _entry(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return "; ".join(f"{key}: {' '.join(str(value).split())}" for key, value in entry.items())
    return ", ".join(map(str, entry)) if isinstance(entry, tuple | list) else str(entry)


if __name__ == "__main__":
    sys.exit(main())
