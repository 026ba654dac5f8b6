"""Compare: licenses, or models by what binds them, side by side by clause kind, and judged for one project."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Literal

from caveat.api import examine
from caveat.catalogue import Rules
from caveat.clause import Clause
from caveat.errors import Place, Problem, UsageError
from caveat.evidence import Evidence, read_evidence
from caveat.library import SORTS, Sort, sort_of
from caveat.manifest import MODEL_FACTS, Fact, Manifest, ModelUse
from caveat.policy import Policy
from caveat.report import ReportedFinding, ReportedProject, Verdict
from caveat.resolve import resolve
from caveat.values import value

OF_THE_USE = ("delivery", "outputs.", "safeguards.", "separate_license", "received_in_product")
"""Facts of a model that say how the project uses it, whichever model it is."""


@value
class Cell:
    """What one candidate says on one clause kind: rule id, section, what it wants, and when."""

    rule: str
    section: str
    brief: str
    when: str


@value
class Row:
    """One clause kind, and the clauses of each candidate that are of it, in the order of the candidates."""

    kind: str
    sort: Sort
    cells: tuple[tuple[Cell, ...], ...]


@value
class Cost:
    """What a candidate means for one project: verdict, what is not allowed, what is open, and the duties that are owed."""

    verdict: Verdict
    fails: tuple[str, ...]
    open: tuple[str, ...]
    duties: tuple[str, ...]


@value
class Candidate:
    """A license or a model with the licenses that bind it, how much of them was read, and what it means for the project."""

    name: str
    what: Literal["license", "model"]
    licenses: tuple[str, ...]
    evidence: str
    notes: tuple[str, ...]
    cost: Cost | None = None


@value
class Comparison:
    """Candidates side by side; `project` and `as_of` are "" where none was given."""

    version: Literal[1]
    project: str
    as_of: str
    candidates: tuple[Candidate, ...]
    rows: tuple[Row, ...]


def compare(names: Sequence[str], rules: Rules) -> Comparison:
    """Return licenses or models side by side; raises UsageError for a name that is neither."""
    found = [_found(name, rules) for name in names]
    clauses = [_binding(candidate, rules) for candidate in found]
    return Comparison(1, "", "", tuple(found), tuple(_rows(clauses)))


def compare_for(names: Sequence[str], rules: Rules, manifest: Manifest, policy: Policy, as_of: datetime.date) -> Comparison:
    """Return the same with what each candidate would mean for a project if it stood in place of its models."""
    plain = compare(names, rules)
    project = manifest._replace(models=(), waivers=())
    facts, evidence = _facts_of_the_use(manifest), read_evidence(project, rules.fingerprints)

    def judged(one: Candidate) -> Candidate:
        alone = project._replace(models=(_in_its_place(one, facts),))
        cost = _cost(examine(alone, rules, evidence, policy, as_of))
        return Candidate(one.name, one.what, one.licenses, one.evidence, one.notes, cost)

    return Comparison(1, manifest.project, as_of.isoformat(), tuple(map(judged, plain.candidates)), plain.rows)


# -- candidates ----------------------------------------------------------------------------------------------------


def _found(name: str, rules: Rules) -> Candidate:
    license_id = rules.license_id(name)
    if license_id:
        return Candidate(name, "license", (license_id,), rules.license(license_id).source.evidence, ())
    if rules.entry(name) is None:
        raise UsageError(Problem(f"'{name}' is no license with a rule set and no known model", None, rules.instead_of(name)))
    [model] = resolve(_project(_use(name, {}), {}), rules, Evidence({}))
    terms = [*model.terms, *(term for branch in model.choices for term in branch)]
    licenses = tuple(dict.fromkeys(term.license.id for term in terms))
    evidence = "/".join(dict.fromkeys(rules.license(found).source.evidence for found in licenses))
    return Candidate(name, "model", licenses, evidence, tuple(f"{one.rule}: {one.message}" for one in model.findings))


def _use(name: str, facts: dict[str, Fact]) -> ModelUse:
    return ModelUse(name, Place("", None, None), {"id": Fact("id", name, "", None, None), **facts})


def _project(use: ModelUse, facts: dict[str, Fact]) -> Manifest:
    return Manifest("", "", None, facts, (use,), (), None, (), ())


# -- side by side --------------------------------------------------------------------------------------------------


def _binding(candidate: Candidate, rules: Rules) -> list[tuple[str, Clause]]:
    """Return the prohibitions and duties of every license that binds a candidate."""
    return [(license_id, clause) for license_id in candidate.licenses for clause in rules.license(license_id).clauses
            if clause.binds or clause.kind == "distillation-derivative"]


def _rows(clauses: Sequence[Sequence[tuple[str, Clause]]]) -> Iterable[Row]:
    """Give a row a clause kind that any candidate has: prohibitions first, then duties, each by name."""
    sorts = {clause.kind: sort_of(clause) for column in clauses for _, clause in column}
    for kind in sorted(sorts, key=lambda kind: (SORTS.index(sorts[kind]), kind)):
        cells = tuple(tuple(Cell(f"{license_id}/{clause.name}", clause.section, clause.brief(), clause.when())
                            for license_id, clause in column if clause.kind == kind) for column in clauses)
        yield Row(kind, sorts[kind], cells)


# -- for a project -------------------------------------------------------------------------------------------------


def _facts_of_the_use(manifest: Manifest) -> dict[str, Fact]:
    """Return the facts that say how the project uses its models, as far as all of them are stated alike."""
    alike: dict[str, Fact] = {}
    for name in sorted({name for model in manifest.models for name in model.facts}):
        stated = [model.facts.get(name) for model in manifest.models]
        values = [fact.value if fact else None for fact in stated]
        of_the_use = name.startswith(OF_THE_USE) or name.partition(".")[0] not in MODEL_FACTS
        if of_the_use and stated[0] and all(one == values[0] for one in values):
            alike[name] = stated[0]
    return alike


def _in_its_place(candidate: Candidate, facts: dict[str, Fact]) -> ModelUse:
    """Return the only model of a project that uses a candidate: the model itself, or some model under the license."""
    if candidate.what == "model":
        return _use(candidate.name, facts)
    return _use(f"candidate/{candidate.name}", {**facts, "license": Fact("license", candidate.name, "", None, None)})


def _cost(project: ReportedProject) -> Cost:
    duties = {one.rule for one in project.obligations if one.state != "met"}
    fails = [one for one in project.findings if one.outcome == "fail"]
    owed = [one for one in project.findings if one.outcome == "obligation"]
    return Cost(project.verdict, _lines(one for one in fails if one.rule not in duties),
                _lines(one for one in project.findings if one.outcome == "review"),
                _lines([*(one for one in fails if one.rule in duties), *owed]))


def _lines(findings: Iterable[ReportedFinding]) -> tuple[str, ...]:
    return tuple(f"{one.rule}: {one.message}" for one in findings)
