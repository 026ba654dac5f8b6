"""The README shows what the program really does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from caveat.cli.check import EXIT_CODES

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DEMO = ROOT / "fixtures" / "demo-support-assistant"


def between(name: str) -> str:
    """Return the text of a marked block, without its fence."""
    found = re.search(rf"<!-- begin: {name} -->\n```\w*\n(.*?)```\n<!-- end: {name} -->", README, re.DOTALL)
    assert found, name
    return found[1]


def fenced(language: str) -> list[str]:
    """Return all code blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def caveat(*arguments: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the program as a user does."""
    return subprocess.run([sys.executable, "-m", "caveat", *arguments], cwd=folder, capture_output=True, text=True, check=False)


def test_the_report_is_that_of_the_demo() -> None:
    expected = (DEMO / "expected.txt").read_text(encoding="utf-8")
    head, _, shown = between("demo").partition("\n")
    assert re.fullmatch(r"caveat [0-9.]+ · as of 2026-11-22 · [0-9]+ licenses \(sha256:…\) · policy default", head)
    assert shown == expected.partition("\n")[2]
    assert "FAIL   llama-" in shown


def test_make_demo_shows_it_and_ends_well() -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}
    done = subprocess.run(["make", "--silent", "demo"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "caveat ended with exit code 1" in done.stdout
    assert "llama-3.1/naming" in done.stdout
    assert between("demo").partition("\n")[2].strip() in done.stdout


@pytest.mark.parametrize(("block", "arguments"), [("help", ["--help"]), ("check-help", ["check", "--help"])])
def test_help_is_what_the_program_prints(block: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert between(block) == caveat(*arguments).stdout


def test_the_two_commands_are_targets_and_what_ci_runs() -> None:
    commands = [block for block in fenced("sh") if "make" in block]
    assert commands == ["make demo\nmake test\n"]
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in ci.splitlines() if line.startswith("make")] == ["make demo", "make test"]


def test_the_small_manifest_gives_what_the_readme_says(tmp_path: Path) -> None:
    (manifest,) = (block for block in fenced("yaml") if block.startswith("version:"))
    (tmp_path / "caveat.yaml").write_text(manifest, encoding="utf-8")
    done = caveat("check", "--verbose", folder=tmp_path)
    assert done.returncode == EXIT_CODES["review"]
    assert "PASS   llama-3.3/user-cap" in done.stdout
    assert "PASS   llama-3.3/acceptable-use" in done.stdout
    assert "How does the model reach others" in done.stdout


def test_the_hook_of_the_readme_exists() -> None:
    (hooks,) = (yaml.safe_load(block) for block in fenced("yaml") if block.startswith("repos:"))
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {hook["id"] for hook in hooks["repos"][0]["hooks"]} == {hook["id"] for hook in offered}
