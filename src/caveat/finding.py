"""A finding: the outcome of one clause for one term, with everything it rests on."""

from __future__ import annotations

from typing import Literal, NamedTuple

from caveat.errors import Place
from caveat.truth import Ground, Need

Outcome = Literal["fail", "review", "obligation", "pass", "not-applicable"]
Severity = Literal["blocker", "high", "medium", "info"]

OUTCOMES: tuple[Outcome, ...] = ("fail", "review", "obligation", "pass", "not-applicable")
"""From worst to best."""
SEVERITIES: tuple[Severity, ...] = ("blocker", "high", "medium", "info")
"""From gravest to lightest."""


class Judgement(NamedTuple):
    """What a clause says of a use: outcome, one sentence, the facts behind it, and what is missing."""

    outcome: Outcome
    message: str
    because: frozenset[Ground] = frozenset()
    needs: frozenset[Need] = frozenset()
    severity: Severity | None = None


class Finding(NamedTuple):
    """A judgement with its rule, its model and its place; `license` is "" for rules that belong to no license."""

    rule: str
    kind: str
    outcome: Outcome
    severity: Severity
    message: str
    place: Place
    model: str = ""
    license: str = ""
    section: str = ""
    via: tuple[str, ...] = ()
    because: tuple[Ground, ...] = ()
    needs: tuple[Need, ...] = ()
    remedy: str = ""
    url: str = ""
    says: str = ""
    duty: bool = False


def order(finding: Finding) -> tuple[int, str, str]:
    """Return the sort key of a finding: outcome, model, rule."""
    return (OUTCOMES.index(finding.outcome), finding.model, finding.rule)
