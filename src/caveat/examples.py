"""The examples of a rule set are its tests: each is a small manifest with files, and the outcomes it must give."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from caveat.catalogue import Rules
from caveat.errors import Error
from caveat.evaluate import evaluate
from caveat.evidence import Document, Evidence
from caveat.fingerprints import Match
from caveat.identify import Difference, Identification
from caveat.license import License
from caveat.load import load_text
from caveat.manifest import MODEL_FACTS, Manifest
from caveat.resolve import resolve
from caveat.rulefiles import Example

AS_OF = datetime.date(2026, 11, 22)
"""The day of every example that does not state another one."""


class Result(NamedTuple):
    """What one example gave: outcomes by clause id ("absent" where the clause gave none), or the problem it has."""

    license: str
    case: str
    wrong: tuple[str, ...]
    outcomes: Mapping[str, str]


def run(examples: Iterable[Mapping[str, Any]], license: License, rules: Rules) -> Iterator[Result]:
    """Give the result of every example of a license; examples as plain checked data."""
    for example in examples:
        yield run_one(Example(**example), license, rules)


def run_one(example: Example, license: License, rules: Rules) -> Result:
    """Return the result of one example."""
    try:
        manifest = _manifest(example, license, rules)
    except Error as error:
        return Result(license.id, example.case, (str(error),), {})
    evidence = Evidence({(manifest.path, name): _document(name, made) for name, made in example.files.items()})
    models = resolve(manifest, rules, evidence)
    findings = evaluate(manifest, models, evidence, rules.vocabulary, manifest.as_of or AS_OF)
    outcomes: dict[str, str] = {}
    for finding in findings:
        if finding.license == license.id and finding.model == manifest.models[0].id:
            outcomes[finding.rule.removeprefix(f"{license.id}/")] = finding.outcome
    wrong = tuple(f"{clause}: {outcomes.get(clause, 'absent')}, expected {expected}"
                  for clause, expected in example.expect.items() if outcomes.get(clause, "absent") != expected)
    return Result(license.id, example.case, wrong, outcomes)


def _manifest(example: Example, license: License, rules: Rules) -> Manifest:
    facts = {key: value for key, value in example.facts.items() if key not in ("id", *MODEL_FACTS)}
    model = {key: value for key, value in example.facts.items() if key in MODEL_FACTS}
    whole = {"version": 1, "project": "example", **facts, "models": [{"id": "example/model", "license": license.id, **model}]}
    return load_text(json.dumps(whole, default=str), "example.yaml", rules.vocabulary)


def _document(name: str, made: Mapping[str, Any]) -> Document:
    """Return a file of an example: `text`, `identified: <license>` (its whole text) or `edited: <license>`."""
    if "identified" in made:
        match = Match(made["identified"], "agreement", "", True)
        return Document(name, "", "", Identification("same-words", (match,), None, 1.0, None, 0))
    if "edited" in made:
        near = Match(made["edited"], "agreement", "", False)
        return Document(name, "", "", Identification("edited", (), near, 0.97, Difference(1, "an added clause", False), 0))
    return Document(name, "", made.get("text", ""))


def untested(examples: Iterable[Mapping[str, Any]], license: License) -> Iterator[str]:
    """Give what the examples of a license leave untested: a clause without a pass, a breach or an open case."""
    seen: dict[str, set[str]] = {}
    for example in examples:
        for clause, outcome in example["expect"].items():
            seen.setdefault(clause, set()).add(outcome)
    for clause in license.clauses:
        found = seen.pop(clause.name, set())
        if not clause.binds or clause.kind == "retain-notices":
            continue
        read = (clause.evidence or license.source.evidence) == "text"  # from anything less the outcomes are reviews
        if read and not clause.never_passes and not found & {"pass", "not-applicable"}:
            yield f"{clause.name} has no example that passes"
        if read and not clause.only_open and not found & {"fail", "obligation"}:
            yield f"{clause.name} has no example that is breached or owed"
        if "review" not in found and not clause.always_decided:
            yield f"{clause.name} has no example where a fact is missing"
    yield from (f"an example expects '{name}', which is no clause" for name in seen)
