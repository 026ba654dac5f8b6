"""The rules test themselves: every example holds, nothing is left untested, and rule ids change only on purpose."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from caveat.catalogue import Rules, load_rules, root
from caveat.examples import Result, run_one, untested
from caveat.lint import lint
from caveat.rulebook import compile_rules
from caveat.rulefiles import Example

TESTS = Path(__file__).resolve().parent
SOURCE = TESTS.parent / "src" / "caveat"
TEST_RULES = str(TESTS / "rules")
IDS = TESTS / "ids.txt"
LONGEST = 400


@cache
def examples(folder: str) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = compile_rules(folder)["examples"]
    return found


@cache
def rules_of(folder: str) -> Rules:
    return load_rules(() if folder == root() else (folder,))


def cases(folder: str) -> list[Any]:
    return [pytest.param(folder, license_id, example, id=f"{license_id}: {example['case']}")
            for license_id, found in examples(folder).items() for example in found]


@pytest.mark.parametrize(("folder", "license_id", "example"), [*cases(root()), *cases(TEST_RULES)])
def test_example(folder: str, license_id: str, example: dict[str, Any]) -> None:
    result: Result = run_one(Example(**example), rules_of(folder).license(license_id), rules_of(folder))
    assert not result.wrong


@pytest.mark.parametrize("folder", [root(), TEST_RULES], ids=["built-in", "tests"])
def test_no_case_stands_twice_in_a_license(folder: str) -> None:
    for license_id, found in examples(folder).items():
        names = [example["case"] for example in found]
        assert sorted(set(names)) == sorted(names), license_id


def test_lint_finds_nothing() -> None:
    assert [str(problem) for problem in lint(root(), built_in=True)] == []


@pytest.mark.parametrize("license_id", sorted(examples(root())))
def test_every_prohibition_and_duty_has_examples_that_pass_are_breached_and_are_open(license_id: str, rules: Rules) -> None:
    assert list(untested(examples(root())[license_id], rules.license(license_id))) == []


@pytest.mark.parametrize("license_id", sorted(examples(root())))
def test_clause_texts_are_short_sentences(license_id: str, rules: Rules) -> None:
    for clause in rules.license(license_id).clauses:
        for text in (clause.says, clause.remedy, *readings(clause)):
            assert len(text) <= LONGEST, f"{clause.name}: {len(text)} characters: {text}"
        assert not clause.says or clause.says.endswith("."), f"{clause.name}: says does not end with a period"


def readings(clause: Any) -> Iterator[str]:
    yield clause.readings
    entries = getattr(clause, "unclear", None)
    if isinstance(entries, dict):
        yield from (entry["readings"] for entry in entries.values())


def rule_ids(rules: Rules) -> list[str]:
    """Return the id of every rule: those of the built-in licenses, and those that belong to no license."""
    found = {f"{license_id}/{clause.name}" for license_id in rules.license_ids for clause in rules.license(license_id).clauses}
    for path in SOURCE.rglob("*.py"):
        found.update(_ids_in(ast.parse(path.read_text(encoding="utf-8"))))
    return sorted(found)


def _ids_in(tree: ast.Module) -> Iterator[str]:
    """Give the string literals that are passed as the rule to Finding(...) or to a method _find(...)."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr if isinstance(node.func, ast.Attribute) else ""
        makes_finding = name == "Finding" or (name == "_find" and isinstance(node.func, ast.Attribute))
        if makes_finding and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str):
            yield node.args[0].value


def test_rule_ids_are_an_api(rules: Rules) -> None:
    known, found = set(IDS.read_text(encoding="utf-8").split()), set(rule_ids(rules))
    added, removed = sorted(found - known), sorted(known - found)
    assert not added and not removed, (
        "rule ids are an API: waivers and dashboards name them, and none is ever reused. "
        f"Added: {', '.join(added) or 'none'}. Removed: {', '.join(removed) or 'none'}. "
        "`make docs` adds the ids of new clauses to tests/ids.txt; an id of the code is added, and one that was never published "
        "taken out, by hand.")


def test_the_snapshot_of_rule_ids_is_sorted_and_names_each_once() -> None:
    lines = IDS.read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))


def test_rules_without_a_license_are_found_in_the_code(rules: Rules) -> None:
    without = {rule for rule in rule_ids(rules) if "/" not in rule}
    assert {"license-unknown", "license-conflict", "license-unconfirmed", "license-choice", "model-unknown",
            "vendor-terms-unknown", "lineage-cycle", "lineage-too-long", "waiver-not-applied"} <= without
