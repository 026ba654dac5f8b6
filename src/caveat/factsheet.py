"""The fact sheet: every statement of a manifest and what the catalogue adds, one line each, with who made it where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from caveat.figures import Monthly
from caveat.manifest import Fact, Manifest, Record
from caveat.report import ReportedFact
from caveat.term import Resolved


def fact_sheet(manifest: Manifest, models: Sequence[Resolved]) -> tuple[ReportedFact, ...]:
    """Return the facts of the project, then those of each model: as the manifest states them, then as the catalogue knows them."""
    found = list(_stated("", manifest.facts.values()))
    for model in models:
        found += _stated(model.use.id, model.use.facts.values())
        found += _catalogued(model)
    return tuple(found)


def _stated(model: str, facts: Iterable[Fact]) -> Iterator[ReportedFact]:
    for fact in sorted(facts, key=lambda fact: fact.name):
        source = "manifest" if fact.path else "catalogue"
        for value, detail, line in _parts(fact.value):
            yield ReportedFact(model, fact.name, value, detail, source, fact.path, line or fact.line)


def _parts(value: Any) -> Iterator[tuple[str | int | bool, str, int | None]]:
    """Give what a fact states piece by piece, each with its month and its line: figures by month, records one by one."""
    if isinstance(value, Monthly):
        for label, stated in (("every month", value.every), *value.months, ("latest month", value.latest)):
            if stated:
                yield str(stated.value), label, stated.node.line
    elif isinstance(value, tuple) and any(isinstance(item, Record) for item in value):
        for item in value:
            yield _written(item), "", item.line if isinstance(item, Record) else None
    elif isinstance(value, bool | int):
        yield value, "", None
    else:
        yield _written(value), "", None


def _written(value: Any) -> str:
    if isinstance(value, Record):
        return "; ".join(f"{key}: {_written(item)}" for key, item in value.values.items())
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple) and not hasattr(value, "_fields"):
        return ", ".join(map(_written, value)) or "none"
    return str(value)


def _catalogued(model: Resolved) -> Iterator[ReportedFact]:
    entry = model.entry
    if entry is None:
        return
    known = {"kind": entry.kind, "weights": entry.weights, "license": entry.license, "multimodal": entry.multimodal,
             "base": "; ".join(f"{parent.relation} of {parent.id}" for parent in entry.base)}
    for fact, value in known.items():
        if value not in ("", None) and not (fact == "multimodal" and fact in model.use.facts):
            yield ReportedFact(model.use.id, fact, value, entry.evidence, "catalogue", "", None)
