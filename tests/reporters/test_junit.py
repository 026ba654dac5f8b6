"""JUnit: valid by the schema of Jenkins, names that differ, counts that are right, and only what gates is a failure."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import pytest
import xmlschema

from caveat.report import Report, Style
from caveat.reporters import junit

if TYPE_CHECKING:
    from tests.conftest import Cli
    from tests.reporters.conftest import MakeFinding, MakeReport

ROOT = Path(__file__).resolve().parents[2]
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def schema() -> xmlschema.XMLSchema:
    return xmlschema.XMLSchema(str(ROOT / "tests" / "schemas" / "junit-10.xsd"))


def tree(text: str, schema: xmlschema.XMLSchema) -> ElementTree.Element:
    """Return the XML, which must be valid, with counts that are right and names that differ."""
    root = ElementTree.fromstring(text.encode("utf-8"))
    schema.validate(root)
    cases = list(root.iter("testcase"))
    for element in (root, *root.iter("testsuite")):
        inside = list(element.iter("testcase"))
        assert element.get("tests") == str(len(inside))
        for count, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            if element is not root or count != "skipped":
                assert element.get(count) == str(sum(case.find(tag) is not None for case in inside))
    assert len({case.get("name") for case in cases}) == len(cases)
    assert all(len(case) <= 1 for case in cases)
    return root


def ends(root: ElementTree.Element) -> dict[str, tuple[str, str]]:
    """Return how each test case ended, by its name: tag and type."""
    return {str(case.get("name")): next(((end.tag, str(end.get("type"))) for end in case), ("", ""))
            for case in root.iter("testcase")}


@pytest.mark.parametrize("folder", sorted(path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()))
def test_the_junit_of_every_fixture_is_valid(cli: Cli, schema: xmlschema.XMLSchema, folder: str) -> None:
    for more in ((), ("-v",)):
        ran = cli("check", "--as-of", "2026-11-22", "--format", "junit", *more, folder=str(ROOT / "fixtures" / folder))
        root = tree(ran.out, schema)
        assert (ran.code in (1, 3)) == (root.get("failures") != "0")


def test_each_outcome_ends_its_own_way(each: Report, schema: xmlschema.XMLSchema) -> None:
    root = tree(junit.render(each, Style()), schema)
    assert ends(root) == {
        "acme/eyes › a/blocked": ("failure", "fail"), "acme/eyes › a/failed": ("failure", "fail"),
        "acme/eyes › a/asked": ("failure", "review"), "acme/eyes › a/noted": ("skipped", "review"),
        "acme/eyes › a/owed": ("failure", "obligation"), "acme/eyes › a/minor": ("skipped", "obligation"),
        "acme/eyes › a/passed": ("", ""), "acme/eyes › a/waived": ("skipped", "waived"),
        "project › waiver-not-applied": ("skipped", "review"), "project › waiver-not-applied (2)": ("skipped", "review"),
        "b/caveat.yaml:3 › 'models' is missing": ("error", "not-evaluated"), "a manifest › no rules": ("error", "not-evaluated")}
    assert (root.get("tests"), root.get("failures"), root.get("errors")) == ("12", "4", "2")
    verbose = ends(tree(junit.render(each, Style(verbose=True)), schema))
    assert verbose == {**ends(root), "acme/eyes › a/absent": ("skipped", "not-applicable")}


def test_a_suite_is_a_manifest_and_a_failure_says_why(make_finding: MakeFinding, make_report: MakeReport,
                                                      schema: xmlschema.XMLSchema) -> None:
    root = tree(junit.render(make_report(make_finding(), make_finding(rule="x/y", waiver="Legal")), Style()), schema)
    (suite,) = root
    assert (suite.get("name"), suite.get("file")) == ("support", "caveat.yaml")
    first, second = suite.findall("testcase")
    assert {first.get("classname"), second.get("classname")} == {"support"}
    properties = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert properties == {"verdict": "fail", "as of": "2026-11-22", "rules": "sha256:00", "policy": "default"}
    failure, waived = first[0], second[0]
    assert failure.get("message") == "'eyes' does not begin with 'Llama'"
    assert failure.text == ("says: §1.b.i The name begins with Llama.\nbecause: name = eyes [caveat.yaml:9]\n"
                            "to do: Rename the model.\nlicense: https://example.com/license\nwhere: caveat.yaml:9:5")
    assert waived.get("message") == "waived by Legal: 'eyes' does not begin with 'Llama'"


def test_names_differ_over_all_manifests(replaced: Callable[..., Any], make_finding: MakeFinding, make_report: MakeReport,
                                         schema: xmlschema.XMLSchema) -> None:
    report = make_report(make_finding())
    twice = replaced(report, projects=report.projects * 2)
    assert list(ends(tree(junit.render(twice, Style()), schema))) == [
        "acme/eyes › llama-3.2/naming", "acme/eyes › llama-3.2/naming (2)"]


def test_strangers_words_are_text(hostile: Report, schema: xmlschema.XMLSchema) -> None:
    text = junit.render(hostile, Style(verbose=True))
    root = tree(text, schema)
    assert not OBEYED.search(text)
    assert "<script" not in text
    assert {element.tag for element in root.iter()} == {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "skipped", "error"}
