"""The way from a model to the licenses that bind it, laid out as rows of a picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from caveat.finding import OUTCOMES, Outcome
from caveat.report import LineageStep, ReportedFinding, ReportedModel

WIDTH = 720
ROW = 56
INDENT = 34
_CHARACTERS = 8.2
"""Units of width that a character of the picture takes."""
_MAX_DEPTH = 10
"""Deeper rows are drawn no further to the right."""


class License(NamedTuple):
    """A license in the picture: its id, the worst outcome of its clauses, and on whose word it binds."""

    id: str
    outcome: Outcome
    source: str


class Row(NamedTuple):
    """A model in the picture: where its box stands, how it is joined to the one it was made into, and what it carries."""

    x: int
    y: int
    width: int
    model: str
    label: str
    relation: str
    licenses: tuple[License, ...]
    joint: int
    again: bool


def rows(model: ReportedModel, findings: list[ReportedFinding]) -> list[Row]:
    """Return the model and under it its ancestors, each below what was made from it; a second way to one is not walked again."""
    worst = _worst(findings)
    children: dict[str, list[LineageStep]] = {}
    for step in model.lineage:
        children.setdefault(step.model, []).append(step)
    own = tuple(License(term.license, worst.get(term.license, "not-applicable"), term.source)
                for term in model.terms if "own" in term.via)
    found = [_row(0, 0, model.id, "", own, 0, again=False)]
    seen = {model.id}

    def walk(name: str, depth: int, joint: int) -> None:
        for step in children.get(name, ()):
            licenses = tuple(License(one, worst.get(one, "not-applicable"), "lineage") for one in step.licenses)
            again = step.parent in seen
            found.append(_row(len(found), depth, step.parent, step.relation, licenses, joint, again=again))
            seen.add(step.parent)
            if not again:
                walk(step.parent, depth + 1, found[-1].y)

    walk(model.id, 1, 0)
    return found


def _row(number: int, depth: int, model: str, relation: str, licenses: tuple[License, ...], joint: int, *, again: bool) -> Row:
    x = INDENT * min(depth, _MAX_DEPTH)
    prefix = f"{relation} of " if relation else ""
    room = int((WIDTH - x - 24) / _CHARACTERS) - len(prefix)
    label = model if len(model) <= room else f"{model[: room - 1]}…"
    return Row(x, number * ROW, WIDTH - x, model, label, relation, licenses, joint, again)


def _worst(findings: list[ReportedFinding]) -> Mapping[str, Outcome]:
    """Return the worst outcome of each license."""
    worst: dict[str, Outcome] = {}
    for finding in findings:
        if finding.license:
            before = worst.get(finding.license, "not-applicable")
            worst[finding.license] = min(before, finding.outcome, key=OUTCOMES.index)
    return worst
