"""Evaluate: every clause of every term judges its model use."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from caveat.clause import Clause, Duty
from caveat.evidence import Evidence
from caveat.finding import OUTCOMES, SEVERITIES, Finding, Judgement
from caveat.license import License
from caveat.manifest import Manifest
from caveat.term import Resolved
from caveat.truth import Ground
from caveat.use import Use
from caveat.vocabulary import Vocabulary

GIVEN = "the license you put on a model of yours: it binds those who receive the model"


def evaluate(manifest: Manifest, models: tuple[Resolved, ...], evidence: Evidence, vocabulary: Vocabulary,
             as_of: datetime.date) -> tuple[Finding, ...]:
    """Return the findings of all models: those of resolving them, and one per clause that reaches them."""
    found: list[Finding] = []
    for model in models:
        found += model.findings
        for term in model.terms:
            found += _term(Use(term, model, manifest.facts, evidence, vocabulary, as_of))
        if model.choices:
            found += _best_choice(manifest, model, evidence, vocabulary, as_of)
    return tuple(found)


def _term(use: Use) -> Iterator[Finding]:
    found = []
    for clause in use.term.license.clauses:
        if use.term.given:
            yield _finding(clause, use, Judgement("not-applicable", GIVEN))
        elif clause.reaches(use):
            found.append(_finding(clause, use, _as_far_as_read(clause.judge(use), clause, use.term.license)))
    yield from found
    if found and use.term.license.source.evidence != "text" and not any(one.outcome in OUTCOMES[:2] for one in found):
        yield _partly_read(use)


def _partly_read(use: Use) -> Finding:
    """Return a review where every clause that is known lets the use be: one that was not read may not."""
    license = use.term.license
    return Finding("license-partly-read", "license-partly-read", "review", "high",
                   f"no clause of {license.id} that is known speaks against this use, but {_read(license.source.evidence)}",
                   use.model.place, use.model.use.id, url=license.source.url, remedy="Have the whole license read for this use.")


def _best_choice(manifest: Manifest, model: Resolved, evidence: Evidence, vocabulary: Vocabulary,
                 as_of: datetime.date) -> list[Finding]:
    """Return the findings of the branch of an OR that comes out best, and which one that is."""
    branches = [[finding for term in branch for finding in _term(Use(term, model, manifest.facts, evidence, vocabulary, as_of))]
                for branch in model.choices]
    best = min(range(len(branches)), key=lambda index: _badness(branches[index]))
    name = " AND ".join(term.license.id for term in model.choices[best])
    others = ", ".join(" AND ".join(term.license.id for term in branch)
                       for index, branch in enumerate(model.choices) if index != best)
    note = Finding("license-choice", "license-choice", "pass", "info", f"checked under {name}, the better choice over {others}",
                   model.place, model.use.id, remedy=f"Record the choice: declare license: {name}.")
    return [note, *branches[best]]


def _badness(findings: list[Finding]) -> tuple[int, ...]:
    """Count findings by outcome and severity, worst first, so that the smaller tuple is the better branch."""
    bad = OUTCOMES[:3]
    return tuple(sum(1 for f in findings if f.outcome == outcome and f.severity == severity)
                 for outcome in bad for severity in SEVERITIES)


def _as_far_as_read(judgement: Judgement, clause: Clause, license: License) -> Judgement:
    """Return a review where the clause was not read in the license's own text (DESIGN section 4)."""
    evidence = clause.evidence or license.source.evidence
    if evidence == "text" or judgement.outcome in ("review", "not-applicable"):
        return judgement
    return judgement._replace(outcome="review", message=f"{judgement.message} ({_read(evidence)}: read as {judgement.outcome})")


def _read(evidence: str) -> str:
    return "only parts of the license were read" if evidence == "partial" else "it is known at second hand"


def _finding(clause: Clause, use: Use, judgement: Judgement) -> Finding:
    license = use.term.license
    in_policy = license.policy is not None and clause.section.startswith("AUP")
    return Finding(
        rule=f"{license.id}/{clause.name}", kind=clause.kind, outcome=judgement.outcome,
        severity=judgement.severity or clause.severity or clause.default_severity, message=judgement.message,
        place=use.model.place, model=use.model.use.id, license=license.id, section=clause.section,
        via=use.term.via, because=tuple(sorted(judgement.because, key=_key)), needs=tuple(sorted(judgement.needs)),
        remedy=_remedy(clause, judgement),
        url=license.policy.url if in_policy and license.policy else license.source.url, says=clause.says,
        duty=isinstance(clause, Duty))


def _remedy(clause: Clause, judgement: Judgement) -> str:
    """Say what to do: state what is missing where facts alone keep it open, else what the clause asks for."""
    missing = sorted({need.fact for need in judgement.needs if need.fact})
    if judgement.outcome == "review" and missing and not any(need.reading for need in judgement.needs):
        return f"State {', '.join(missing)} in the manifest."
    return clause.remedy or clause.default_remedy


def _key(ground: Ground) -> tuple[str, ...]:
    return tuple(str(part) for part in ground)
