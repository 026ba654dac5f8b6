"""Evaluate: the order in which duties and prohibitions are judged, and how far what was read may answer (DESIGN 4)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import pytest

from caveat.catalogue import Rules, load_rules
from caveat.clause import Duty, Met, Prohibition
from caveat.evaluate import evaluate
from caveat.evidence import read_evidence
from caveat.finding import Finding, Judgement, Outcome
from caveat.load import load
from caveat.resolve import resolve
from caveat.truth import Ground, Need, Truth, arguable, no, unknown, yes
from caveat.use import Use

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

ANSWERS = {"yes": yes(Ground("fact", "yes")), "no": no(Ground("fact", "no")), "unknown": unknown(Need("fact")),
           "arguable": arguable("strictly it is, narrowly it is not")}
MET: dict[str, Met] = {
    "met": Met("yes", "is met", (Ground("evidence", "good"),)), "unmet": Met("no", "is not met", (Ground("evidence", "bad"),)),
    "open": Met("open", "looks odd", (Ground("evidence", "odd"),)), "unstated": Met("unstated")}


class Ban(Prohibition):
    """A prohibition whose answer a test gives."""

    kind: ClassVar[str] = "noncommercial"
    answer: Truth
    none: Judgement | None = None

    def breached(self, use: Use) -> Truth:
        return self.answer

    def absent(self, use: Use) -> Judgement | None:
        return self.none


class Task(Duty):
    """A duty whose answers a test gives."""

    kind: ClassVar[str] = "license-copy"
    answer: Truth
    state: Met

    def owed(self, use: Use) -> Truth:
        return self.answer

    def met(self, use: Use) -> Met:
        return self.state


def with_answers(clause: Any, **answers: object) -> Any:
    """Give a frozen clause the answers it is to return."""
    clause.__dict__.update(answers)
    return clause


def ban(answer: str, through_api: Literal["applies", "open", "exempt"] = "open", none: Judgement | None = None) -> Ban:
    made: Ban = with_answers(Ban(section="1", through_api=through_api), answer=ANSWERS[answer], none=none)
    return made


def task(answer: str, met: str, through_api: Literal["applies", "open", "exempt"] = "exempt") -> Task:
    made: Task = with_answers(Task(section="1", through_api=through_api), answer=ANSWERS[answer], state=MET[met])
    return made


Using: TypeAlias = Callable[..., Use]
Judge: TypeAlias = Callable[[str, str], dict[str, Finding]]


@pytest.fixture
def using(write: Write, rules: Rules) -> Using:
    """Give the use of a model under the Llama 3.2 license, whose licensor is Meta."""

    def made(project: str = "", model: str = "", as_of: str = "2026-11-22") -> Use:
        text = f"version: 1\nproject: p\n{project}\nmodels:\n  - {{id: a/b, license: llama-3.2{model}}}\n"
        manifest = load(write("caveat.yaml", text), rules.vocabulary)
        evidence = read_evidence(manifest, rules.fingerprints)
        (resolved,) = resolve(manifest, rules, evidence)
        return Use(resolved.terms[0], resolved, manifest.facts, evidence, rules.vocabulary, datetime.date.fromisoformat(as_of))

    return made


LICENSED = ", separate_license: {licensor: Meta, covers: [noncommercial, license-copy], reference: MSA-17%s}"
HOSTED = ", delivery: third-party-api"


# -- duties ----------------------------------------------------------------------------------------------------------


def expected_of_duty(owed: str, met: str, status: str) -> Outcome:
    """Say the order of DESIGN section 4 in other words."""
    if owed == "no":
        return "not-applicable"
    if met == "met":
        return "pass"
    if owed in ("unknown", "arguable"):
        return "review"
    decided: dict[str, Outcome] = {"unmet": "fail", "open": "review", "unstated": "fail" if status == "live" else "obligation"}
    return decided[met]


@pytest.mark.parametrize(("owed", "met", "status"), list(product(ANSWERS, MET, ["live", "planned", ""])))
def test_the_order_in_which_a_duty_is_judged(using: Using, owed: str, met: str, status: str) -> None:
    judgement = task(owed, met).judge(using(f"status: {status}" if status else ""))
    assert judgement.outcome == expected_of_duty(owed, met, status)
    facts = {ground.fact for ground in judgement.because}
    if judgement.outcome in ("pass", "fail") and met != "unstated":
        assert "evidence" in facts
    if judgement.outcome == "fail" and met == "unstated":
        assert "status" in facts
    if owed == "unknown" and judgement.outcome == "review":
        assert judgement.needs == {Need("fact")}
        assert "not stated: fact" in judgement.message
    if owed == "arguable" and judgement.outcome == "review":
        assert "narrowly it is not" in judgement.message


def test_an_open_duty_names_what_a_human_must_look_at(using: Using) -> None:
    judgement = task("yes", "open").judge(using("status: live"))
    assert judgement.needs == {Need("", reading="looks odd")}


@pytest.mark.parametrize(("owed", "outcome"), [("yes", "not-applicable"), ("unknown", "not-applicable"), ("no", "not-applicable")])
def test_a_separate_license_lifts_a_duty(using: Using, owed: str, outcome: str) -> None:
    judgement = task(owed, "unmet").judge(using("status: live", LICENSED % ""))
    assert judgement.outcome == outcome
    assert ("separate_license" in {ground.fact for ground in judgement.because}) == (owed != "no")


@pytest.mark.parametrize(("through_api", "owed", "met", "outcome"), [
    ("exempt", "yes", "unstated", "not-applicable"), ("exempt", "unknown", "unstated", "not-applicable"),
    ("open", "yes", "unstated", "review"), ("open", "no", "unstated", "not-applicable"), ("open", "yes", "met", "pass"),
    ("applies", "yes", "unstated", "fail"), ("applies", "unknown", "unstated", "review"),
])
def test_a_duty_of_one_who_calls_another_companys_host(using: Using, through_api: Literal["applies", "open", "exempt"], owed: str,
                                                       met: str, outcome: str) -> None:
    assert task(owed, met, through_api).judge(using("status: live", HOSTED)).outcome == outcome


# -- prohibitions ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("breached", "outcome"), [("yes", "fail"), ("no", "pass"), ("unknown", "review"), ("arguable", "review")])
def test_a_prohibition(using: Using, breached: str, outcome: str) -> None:
    judgement = ban(breached).judge(using())
    assert judgement.outcome == outcome
    assert bool(judgement.needs) == (outcome == "review")


def test_a_prohibition_without_a_subject(using: Using) -> None:
    absent = Judgement("not-applicable", "nothing of the kind")
    for breached in ANSWERS:
        assert ban(breached, none=absent).judge(using()) == absent


@pytest.mark.parametrize(("stated", "as_of", "note"), [
    ("licensor: Meta, covers: [noncommercial]", "2026-11-22", None),
    ("licensor: 'Meta Platforms, Inc.', covers: [noncommercial]", "2026-11-22", None),
    ("licensor: facebook, covers: [user-cap, noncommercial]", "2026-11-22", None),
    ("licensor: Meta, covers: [noncommercial], until: 2026-11-22", "2026-11-22", None),
    ("licensor: Meta, covers: [noncommercial], until: 2026-11-21", "2026-11-22", "ended on 2026-11-21"),
    ("licensor: Meta, covers: [noncommercial], from: 2026-11-22", "2026-11-22", None),
    ("licensor: Meta, covers: [noncommercial], from: 2026-11-23", "2026-11-22", "begins on 2026-11-23"),
    ("licensor: Meta, covers: [user-cap]", "2026-11-22", "does not cover noncommercial"),
    ("licensor: Mistral AI, covers: [noncommercial]", "2026-11-22", "from Mistral AI, not from the licensor"),
    ("licensor: Metadata Inc, covers: [noncommercial]", "2026-11-22", "not from the licensor"),
    ("licensor: Meta Reseller, covers: [noncommercial]", "2026-11-22", "not from the licensor"),
    ("licensor: '...', covers: [noncommercial]", "2026-11-22", "not from the licensor"),
])
def test_a_separate_license_counts_by_licensor_kind_and_day(using: Using, stated: str, as_of: str, note: str | None) -> None:
    use = using(model=f", separate_license: {{{stated}}}", as_of=as_of)
    for breached in ("yes", "unknown"):
        judgement = ban(breached).judge(use)
        if note is None:
            assert judgement.outcome == "pass"
            assert "separate_license" in {ground.fact for ground in judgement.because}
        else:
            assert judgement.outcome == ("fail" if breached == "yes" else "review")
            assert note in judgement.message


def test_no_separate_license_changes_nothing(using: Using) -> None:
    assert ban("yes").judge(using(model=", separate_license: none")) == ban("yes").judge(using())


@pytest.mark.parametrize(("through_api", "breached", "outcome"), [
    ("exempt", "yes", "not-applicable"), ("open", "yes", "review"), ("open", "no", "pass"), ("open", "unknown", "review"),
    ("applies", "yes", "fail"), ("applies", "unknown", "review"),
])
def test_a_prohibition_for_one_who_calls_another_companys_host(
        using: Using, through_api: Literal["applies", "open", "exempt"], breached: str, outcome: str) -> None:
    assert ban(breached, through_api).judge(using(model=HOSTED)).outcome == outcome
    assert ban(breached, through_api).judge(using(model=", delivery: partner-api")).outcome == outcome
    own = ban(breached, through_api).judge(using(model=", delivery: self-hosted")).outcome
    assert own == {"yes": "fail", "no": "pass", "unknown": "review"}[breached]


# -- how far the reading goes, and choices ---------------------------------------------------------------------------------

LICENSE = """\
id: {id}
name: {id}
source: {{url: 'https://example.org', read_on: 2026-01-01, evidence: {evidence}}}
clauses:
  - {{kind: noncommercial, section: '1'}}
  - {{kind: license-copy, section: '2'}}
  - {{kind: attribution, section: '3', text: Built with it}}
  - {{kind: info, section: '4', says: Good to know.}}
"""


@pytest.fixture
def judged(write: Write, tmp_path: Path) -> Judge:
    """Give the findings of one model under licenses of our own, by rule."""

    def made(license: str, facts: str) -> dict[str, Finding]:
        for name, evidence in (("read", "text"), ("partly", "partial"), ("second", "secondary")):
            write(f"rules/licenses/{name}.yaml", LICENSE.format(id=name, evidence=evidence))
        write("rules/licenses/free.yaml", LICENSE.format(id="free", evidence="text").replace(
            "  - {kind: noncommercial, section: '1'}\n", ""))
        rules = load_rules((str(tmp_path / "rules"),))
        manifest = load(write("caveat.yaml", f"version: 1\nproject: p\n{facts}\nmodels: [{{id: a/b, license: {license}}}]\n"),
                        rules.vocabulary)
        documents = read_evidence(manifest, rules.fingerprints)
        found = evaluate(manifest, resolve(manifest, rules, documents), documents, rules.vocabulary, datetime.date(2026, 11, 22))
        return {finding.rule: finding for finding in found}

    return made


@pytest.mark.parametrize("license", ["partly", "second"])
@pytest.mark.parametrize(("facts", "clause", "read_as"), [
    ("purpose: commercial", "noncommercial", "fail"), ("purpose: research", "noncommercial", "pass"),
    ("distribution: weights\nstatus: live", "license-copy", "fail"), ("distribution: weights", "license-copy", "obligation"),
])
def test_what_was_not_read_in_the_text_itself_decides_nothing(
        judged: Judge, license: str, facts: str, clause: str, read_as: str) -> None:
    assert judged("read", facts)[f"read/{clause}"].outcome == read_as
    capped = judged(license, facts)[f"{license}/{clause}"]
    assert capped.outcome == "review"
    assert f"read as {read_as}" in capped.message
    assert capped.because == judged("read", facts)[f"read/{clause}"].because


def test_what_is_absent_is_not_applicable_even_when_only_partly_read(judged: Judge) -> None:
    found = judged("partly", "distribution: internal")
    assert found["partly/license-copy"].outcome == "not-applicable"
    assert found["partly/info"].outcome == "not-applicable"


@pytest.mark.parametrize(("evidence", "facts", "said"), [
    ("text", "distribution: internal", False), ("partial", "distribution: internal", True),
    ("secondary", "distribution: internal", True), ("partial", "distribution: weights", False),
])
def test_a_license_read_in_part_never_passes_as_a_whole(
        write: Write, tmp_path: Path, cli: Cli, evidence: str, facts: str, said: bool) -> None:
    write("rules/licenses/some.yaml", LICENSE.format(id="some", evidence=evidence).replace(
        "  - {kind: noncommercial, section: '1'}\n", ""))
    write("caveat.yaml", f"version: 1\nproject: p\n{facts}\nmodels: [{{id: a/b, license: some}}]\n")
    ran = cli("check", "--rules", "rules", "--format", "json")
    found = {finding["rule"]: finding["severity"] for finding in json.loads(ran.out)["projects"][0]["findings"]}
    assert found.get("license-partly-read") == ("high" if said else None)
    assert (ran.code == 0) == (evidence == "text")


def test_a_finding_carries_its_clause(judged: Judge) -> None:
    finding = judged("read", "purpose: commercial")["read/noncommercial"]
    assert (finding.license, finding.section, finding.kind, finding.model) == ("read", "1", "noncommercial", "a/b")
    assert (finding.severity, finding.via, finding.url, finding.duty) == ("blocker", ("own",), "https://example.org", False)
    assert finding.remedy
    assert [(ground.fact, ground.value, ground.line) for ground in finding.because] == [("purpose", "commercial", 3)]
    assert judged("read", "")["read/license-copy"].duty


@pytest.mark.parametrize("expression", ["read OR free", "free OR read"])
def test_the_better_branch_of_a_choice_decides_and_is_named(judged: Judge, expression: str) -> None:
    found = judged(expression, "purpose: commercial\ndistribution: internal")
    assert not any(rule.startswith("read/") for rule in found)
    assert {rule.split("/")[0] for rule in found} == {"license-choice", "free"}
    assert found["license-choice"].message == "checked under free, the better choice over read"


def test_a_choice_whose_branches_both_fail_fails(judged: Judge) -> None:
    found = judged("read OR (read AND free)", "purpose: commercial\ndistribution: internal")
    assert found["read/noncommercial"].outcome == "fail"
