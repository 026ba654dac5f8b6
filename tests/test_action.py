"""The action and the templates: valid by the schemas of their forges, and scripts that obey no input."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest
import yaml

from caveat import plugins

ROOT = Path(__file__).resolve().parents[1]
ACTION: Any = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: Any = ACTION["runs"]["steps"]
INSTALL, CHECK = STEPS
BASH = shutil.which("bash")
FACTS = "version: 1\nproject: p\ndistribution: internal\norganization: {kind: company, domicile: DE}\n"
MANIFESTS = {
    "pass": f"{FACTS}models: [{{id: a/b, license: mit}}]\n", "review": f"{FACTS}models: [a/b]\n",
    "fail": f"{FACTS}models: [{{id: a/b, license: llama-3.2, multimodal: true, region: [EU]}}]\n", "not-evaluated": "version: 1\n"}
CODES = {"pass": 0, "fail": 1, "not-evaluated": 2, "review": 3}
needs_bash = pytest.mark.skipif(BASH is None, reason="no bash here")


class Ran(NamedTuple):
    """What a step of the action gave."""

    code: int
    out: str
    outputs: dict[str, str]
    summary: str


Step: TypeAlias = Callable[..., Ran]


def run(step: Any, folder: Path, environment: dict[str, str]) -> Ran:
    """Run a step's script as GitHub's runner does, in a folder of its own files."""
    assert BASH
    script, outputs, summary = (folder.parent / name for name in ("script.sh", "outputs", "summary"))
    script.write_text(step["run"], encoding="utf-8")
    outputs.write_text("", encoding="utf-8")
    summary.write_text("", encoding="utf-8")
    given = {**os.environ, "GITHUB_OUTPUT": str(outputs), "GITHUB_STEP_SUMMARY": str(summary), **environment}
    done = subprocess.run([BASH, "--noprofile", "--norc", "-eo", "pipefail", str(script)], cwd=folder, env=given, check=False,
                          capture_output=True, text=True, encoding="utf-8", timeout=120)
    written = dict(line.split("=", 1) for line in outputs.read_text(encoding="utf-8").splitlines())
    return Ran(done.returncode, done.stdout + done.stderr, written, summary.read_text(encoding="utf-8"))


@pytest.fixture
def step(tmp_path: Path) -> Step:
    """Run the checking step over a manifest, with inputs by the name that the script knows them by."""
    folder = tmp_path / "repository"
    folder.mkdir()

    def ran(manifest: str = "", **inputs: str) -> Ran:
        if manifest:
            (folder / "caveat.yaml").write_text(MANIFESTS[manifest], encoding="utf-8")
        values = {name: ACTION["inputs"][match[1]]["default"] for name, value in CHECK["env"].items()
                  if (match := re.fullmatch(r"\$\{\{ inputs\.([a-z-]+) \}\}", value))}
        commands = {"CAVEAT_COMMANDS": str(Path(sys.executable).parent)}
        return run(CHECK, folder, {**values, **commands, "CAVEAT_AS_OF": "2026-11-22", **inputs})

    return ran


# -- what it is ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("schema", "file"), [
    ("vendor.github-actions", "action.yml"), ("vendor.github-workflows", "docs/ci/github.yml"),
    ("vendor.gitlab-ci", "docs/ci/caveat.gitlab-ci.yml"),
])
def test_the_forges_schemas_accept_it(schema: str, file: str) -> None:
    done = subprocess.run([sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / file)],
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_input_is_part_of_a_script_and_nothing_of_others_is_run() -> None:
    for one in STEPS:
        assert "${{" not in one["run"]
        assert "uses" not in one
        assert one["shell"] == "bash"
        assert one["run"].startswith("set -euo pipefail\n")


def test_every_input_reaches_a_script_and_every_output_is_written() -> None:
    given = {value for one in STEPS for value in one["env"].values()}
    assert {f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]} <= given
    assert all("default" in one and one["description"] for one in ACTION["inputs"].values())
    for name, output in ACTION["outputs"].items():
        assert output["value"] == f"${{{{ steps.check.outputs.{name} }}}}"
        assert f"{name}=%s" in CHECK["run"]
    for name in (name for one in STEPS for name in one["env"]):
        assert any(f"${name}" in one["run"] or f"${{{name}" in one["run"] for one in STEPS), name


def test_the_templates_use_only_what_exists() -> None:
    workflow = yaml.safe_load((ROOT / "docs/ci/github.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read", "security-events": "write"}
    steps = workflow["jobs"]["caveat"]["steps"]
    (action,) = [one for one in steps if one.get("id") == "caveat"]
    assert set(action["with"]) <= set(ACTION["inputs"])
    named = {name for one in steps for name in re.findall(r"steps\.caveat\.outputs\.([a-z-]+)", str(one))}
    assert named <= set(ACTION["outputs"])
    (upload,) = [one for one in steps if "upload-sarif" in one.get("uses", "")]
    assert upload["if"].startswith("always()")
    gitlab = yaml.safe_load((ROOT / "docs/ci/caveat.gitlab-ci.yml").read_text(encoding="utf-8"))[".caveat"]
    written = dict(re.findall(r"--output (\w+)=(\S+)", " ".join(gitlab["script"])))
    assert set(written) <= set(plugins.names("reporters"))
    assert gitlab["artifacts"]["reports"] == {"codequality": written["gitlab"], "junit": written["junit"]}
    assert gitlab["artifacts"]["paths"] == [written["html"]]
    assert gitlab["artifacts"]["when"] == "always"


# -- what it does --------------------------------------------------------------------------------------------------------------


@needs_bash
@pytest.mark.parametrize("verdict", MANIFESTS)
def test_the_step_ends_as_the_check_does(step: Step, verdict: str) -> None:
    ran = step(verdict)
    assert ran.code == CODES[verdict], ran.out
    assert ran.outputs == {"verdict": verdict, "exit-code": str(CODES[verdict]), "sarif": "caveat.sarif"}
    assert "Annotated: " in ran.out
    assert ran.summary
    assert step(verdict, CAVEAT_FAIL_ON_REVIEW="false").code == {"review": 0}.get(verdict, CODES[verdict])


@needs_bash
def test_reports_are_written_where_they_are_asked_for(step: Step, tmp_path: Path) -> None:
    ran = step("fail", CAVEAT_SARIF="a b.sarif", CAVEAT_HTML="re port.html", CAVEAT_VERBOSE="true")
    assert ran.outputs == {"verdict": "fail", "exit-code": "1", "sarif": "a b.sarif", "html": "re port.html"}
    assert (tmp_path / "repository" / "a b.sarif").stat().st_size
    assert (tmp_path / "repository" / "re port.html").stat().st_size
    assert step("pass", CAVEAT_SARIF="").outputs == {"verdict": "pass", "exit-code": "0"}


@needs_bash
def test_paths_and_rules_are_lines(step: Step, tmp_path: Path) -> None:
    for name, verdict in (("one two", "pass"), ("three", "review")):
        (tmp_path / "repository" / name).mkdir()
        (tmp_path / "repository" / name / "caveat.yaml").write_text(MANIFESTS[verdict], encoding="utf-8")
    assert step(CAVEAT_PATHS="one two\n").outputs["verdict"] == "pass"
    assert step(CAVEAT_PATHS="one two\r\nthree\r\n").outputs["verdict"] == "review"
    missing = step(CAVEAT_PATHS="one two", CAVEAT_RULES="no folder")
    assert (missing.code, missing.outputs["verdict"]) == (2, "not-evaluated")
    assert "no folder" in missing.out


@needs_bash
@pytest.mark.parametrize("name", [name for name, value in CHECK["env"].items() if "inputs." in value])
@pytest.mark.parametrize("value", [
    "$(touch x)", "; touch x", "`touch x`", "x' \"; touch x #", "--help", "-v", "a\nverdict=pass", "*"])
def test_no_input_is_obeyed(step: Step, tmp_path: Path, name: str, value: str) -> None:
    ran = step("fail", **{name: value})
    assert not (tmp_path / "repository" / "x").exists()
    assert ran.code in (1, 2), ran.out
    assert ran.outputs["verdict"] in ("fail", "not-evaluated")
    assert set(ran.outputs) <= {"verdict", "exit-code", "sarif", "html"}


@needs_bash
def test_a_report_of_an_earlier_run_is_no_output(step: Step, tmp_path: Path) -> None:
    (tmp_path / "repository" / "caveat.sarif").write_text("{}", encoding="utf-8")
    ran = step("pass", CAVEAT_POLICY="no such policy", CAVEAT_RULES="no folder")
    assert ran.outputs == {"verdict": "not-evaluated", "exit-code": "2"}


@needs_bash
def test_the_install_step_takes_the_actions_own_files(tmp_path: Path) -> None:
    """A stand-in for Python writes down how it is called: the real installation is a test of the package."""
    folder = tmp_path / "repository"
    folder.mkdir()
    python = tmp_path / "py thon"
    python.write_text('#!/bin/sh\nprintf "%s\\n" "$@" >> "$CALLS"\n'
                      'if [ "$2" = venv ]; then mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; fi\n', encoding="utf-8")
    python.chmod(0o755)
    calls = tmp_path / "calls"
    ran = run(INSTALL, folder, {"CAVEAT_PYTHON": str(python), "CALLS": str(calls), "RUNNER_TEMP": str(tmp_path),
                                "GITHUB_ACTION_PATH": str(tmp_path / "the action")})
    assert ran.code == 0, ran.out
    assert Path(ran.outputs["commands"]).is_dir()
    assert calls.read_text(encoding="utf-8").splitlines()[-1] == str(tmp_path / "the action")
