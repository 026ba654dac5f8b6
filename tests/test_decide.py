"""Decide: verdicts, severities, waivers, questions and fingerprints; the report of the same input is the same."""

from __future__ import annotations

import datetime
import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from caveat.catalogue import Rules
from caveat.decide import decide, verdict, worst_verdict
from caveat.errors import Place
from caveat.finding import OUTCOMES, SEVERITIES, Finding, Outcome, Severity
from caveat.manifest import Manifest, ModelUse, Record
from caveat.policy import Gate, Policy
from caveat.report import ReportedProject
from caveat.term import Resolved
from caveat.truth import Ground, Need

if TYPE_CHECKING:
    from tests.conftest import Cli, Examine, Write

PLACE = Place("caveat.yaml", 3, 5)


def finding(outcome: Outcome, severity: Severity = "high", rule: str = "some/clause", **more: Any) -> Finding:
    return Finding(rule, rule.split("/")[-1], outcome, severity, "a message", PLACE, **{"model": "a/b", **more})


def decided(rules: Rules, *findings: Finding, policy: Policy | None = None, waivers: tuple[Any, ...] = (),
            models: tuple[str, ...] = ("a/b",)) -> ReportedProject:
    manifest = Manifest("caveat.yaml", "p", None, {}, (), waivers, None, (), ("caveat.yaml",))
    resolved = [Resolved(ModelUse(model, PLACE, {}), PLACE, None, False, None, (), (), (), {}, {}) for model in models]
    return decide(manifest, resolved, findings, policy or Policy("default"), rules.vocabulary, datetime.date(2026, 11, 22))


# -- verdicts ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("outcome", "severity"), list(product(OUTCOMES, SEVERITIES)))
def test_what_holds_a_project_back_by_default(outcome: Outcome, severity: Severity) -> None:
    expected = "fail" if outcome == "fail" else (
        "review" if outcome in ("review", "obligation") and severity in ("blocker", "high") else "pass")
    assert verdict([finding(outcome, severity)], Policy("default")) == expected


LINES = (*SEVERITIES, "none")


@pytest.mark.parametrize(("outcome", "severity", "line"), list(product(["review", "obligation"], SEVERITIES, LINES)))
def test_the_gate_moves_the_line_of_reviews_and_obligations(outcome: Outcome, severity: Severity, line: Any) -> None:
    gate = Gate(review=line, obligation="none") if outcome == "review" else Gate(review="none", obligation=line)
    held = line != "none" and SEVERITIES.index(severity) <= SEVERITIES.index(line)
    assert verdict([finding(outcome, severity)], Policy("p", gate=gate)) == ("review" if held else "pass")


@pytest.mark.parametrize("severity", SEVERITIES)
def test_no_policy_lets_a_fail_through(severity: Severity) -> None:
    policy = Policy("p", gate=Gate(review="none", obligation="none"), severities={"clause": "info", "some/clause": "info"})
    assert verdict([finding("fail", severity)], policy) == "fail"


def test_the_worst_finding_decides_and_nothing_at_all_passes() -> None:
    policy = Policy("default")
    assert verdict([], policy) == "pass"
    assert verdict([finding("pass"), finding("review"), finding("not-applicable")], policy) == "review"
    assert verdict([finding("review"), finding("fail", "info"), finding("pass")], policy) == "fail"
    assert worst_verdict(["pass", "fail", "review"]) == "fail"
    assert worst_verdict([]) == "pass"


def test_each_model_has_a_verdict_of_its_own(rules: Rules) -> None:
    report = decided(rules, finding("fail", model="a/b"), finding("review", model="c/d"), finding("pass", model="e/f"),
                     models=("a/b", "c/d", "e/f", "g/h"))
    assert {model.id: model.verdict for model in report.models} == {"a/b": "fail", "c/d": "review", "e/f": "pass", "g/h": "pass"}
    assert report.verdict == "fail"


def test_a_severity_by_rule_wins_over_one_by_kind(rules: Rules) -> None:
    policy = Policy("p", severities={"clause": "info", "some/clause": "blocker"})
    report = decided(rules, finding("review", "medium"), finding("review", "medium", rule="other/clause"),
                     finding("review", "medium", rule="other/else"), policy=policy)
    assert {found.rule: found.severity for found in report.findings} == {
        "some/clause": "blocker", "other/clause": "info", "other/else": "medium"}
    assert report.verdict == "review"


# -- order, questions, obligations ---------------------------------------------------------------------------------------


def test_findings_are_sorted_by_outcome_model_and_rule(rules: Rules) -> None:
    found = [finding(outcome, model=model, rule=rule) for outcome in reversed(OUTCOMES) for model in ("c/d", "a/b")
             for rule in ("z/z", "a/a")]
    report = decided(rules, *found)
    keys = [(OUTCOMES.index(one.outcome), one.model, one.rule) for one in report.findings]
    assert keys == sorted(keys)
    assert len(keys) == len(found)


def test_a_question_is_asked_once_and_the_most_useful_first(rules: Rules) -> None:
    month = Need("mau", "2024-08")
    report = decided(
        rules, finding("review", rule="a/one", needs=(Need("region"), month)), finding("review", rule="a/two", needs=(month,)),
        finding("review", rule="b/one", model="c/d", needs=(month, Need("", reading="it is open"))),
        finding("pass", rule="b/two", needs=(Need("purpose"),)))
    assert [(question.fact, question.month, question.decides, question.models) for question in report.questions] == [
        ("mau", "2024-08", ("a/one", "a/two", "b/one"), ("a/b", "c/d")), ("region", "", ("a/one",), ("a/b",))]
    assert "2024-08" in report.questions[0].ask
    last = next(found for found in report.findings if found.rule == "b/one")
    assert last.readings == ("it is open",)
    assert last.questions == (report.questions[0].ask,)


def test_obligations_are_duties_and_say_how_they_stand(rules: Rules) -> None:
    report = decided(rules, finding("obligation", rule="a/open", duty=True), finding("pass", rule="a/met", duty=True),
                     finding("fail", rule="a/broken", duty=True), finding("review", rule="a/unsure", duty=True),
                     finding("not-applicable", rule="a/none", duty=True), finding("fail", rule="a/ban"))
    assert {owed.rule: owed.state for owed in report.obligations} == {"a/open": "open", "a/met": "met", "a/broken": "breached"}


def test_the_reasons_are_reported_as_they_are(rules: Rules) -> None:
    ground = Ground("organization.domicile", "DE", "by seat", "manifest", "caveat.yaml", 6)
    (reported,) = decided(rules, finding("fail", because=(ground,))).findings
    (because,) = reported.because
    assert (because.fact, because.value, because.detail, because.source, because.path, because.line) == tuple(ground)
    assert (reported.location.path, reported.location.line, reported.location.column) == PLACE
    assert (reported.license, reported.section, reported.waiver) == (None, None, None)


# -- waivers -------------------------------------------------------------------------------------------------------------


def test_a_waiver_lifts_nothing_yet_and_is_never_silent(rules: Rules) -> None:
    waiver = Record({"rule": "some/clause", "model": "a/b", "reason": "x", "owner": "o", "until": datetime.date(2027, 1, 1)}, 9)
    report = decided(rules, finding("fail"), waivers=(waiver,))
    assert report.verdict == "fail"
    listed = next(found for found in report.findings if found.rule == "waiver-not-applied")
    assert (listed.outcome, listed.severity, listed.model, listed.location.line) == ("review", "medium", "a/b", 9)
    assert "some/clause" in listed.message


# -- fingerprints, days, bytes -----------------------------------------------------------------------------------------------


def test_a_fingerprint_survives_moved_lines_and_other_words(rules: Rules) -> None:
    first = finding("fail")
    moved = first._replace(place=Place("caveat.yaml", 300, 1), because=(Ground("x", 1, line=7),))
    (one,), (two,) = decided(rules, first).findings, decided(rules, moved).findings
    assert one.fingerprint == two.fingerprint


@pytest.mark.parametrize("change", [
    {"rule": "some/other"}, {"model": "c/d"}, {"outcome": "review"}, {"place": Place("other.yaml", 3, 5)}])
def test_a_fingerprint_tells_findings_apart(rules: Rules, change: dict[str, Any]) -> None:
    first = finding("fail")
    (one,), (two,) = decided(rules, first).findings, decided(rules, first._replace(**change)).findings
    assert one.fingerprint != two.fingerprint


CAPPED = """\
version: 1
project: p
mau: {2023-06: 10, 2026-01: 800_000_000, 2026-10: 5}
organization: {kind: company, domicile: GB}
models: [{id: a/b, license: llama-3.2, multimodal: true, region: [GB]}]
"""


def outcomes(report: ReportedProject) -> dict[str, str]:
    return {found.rule: found.outcome for found in report.findings}


def test_an_old_day_is_replayed(check_text: Examine) -> None:
    excluded = "llama-3.2/eu-multimodal-exclusion"
    before, after = (outcomes(check_text(CAPPED, as_of=day)) for day in (datetime.date(2019, 1, 1), datetime.date(2026, 11, 22)))
    assert (before[excluded], after[excluded]) == ("fail", "pass")


def test_the_day_comes_from_the_option_then_the_manifest_then_today(write: Write, cli: Cli) -> None:
    write("caveat.yaml", CAPPED.replace("project: p", "project: p\nas_of: 2025-05-05"))
    assert "as of 2025-05-05" in cli("check", "caveat.yaml").out
    assert "as of 2024-04-04" in cli("check", "caveat.yaml", "--as-of", "2024-04-04").out
    write("caveat.yaml", CAPPED)
    assert f"as of {datetime.date.today()}" in cli("check", "caveat.yaml").out


def test_the_same_input_gives_the_same_bytes(write: Write, cli: Cli) -> None:
    write("a/caveat.yaml", CAPPED)
    write("b/caveat.yaml", CAPPED.replace("project: p", "project: q"))
    for form in ("json", "text"):
        first, again = (cli("check", ".", "--format", form, "--as-of", "2026-11-22") for _ in range(2))
        assert first == again
        swapped = cli("check", "b", "a", "--format", form, "--as-of", "2026-11-22")
        if form == "json":
            projects = [{project["project"]: project for project in json.loads(ran.out)["projects"]} for ran in (first, swapped)]
            assert projects[0] == projects[1]


def test_findings_of_one_rule_and_model_have_fingerprints_of_their_own(check_text: Examine) -> None:
    report = check_text("version: 1\nproject: p\nmodels: [{id: a/b, license: nope AND never}]\n")
    assert len(report.findings) == 2
    assert len({found.fingerprint for found in report.findings}) == 2
