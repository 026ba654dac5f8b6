"""The report: the verdict and everything it rests on; its fields are the keys of `--format json` (version 1)."""

from __future__ import annotations

from dataclasses import field
from typing import Literal

from caveat.finding import Outcome, Severity
from caveat.values import value

Verdict = Literal["pass", "review", "fail"]
VERDICTS: tuple[Verdict, ...] = ("pass", "review", "fail")
"""From best to worst."""


@value
class Because:
    """A fact that decided: its value as stated, the month, use or section it is about, and who stated it where."""

    fact: str
    value: str | int | bool
    detail: str
    source: str
    path: str
    line: int | None


@value
class Location:
    """Where in which file; line and column count from 1."""

    path: str
    line: int | None
    column: int | None


@value
class ReportedFinding:
    """One finding. `license` and `section` are null for rules that belong to no license; `waiver` is null or its owner."""

    rule: str
    kind: str
    outcome: Outcome
    severity: Severity
    model: str
    license: str | None
    section: str | None
    via: tuple[str, ...]
    message: str
    says: str
    because: tuple[Because, ...]
    questions: tuple[str, ...]
    readings: tuple[str, ...]
    remedy: str
    url: str
    location: Location
    waiver: str | None
    fingerprint: str


@value
class ReportedTerm:
    """A license that binds a model, by which ways, and on whose word."""

    license: str
    via: tuple[str, ...]
    source: str


@value
class ReportedModel:
    """A model with its terms and its own verdict."""

    id: str
    terms: tuple[ReportedTerm, ...]
    verdict: Verdict


@value
class Obligation:
    """A duty that is owed: open, or met by evidence."""

    rule: str
    model: str
    state: Literal["open", "met", "breached"]
    remedy: str


@value
class Question:
    """A fact to state, the question in plain words, and the rules that its answer would help to decide."""

    fact: str
    month: str
    ask: str
    models: tuple[str, ...]
    decides: tuple[str, ...]


@value
class ReportedProject:
    """One manifest's part of the report."""

    project: str
    manifest: str
    as_of: str
    verdict: Verdict
    models: tuple[ReportedModel, ...]
    findings: tuple[ReportedFinding, ...]
    obligations: tuple[Obligation, ...]
    questions: tuple[Question, ...]
    waivers: tuple[dict[str, str], ...] = ()


@value
class Tool:
    """The program that made the report."""

    name: str
    version: str


@value
class RulesUsed:
    """The rules in force for any project: digest, how many licenses, what built-in was replaced, which folders were added."""

    digest: str
    licenses: int
    replaced: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@value
class PolicyUsed:
    """The policy in force (several: joined by commas), and whether any is the repository's own."""

    name: str
    own: bool = False


@value
class Report:
    """Everything a reporter sees."""

    version: Literal[1]
    verdict: Verdict
    as_of: str
    tool: Tool
    rules: RulesUsed
    policy: PolicyUsed
    projects: tuple[ReportedProject, ...]
    summary: dict[str, int] = field(default_factory=dict)
