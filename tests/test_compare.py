"""Compare: licenses and models side by side, and what each would mean for a project."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from caveat.catalogue import Rules
from caveat.compare import Comparison, compare
from caveat.errors import UsageError

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

SCHEMAS = Path(__file__).parents[1] / "rules" / "schema"

PROJECT = """\
version: 1
project: reader
organization: {kind: company, domicile: DE, litigation: none, restricted_party: false}
mau: {at_most: 2_000_000}
purpose: commercial
environment: production
end_users: third-parties
region: [US]
intended_use: [translation]
ai_disclosure: disclosed
distribution: [hosted-service]
status: live
models:
  - {id: mistralai/Mistral-7B-Instruct-v0.3, outputs: {commercial: true, train: none}, made_by: upstream}
"""


def found(cli: Cli, *args: str) -> dict[str, Any]:
    ran = cli("compare", *args, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    data: dict[str, Any] = json.loads(ran.out)
    jsonschema.Draft7Validator(json.loads((SCHEMAS / "compare.json").read_text("utf-8"))).validate(data)
    return data


def kinds(comparison: Comparison) -> dict[str, list[int]]:
    return {row.kind: [len(cells) for cells in row.cells] for row in comparison.rows}


def test_a_row_is_a_clause_kind_and_a_column_a_license(rules: Rules) -> None:
    compared = compare(["apache-2.0", "llama-3.3"], rules)
    assert [candidate.licenses for candidate in compared.candidates] == [("apache-2.0",), ("llama-3.3",)]
    table = kinds(compared)
    assert table["user-cap"] == [0, 1]
    assert table["license-copy"] == [1, 1]
    assert "info" not in table
    [cap] = next(row for row in compared.rows if row.kind == "user-cap").cells[1]
    assert cap.rule == "llama-3.3/user-cap"
    assert cap.brief == "no rights with more than 700,000,000 monthly users (affiliates) in 2024-11"


def test_prohibitions_stand_before_duties(rules: Rules) -> None:
    sorts = [row.sort for row in compare(["llama-4", "apache-2.0"], rules).rows]
    assert sorts == sorted(sorts, key=["prohibition", "duty", "information"].index)
    assert set(sorts) == {"prohibition", "duty"}


def test_a_license_goes_by_any_of_its_names(rules: Rules) -> None:
    assert compare(["llama3.3", "MIT"], rules).candidates[0].licenses == ("llama-3.3",)


def test_a_model_stands_for_the_licenses_that_bind_it(rules: Rules) -> None:
    [candidate] = compare(["meta-llama/Llama-4-Scout-17B-16E"], rules).candidates
    assert (candidate.what, candidate.licenses, candidate.evidence) == ("model", ("llama-4",), "text")


def test_what_is_open_about_a_model_is_said(rules: Rules) -> None:
    [candidate] = compare(["gpt-5"], rules).candidates
    assert candidate.licenses == ()
    assert candidate.notes[0].startswith("vendor-terms-unknown: ")


def test_a_name_that_is_neither_is_refused_with_the_nearest(rules: Rules) -> None:
    with pytest.raises(UsageError, match=r"did you mean 'llama-3\.3'"):
        compare(["apache-2.0", "llama-33"], rules)


def test_for_a_project_each_candidate_is_judged_in_place_of_its_models(write: Write, cli: Cli) -> None:
    write("caveat.yaml", PROJECT)
    data = found(cli, "apache-2.0", "llama-3.3", "llama-4", "meta-llama/Llama-4-Scout-17B-16E", "--for", "caveat.yaml",
                 "--as-of", "2026-11-22")
    assert (data["project"], data["as_of"]) == ("reader", "2026-11-22")
    verdicts = {candidate["name"]: candidate["cost"]["verdict"] for candidate in data["candidates"]}
    assert verdicts == {"apache-2.0": "pass", "llama-3.3": "fail", "llama-4": "fail", "meta-llama/Llama-4-Scout-17B-16E": "fail"}
    costs = {candidate["name"]: candidate["cost"] for candidate in data["candidates"]}
    assert costs["apache-2.0"] == {"verdict": "pass", "fails": [], "open": [], "duties": []}
    assert [line.split(":")[0] for line in costs["llama-3.3"]["duties"]] == ["llama-3.3/attribution", "llama-3.3/risk-disclosure"]
    assert costs["llama-3.3"]["fails"] == []
    [fail] = costs["meta-llama/Llama-4-Scout-17B-16E"]["fails"]
    assert fail.startswith("llama-4/eu-multimodal-exclusion: ")


def test_a_license_alone_asks_what_only_a_model_can_answer(write: Write, cli: Cli) -> None:
    """Whether some model under Llama 4 is multimodal is open; the facts of the use are taken over, those of a model are not."""
    write("caveat.yaml", PROJECT)
    [candidate] = found(cli, "llama-4", "--for", "caveat.yaml")["candidates"]
    assert any(line.startswith("llama-4/eu-multimodal-exclusion") for line in candidate["cost"]["open"])
    assert not any("outputs.train" in line for line in candidate["cost"]["open"])


def test_facts_that_differ_between_models_are_not_taken_over(write: Write, cli: Cli) -> None:
    write("caveat.yaml", PROJECT + "  - {id: microsoft/phi-4, outputs: {commercial: true}}\n")
    [candidate] = found(cli, "llama-3.3", "--for", "caveat.yaml")["candidates"]
    assert any("outputs.train" in line for line in candidate["cost"]["open"])


def test_terms_of_the_project_are_read(write: Write, cli: Cli) -> None:
    write("TERMS.md", "The Llama 3.3 use policy is part of these terms.")
    write("caveat.yaml", PROJECT + "terms: [{path: TERMS.md, passes_on: [llama-3.3]}]\n")
    [candidate] = found(cli, "llama-3.3", "--for", "caveat.yaml")["candidates"]
    assert not any("allow-others" in line for part in ("fails", "open", "duties") for line in candidate["cost"][part])


def test_text_names_sections_and_the_verdicts_last(write: Write, cli: Cli) -> None:
    write("caveat.yaml", PROJECT)
    out = cli("compare", "apache-2.0", "llama-3.3", "--for", "caveat.yaml", "--as-of", "2026-11-22").out
    assert "user-cap (prohibition)\n  apache-2.0  -\n  llama-3.3   no rights with more than 700,000,000" in out
    assert "For reader as of 2026-11-22, in place of its models\n  PASS   apache-2.0\n  FAIL   llama-3.3\n" in out


def test_markdown_is_one_table_and_escapes_its_cells(write: Write, cli: Cli) -> None:
    write("own/licenses/odd.yaml", "id: odd\nname: Odd\nsource: {url: 'https://example.org', read_on: 2026-01-01, evidence: text}\n"
          "clauses:\n  - {kind: attribution, section: '1', text: 'A | <b>B</b> \\ C'}\n")
    lines = cli("compare", "apache-2.0", "odd", "--format", "markdown", "--rules", "own").out.splitlines()
    assert lines[:2] == ["| | apache-2.0 | odd |", "|---|---|---|"]
    assert all(line.startswith("| ") and line.endswith(" |") for line in lines[2:])
    assert '| attribution | – | show "A \\| &lt;b>B&lt;/b> \\\\ C" (§ 1) |' in lines


def test_what_was_read_in_part_is_said(write: Write, cli: Cli) -> None:
    write("own/licenses/half.yaml", "id: half\nname: Half\nsource: {url: 'https://example.org', read_on: 2026-01-01, "
          "evidence: partial}\nclauses:\n  - {kind: noncommercial, section: '1'}\n")
    assert "half  license (read in part: review at most)" in cli("compare", "half", "--rules", "own").out


@pytest.mark.parametrize(("args", "message"), [
    ([], "Missing argument"), (["apache-2.0", "nothing at all"], "see `caveat licenses`"),
    (["apache-2.0", "--for", "missing.yaml"], "missing.yaml: no such file"),
])
def test_wrong_calls_end_with_2(cli: Cli, args: list[str], message: str) -> None:
    ran = cli("compare", *args)
    assert (ran.code, ran.out) == (2, "")
    assert message in ran.err
