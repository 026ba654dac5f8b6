"""The documentation says what the code does: generated parts are current, links lead somewhere, recipes can be read."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from caveat import plugins
from caveat.catalogue import load_rules
from caveat.cli.check import EXIT_CODES
from caveat.policy import Policy
from caveat.rulebook import adapter

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
_LINK = re.compile(r"\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(path: Path, language: str) -> list[str]:
    """Return the code blocks of a page in one language."""
    return [text for kind, text in _BLOCK.findall(path.read_text(encoding="utf-8")) if kind == language]


def anchors(path: Path) -> set[str]:
    """Return the anchors of a page's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_generated_pages_are_current() -> None:
    done = subprocess.run([sys.executable, str(ROOT / "tools" / "docs.py"), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"run make docs\n{done.stderr}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(page.read_text(encoding="utf-8")):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_every_license_and_clause_kind_has_its_page() -> None:
    assert {path.stem for path in (DOCS / "licenses").glob("*.md")} == {*load_rules().license_ids, "README"}
    assert set(plugins.names("clauses")) <= anchors(DOCS / "clauses.md")


@pytest.mark.parametrize("page", [DOCS / "exit-codes.md", ROOT / "README.md"], ids=["exit-codes", "README"])
def test_the_exit_code_tables_are_those_of_the_code(page: Path) -> None:
    rows = re.findall(r"^\| ([0-9]) \| (\w*) +\|", page.read_text(encoding="utf-8").replace("| |", "|  |"), re.MULTILINE)
    assert {verdict: int(code) for code, verdict in rows if verdict} == EXIT_CODES
    assert [code for code, _ in rows] == ["0", "1", "2", "3"]


def test_the_policy_of_the_exit_code_page_is_a_policy() -> None:
    (text,) = blocks(DOCS / "exit-codes.md", "yaml")
    policy: Policy = adapter(Policy).validate_python(yaml.safe_load(text))
    assert policy.gate.obligation == "none"


def test_recipes_are_yaml_and_use_only_what_exists() -> None:
    recipes = blocks(DOCS / "ci.md", "yaml")
    assert all(isinstance(yaml.safe_load(recipe), dict) for recipe in recipes)
    formats = {name for recipe in recipes for name in re.findall(r"--format (\w+)", recipe)}
    assert formats <= set(plugins.names("reporters"))
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    used = {hook["id"] for hook in yaml.safe_load(recipes[0])["repos"][0]["hooks"]}
    assert used <= hooks


def test_files_that_contributing_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    folders = set(re.findall(r"`((?:src|rules|fixtures|docs)/[\w/]*)", text))
    assert folders
    for folder in folders:
        assert (ROOT / folder).parent.is_dir(), folder
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for named in re.findall(r"`make ([a-z ]+)`", text):
        assert set(named.split()) <= set(targets)
