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
    """One finding. `license` and `section` are null for rules that belong to no license; `waiver` is null or its owner.

    `gates`: it holds its project back, by its outcome and the policy's gate.
    """

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
    gates: bool = False


@value
class ReportedLicense:
    """A license that binds a model of the project: its title, and where, when and how much of it was read."""

    id: str
    name: str
    licensor: str
    url: str
    read_on: str
    evidence: Literal["text", "partial", "secondary"]
    policy_url: str


@value
class ReportedTerm:
    """A license that binds a model, by which ways, and on whose word."""

    license: str
    via: tuple[str, ...]
    source: str


@value
class LineageStep:
    """One step of a model's lineage: how `model` was made from `parent`, and the licenses that the parent brings."""

    model: str
    relation: str
    parent: str
    licenses: tuple[str, ...]


@value
class ReportedModel:
    """A model with its terms, its lineage (nearest step first; `more_steps`: how many are left out), its place and its verdict."""

    id: str
    terms: tuple[ReportedTerm, ...]
    verdict: Verdict
    lineage: tuple[LineageStep, ...] = ()
    more_steps: int = 0
    location: Location | None = None


@value
class Obligation:
    """A duty that is owed: open, met by evidence, or breached.

    `what` the license asks for, `where` the model reaches others, the `evidence` that was looked at, and the fingerprint of
    the `finding` that judged it.
    """

    rule: str
    model: str
    state: Literal["open", "met", "breached"]
    remedy: str
    license: str | None = None
    section: str | None = None
    what: str = ""
    where: str = ""
    evidence: tuple[Because, ...] = ()
    finding: str = ""


@value
class Question:
    """A fact to state, the question in plain words, and the rules that its answer would help to decide."""

    fact: str
    month: str
    ask: str
    models: tuple[str, ...]
    decides: tuple[str, ...]


@value
class ReportedFact:
    """One statement of the fact sheet: about the project, or about one model ("": the project), and who made it where."""

    model: str
    fact: str
    value: str | int | bool
    detail: str
    source: str
    path: str
    line: int | None


@value
class ReportedWaiver:
    """A waiver as the manifest states it, and what became of it."""

    rule: str
    model: str
    reason: str
    owner: str
    approved_by: str
    until: str
    evidence: str
    state: Literal["not-applied"]
    location: Location


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
    waivers: tuple[ReportedWaiver, ...] = ()
    licenses: tuple[ReportedLicense, ...] = ()
    facts: tuple[ReportedFact, ...] = ()


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
class Unevaluated:
    """What could not be evaluated, why, and how to mend it."""

    message: str
    hint: str
    location: Location


@value
class Report:
    """Everything a reporter sees.

    A manifest that could not be evaluated has no project; it is named in `not_evaluated`, and the verdict is no pass then.
    """

    version: Literal[1]
    verdict: Verdict
    as_of: str
    tool: Tool
    rules: RulesUsed
    policy: PolicyUsed
    projects: tuple[ReportedProject, ...]
    summary: dict[str, int] = field(default_factory=dict)
    not_evaluated: tuple[Unevaluated, ...] = ()


@value(kw_only=True)
class Style:
    """What a reader may ask of a report's form, beside the format; it changes no verdict.

    verbose: list what passes and what does not apply, too, and cut nothing. color: paint text for a terminal. waived: list
    waived findings in formats whose readers would take them for open ones.
    """

    verbose: bool = False
    color: bool = False
    waived: bool = False
