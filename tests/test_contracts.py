"""Contracts: what every plug-in keeps, and what must hold for any manifest under the built-in rules."""

from __future__ import annotations

import datetime
import inspect
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from caveat import plugins
from caveat.api import Options, check
from caveat.catalogue import Rules
from caveat.clause import Clause, Duty, Information, Prohibition
from caveat.cli.check import BINARY
from caveat.finding import OUTCOMES, SEVERITIES
from caveat.report import Report, ReportedProject, Style

if TYPE_CHECKING:
    from tests.conftest import Examine, Write

KINDS = plugins.names("clauses")
TODAY = datetime.date(2026, 11, 22)
WHOLE = """\
version: 1
project: p
status: live
distribution: [weights, hosted-service]
models: [{id: a/b, license: llama-3.2}, {id: c/d, license: mit}, e/f]
"""


# -- plug-ins ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_a_clause_kind_is_one_class_that_says_what_it_is(kind: str) -> None:
    module = plugins.load("clauses", kind)
    own = [found for _, found in inspect.getmembers(module, inspect.isclass)
           if found.__module__ == module.__name__ and issubclass(found, Clause)]
    assert own == [plugins.clause_kind(kind)]
    (found,) = own
    assert found.kind == kind
    assert issubclass(found, Prohibition | Duty | Information)
    assert found.__doc__ and len(found.__doc__.split()) > 8
    assert found.__doc__ != inspect.getmro(found)[1].__doc__
    assert found.default_severity in SEVERITIES
    assert found.default_through_api in ("applies", "open", "exempt")
    assert not found.binds or found.default_remedy or issubclass(found, Information)


@pytest.mark.parametrize("kind", KINDS)
def test_a_clause_kind_is_used_by_a_license(rules: Rules, kind: str) -> None:
    assert kind in {clause.kind for license_id in rules.license_ids for clause in rules.license(license_id).clauses}


def test_an_unknown_plug_in_is_no_plug_in() -> None:
    for name in ("../os", "os", "__init__", "user_cap", ""):
        with pytest.raises(KeyError):
            plugins.load("clauses", name)


@pytest.fixture
def report(write: Write, _own_cache: None) -> Report:
    return check([write("caveat.yaml", WHOLE)], Options(), TODAY)


@pytest.mark.parametrize("name", plugins.names("reporters"))
def test_a_reporter_renders_a_report_to_the_same_bytes_each_time(report: Report, name: str) -> None:
    module = plugins.load("reporters", name)
    assert list(inspect.signature(module.render).parameters) == ["report", "style"]
    for style in (Style(), Style(verbose=True), Style(color=True), Style(waived=True)):
        made = module.render(report, style)
        assert made == module.render(report, style)
        assert isinstance(made, bytes) == (name in BINARY)
        if isinstance(made, str):
            assert made.endswith("\n")
            assert style.color or "\x1b" not in made


@pytest.mark.parametrize("folder", ["importers", "scanners", "reporters", "clauses", "cli"])
def test_every_plug_in_says_what_it_is(folder: str) -> None:
    for name in plugins.names(folder):
        assert plugins.load(folder, name).__doc__


# -- any manifest --------------------------------------------------------------------------------------------------------------

FACTS: dict[str, list[Any]] = {
    "organization.kind": ["company", "individual", "academic", "government"], "organization.domicile": ["DE", "US", "CN"],
    "organization.litigation": ["none", [{"role": "plaintiff", "about": ["llama-3.2"], "alleging": "patent"}]],
    "organization.restricted_party": [True, False],
    "mau": [5, 800_000_000, {"at_most": 9}, {"2024-08": 900_000_000}, {"at_least": 10**9}],
    "product_mau": [7, {"at_least": 800_000_000}], "purpose": ["commercial", "research", "evaluation"],
    "environment": ["production", "non-production"], "end_users": ["none", "employees", "third-parties"],
    "region": [["EU"], ["US"], ["worldwide"], ["GB", "CU"]],
    "intended_use": [["customer-support"], ["military"], ["something-new"],
                     [{"tag": "medical-advice", "licensed_professional": True}]],
    "ai_disclosure": ["disclosed", "not-disclosed"],
    "distribution": [["internal"], ["hosted-service"], ["weights"], ["outputs-only"]],
    "status": ["live", "planned"]}
MODEL_FACTS: dict[str, list[Any]] = {
    "license": ["llama-3.2", "mit", "apache-2.0", "llama-2", "MIT OR Apache-2.0", "other"], "multimodal": [True, False],
    "base": ["none", [{"id": "meta-llama/Llama-3.1-8B", "relation": "fine-tune"}],
             [{"id": "x/y", "relation": "distill", "license": "llama-2"}]],
    "made_by": ["us", "upstream"], "delivery": ["self-hosted", "third-party-api", "vendor-api"], "name": ["Llama-x", "Other"],
    "derivative_license": ["llama-3.2", "mit"], "outputs.train": ["none", [{"id": "a/new", "kind": "llm"}]],
    "outputs.commercial": [True, False], "safeguards.altered": [True, False], "upstream_notice": ["none", "NOTICE"],
    "received_in_product": [True, False], "separate_license": ["none", {"licensor": "Meta", "covers": ["user-cap", "naming"]}],
    "evidence.license_copy": [["LICENSE"], ["https://example.org"]],
    "evidence.attribution": [[{"text": "Built with Llama", "where": "website"}], [{"text": "With Llama", "where": "ui"}]]}
IDS = ("acme/one", "acme/llama-two", "llama-3.3-70b-versatile", "meta-llama/Llama-3.2-1B", "meta-llama/Llama-3.3-70B-Instruct")


def some(facts: dict[str, list[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.sets(st.sampled_from(sorted(facts)), max_size=8).flatmap(
        lambda names: st.fixed_dictionaries({name: st.sampled_from(facts[name]) for name in sorted(names)}))


PROJECTS = some(FACTS)
MODELS = st.lists(st.tuples(st.sampled_from(IDS), some(MODEL_FACTS)), min_size=1, max_size=3, unique_by=lambda pair: pair[0])


def nested(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in facts.items():
        group, dot, key = name.partition(".")
        if dot:
            found.setdefault(group, {})[key] = value
        else:
            found[name] = value
    return found


def text_of(project: dict[str, Any], models: list[tuple[str, dict[str, Any]]]) -> str:
    """Write a manifest with every model on a line of its own, and every fact of the project on one."""
    lines = ["version: 1", "project: p", *(f"{key}: {json.dumps(value)}" for key, value in nested(project).items()), "models:"]
    return "\n".join([*lines, *(f"  - {json.dumps({'id': model, **nested(facts)})}" for model, facts in models)]) + "\n"


def outcomes(report: ReportedProject) -> dict[tuple[str, str, str], tuple[str, str]]:
    """Return outcome and severity by model, rule and message."""
    return {(found.model, found.rule, found.message): (found.outcome, found.severity) for found in report.findings}


@given(PROJECTS, MODELS, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_the_order_of_keys_and_models_changes_nothing(check_text: Examine, project: dict[str, Any],
                                                      models: list[tuple[str, dict[str, Any]]], shuffle: Any) -> None:
    first = check_text(text_of(project, models))

    def mixed(facts: dict[str, Any]) -> dict[str, Any]:
        names = list(facts)
        shuffle.shuffle(names)
        return {name: facts[name] for name in names}

    again = [(model, mixed(facts)) for model, facts in models]
    shuffle.shuffle(again)
    second = check_text(text_of(mixed(project), again))
    assert outcomes(second) == outcomes(first)
    assert second.verdict == first.verdict
    assert {model.id: (model.verdict, model.terms) for model in second.models} == {
        model.id: (model.verdict, model.terms) for model in first.models}


@given(PROJECTS, MODELS)
@settings(max_examples=30)
def test_the_same_manifest_gives_the_same_report(check_text: Examine, project: dict[str, Any],
                                                 models: list[tuple[str, dict[str, Any]]]) -> None:
    text = text_of(project, models)
    assert check_text(text) == check_text(text)


@given(PROJECTS, MODELS)
@settings(max_examples=60)
def test_a_report_is_whole(check_text: Examine, project: dict[str, Any], models: list[tuple[str, dict[str, Any]]]) -> None:
    report = check_text(text_of(project, models))
    assert [model.id for model in report.models] == [model for model, _ in models]
    for found in report.findings:
        assert found.outcome in OUTCOMES
        assert found.message and "\n" not in found.message
        assert found.license is None or (found.section and found.rule.startswith(f"{found.license}/"))
        if found.outcome == "review":
            assert found.questions or found.readings or found.license is None or found.because, found
        if found.outcome in ("fail", "review", "obligation") and found.kind != "info":
            assert found.remedy, found
    assert all(any(found.model == model.id for found in report.findings) for model in report.models), "a model passed in silence"
    for question in report.questions:
        assert question.decides
        assert question.ask.endswith(("?", "."))


# What a model is, and what lifts or shifts a term, asks new questions; the other facts only answer.
ANSWERS = sorted({*FACTS, "outputs.train", "outputs.commercial", "safeguards.altered", "evidence.license_copy",
                  "evidence.attribution"})


@given(PROJECTS, MODELS, st.sampled_from(ANSWERS), st.data())
@settings(max_examples=200)
def test_one_more_fact_never_makes_a_decided_clause_open(check_text: Examine, project: dict[str, Any],
                                                         models: list[tuple[str, dict[str, Any]]], name: str,
                                                         data: st.DataObject) -> None:
    value = data.draw(st.sampled_from({**FACTS, **MODEL_FACTS}[name]))
    if name in FACTS:
        assume(name not in project)
        more = text_of({**project, name: value}, models)
    else:
        assume(name not in models[0][1])
        more = text_of(project, [(models[0][0], {**models[0][1], name: value}), *models[1:]])
    before = decided(check_text(text_of(project, models)))
    after = decided(check_text(more))
    opened = {key: (before[key], after[key]) for key in before if key in after and after[key][0] == "review"
              and before[key][0] in ("pass", "fail", "not-applicable") and not documented(key[1], name, after[key][1])}
    assert opened == {}, (name, value)


def decided(report: ReportedProject) -> dict[tuple[str, str], tuple[str, str]]:
    """Return outcome and message of every clause by model and rule."""
    return {(found.model, found.rule): (found.outcome, found.message) for found in report.findings
            if found.license and found.kind != "info"}


def test_what_concerns_some_organizations_is_open_while_the_kind_is_unknown(check_text: Examine) -> None:
    found = check_text("version: 1\nproject: p\nmodels: [{id: a/b, license: llama-3.2}]\n").findings
    assert next(one for one in found if one.rule == "llama-3.2/indemnity").outcome == "review"


def test_the_name_of_a_trained_model_is_open_while_training_is_unknown(check_text: Examine) -> None:
    facts = "distribution: [hosted-service]\norganization: {kind: company}\n"
    found = check_text(f"version: 1\nproject: p\n{facts}models: [meta-llama/Llama-3.2-1B]\n").findings
    assert next(one for one in found if one.rule == "llama-3.2/naming").outcome == "review"


def documented(rule: str, added: str, message: str) -> bool:
    """Tell whether DESIGN says that this fact may open this rule: statements against each other, or evidence to look at."""
    contradiction = added in ("mau", "product_mau") and "contradict" in message
    trained = added == "outputs.train" and rule.endswith("/naming")
    for_a_human = added.startswith("evidence.") and rule.endswith(("/license-copy", "/attribution"))
    return contradiction or trained or for_a_human


@given(PROJECTS, some(MODEL_FACTS), st.sampled_from(["Zeta", "Llama-Zeta", "llama"]))
@settings(max_examples=60)
def test_another_name_changes_only_what_looks_at_names(check_text: Examine, project: dict[str, Any], facts: dict[str, Any],
                                                       name: str) -> None:
    facts = {key: value for key, value in facts.items() if key != "name"}

    def by_rule(**more: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in check_text(text_of(project, [("acme/one", {**facts, **more})])).findings:
            if not one.rule.endswith("/naming"):
                found.setdefault(one.rule, []).append(one.outcome)
        return found

    assert by_rule(name=name) == by_rule()


@given(PROJECTS, some(MODEL_FACTS), st.sampled_from(["acme/two", "other/Llama-x", "x/y-uncensored"]))
@settings(max_examples=60)
def test_another_id_changes_only_what_looks_at_names(check_text: Examine, project: dict[str, Any], facts: dict[str, Any],
                                                     other: str) -> None:
    def by_rule(model: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in check_text(text_of(project, [(model, facts)])).findings:
            if not one.rule.endswith(("/naming", "/safeguards")) and one.kind not in ("safeguards", "use-restrictions"):
                found.setdefault(one.rule, []).append(one.outcome)
        return found

    assume(not any(parent["id"] == other for parent in facts.get("base", []) if isinstance(parent, dict)))
    assert by_rule(other) == by_rule("acme/one")
