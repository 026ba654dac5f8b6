"""Which license texts in a folder are still those that the rule sets encode; and rule sets that were read long ago."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from caveat.fingerprints import words_digest

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

ROOT = Path(__file__).parents[1]
APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
OWN = """\
id: own
name: Own
source: {{url: 'https://example.org', read_on: 2026-01-01, evidence: text, digest: '{digest}'}}
clauses:
  - {{kind: noncommercial, section: '1'}}
"""


def checked(cli: Cli, *args: str) -> tuple[int, dict[str, Any]]:
    ran = cli("rules", "check-texts", *args, "--format", "json")
    data: dict[str, Any] = json.loads(ran.out)
    schema = json.loads((ROOT / "rules" / "schema" / "check-texts.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(data)
    return ran.code, data


def test_every_file_is_told_apart(write: Write, cli: Cli) -> None:
    write("texts/apache.txt", APACHE)
    write("texts/deeper/edited.txt", APACHE.replace("perpetual", "temporary"))
    write("texts/recipe.txt", "Stir the soup slowly and add salt.")
    write("texts/.hidden", APACHE)
    code, data = checked(cli, "texts")
    assert code == 1
    assert {file["path"]: (file["state"], file["licenses"]) for file in data["files"]} == {
        "apache.txt": ("same", ["apache-2.0"]), "deeper/edited.txt": ("differs", ["apache-2.0"]), "recipe.txt": ("unknown", [])}
    assert "temporary" in data["files"][2]["detail"]
    assert "mit" in data["missing"]
    assert "apache-2.0" not in data["missing"]


def test_nothing_differs_and_all_is_well(write: Write, cli: Cli) -> None:
    write("texts/apache.txt", "\n\n".join(line.strip() for line in APACHE.splitlines()))
    ran = cli("rules", "check-texts", "texts")
    assert (ran.code, ran.out) == (0, "1 files: 1 same\n")
    assert "same         apache.txt  apache-2.0" in cli("rules", "check-texts", "texts", "--verbose").out


def test_a_text_is_known_by_the_digest_of_its_rule_set(write: Write, cli: Cli) -> None:
    text = "You may not sell it. That is all there is to say."
    write("texts/own.txt", "You  may not\nSELL it. That is all there is to say.")
    write("texts/changed.txt", text.replace("not ", ""))
    write("rules/licenses/own.yaml", OWN.format(digest=words_digest(text)))
    _, data = checked(cli, "texts", "--rules", "rules")
    assert {file["path"]: file["state"] for file in data["files"]} == {"own.txt": "same", "changed.txt": "unknown"}


def test_a_file_that_cannot_be_read_is_no_pass(write: Write, cli: Cli) -> None:
    write("texts/latin.txt", b"Copyright \xa9 somebody")
    code, data = checked(cli, "texts")
    assert code == 2
    assert [(file["state"], file["detail"]) for file in data["files"]] == [("unreadable", "byte 10 is not UTF-8")]


def test_links_are_not_followed(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("elsewhere/apache.txt", APACHE)
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "link.txt").symlink_to(tmp_path / "elsewhere" / "apache.txt")
    (tmp_path / "texts" / "folder").symlink_to(tmp_path / "elsewhere")
    assert cli("rules", "check-texts", "texts").out == "0 files: nothing to compare\n"


@pytest.mark.parametrize("name", [".hidden", "recipe.txt"])
def test_a_folder_without_a_known_text_is_no_pass(write: Write, cli: Cli, name: str) -> None:
    write(f"texts/{name}", "Take two eggs and a cup of flour, stir, and bake until it is done.")
    ran = cli("rules", "check-texts", "texts")
    assert (ran.code, ran.err) == (2, "texts holds no license text that is known here\n")


def test_no_folder_is_a_wrong_call(cli: Cli) -> None:
    ran = cli("rules", "check-texts", "nowhere")
    assert (ran.code, ran.out) == (2, "")
    assert "nowhere: no such folder" in ran.err


# -- max_age ---------------------------------------------------------------------------------------------------------------


def test_the_digest_of_words_does_not_see_the_layout() -> None:
    assert words_digest("One two.\n\nThree") == words_digest("one  TWO three")
    assert words_digest("One two three") != words_digest("One two four")


@pytest.mark.parametrize(("day", "noted"), [("2026-11-22", False), ("2026-11-23", False), ("2026-11-24", True)])
def test_a_rule_set_older_than_the_policy_allows_is_noted(write: Write, cli: Cli, day: str, noted: bool) -> None:
    write("policy.yaml", "name: fresh\nmax_age: 1\n")
    write("caveat.yaml", "version: 1\nproject: p\ndistribution: [internal]\norganization: {litigation: none}\n"
          "models: [{id: a/b, license: apache-2.0}]\n")
    ran = cli("check", "caveat.yaml", "--policy", "policy.yaml", "--as-of", day, "--format", "json")
    findings = [finding for finding in json.loads(ran.out)["projects"][0]["findings"] if finding["rule"] == "rule-set-outdated"]
    assert bool(findings) == noted
    assert ran.code == 0, "a note does not gate"
    if noted:
        [finding] = findings
        assert (finding["outcome"], finding["severity"]) == ("review", "info")
        assert finding["message"] == "apache-2.0 was read on 2026-11-22, 2 days before this audit; the policy allows 1"


def test_without_a_maximum_nothing_is_noted(write: Write, cli: Cli) -> None:
    write("policy.yaml", "name: old\n")
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [{id: a/b, license: mit}]\n")
    assert "rule-set-outdated" not in cli("check", "--policy", "policy.yaml", "--as-of", "2040-01-01", "--format", "json").out


def test_a_policy_cannot_count_backwards(write: Write, cli: Cli) -> None:
    write("policy.yaml", "name: odd\nmax_age: -1\n")
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [{id: a/b, license: mit}]\n")
    ran = cli("check", "--policy", "policy.yaml")
    assert ran.code == 2
    assert "max_age counts days; it is not below zero" in ran.err
