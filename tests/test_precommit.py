"""The hook as people use it: the real pre-commit installs this checkout and guards the commits of another repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ("src", "rules", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".pre-commit-hooks.yaml")
HEAD = "version: 1\nproject: hooked\norganization: {kind: company, domicile: DE, litigation: none}\n"
PASSING = HEAD + "distribution: [internal]\nmodels: [mistralai/Mistral-7B-Instruct-v0.3]\n"
FAILING = HEAD + "distribution: [internal]\nmodels: [meta-llama/Llama-4-Scout-17B-16E-Instruct]\n"
REVIEWED = HEAD + "models: [meta-llama/Llama-3.3-70B-Instruct]\n"


class Repository(NamedTuple):
    """A git repository whose commits the hook guards."""

    folder: Path
    environment: Mapping[str, str]

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command inside."""
        return subprocess.run(command, cwd=self.folder, env=dict(self.environment), capture_output=True, text=True, check=False)

    def git(self, *arguments: str) -> str:
        """Run git, which must succeed, and return what it printed."""
        done = self.run("git", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def commit(self, name: str, text: str) -> subprocess.CompletedProcess[str]:
        """Write a file, stage it and try to commit it."""
        (self.folder / name).write_text(text, encoding="utf-8")
        self.git("add", name)
        return self.run("git", "commit", "--quiet", "-m", "change")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Make a repository with the hook installed, taken from a commit of a copy of this checkout."""
    scratch = tmp_path_factory.mktemp("hook")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "PRE_COMMIT"))}
    environment |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "PRE_COMMIT_HOME": str(scratch / "cache"),
                    **{f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
                       for what, value in (("NAME", "Test"), ("EMAIL", "test@example.com"))}}
    tool = Repository(scratch / "tool", environment)
    tool.folder.mkdir()
    for name in SHIPPED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tool.folder / name, ignore=shutil.ignore_patterns("__pycache__", "compiled.pack"))
        else:
            shutil.copy(ROOT / name, tool.folder / name)
    project = Repository(scratch / "project", environment)
    project.folder.mkdir()
    for one in (tool, project):
        one.git("init", "--quiet")
    tool.git("add", "--all")
    tool.git("commit", "--quiet", "-m", "copy")
    (project.folder / ".pre-commit-config.yaml").write_text(
        f"repos: [{{repo: '{tool.folder.as_posix()}', rev: {tool.git('rev-parse', 'HEAD')}, hooks: [{{id: caveat-check}}]}}]\n",
        encoding="utf-8")
    project.git("add", "--all")
    done = project.run(sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def test_a_commit_without_a_manifest_is_left_alone(repository: Repository) -> None:
    done = repository.commit("notes.txt", "nothing to check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Skipped" in done.stderr + done.stdout


def test_a_passing_manifest_is_committed(repository: Repository) -> None:
    done = repository.commit("caveat.yaml", PASSING)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stderr + done.stdout
    assert repository.git("status", "--porcelain", "--untracked-files=no") == ""


def test_a_failing_manifest_is_refused_with_the_clause(repository: Repository) -> None:
    done = repository.commit("caveat.yaml", FAILING)
    printed = done.stdout + done.stderr
    assert done.returncode != 0
    assert "llama-4/eu-multimodal-exclusion" in printed
    assert "exit code: 1" in printed


def test_an_open_question_is_refused(repository: Repository) -> None:
    done = repository.commit("caveat.yaml", REVIEWED)
    printed = done.stdout + done.stderr
    assert done.returncode != 0
    assert "llama-3.3/user-cap" in printed
    assert "exit code: 3" in printed
