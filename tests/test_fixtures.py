"""Every folder of fixtures/ is an end-to-end test: what `caveat check` says of it stands in its expected files.

`make golden` (CAVEAT_GOLDEN=1) writes them anew; their difference is for a human to read.
"""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pypdf
import pytest

from caveat import plugins
from caveat.api import Options, check
from caveat.cli.check import EXIT_CODES
from caveat.render import render
from caveat.report import Report, RulesUsed, Style, Tool

if TYPE_CHECKING:
    from tests.conftest import Cli

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/caveat.*"))
GOLDEN = bool(os.environ.get("CAVEAT_GOLDEN"))
DAY = datetime.date(2026, 11, 22)
# What is expected of each format stands in this file; of binary formats it is what a reader of them finds.
EXPECTED = {"text": "expected.txt", "json": "expected.json", "sarif": "expected.sarif", "junit": "expected.junit.xml",
            "gitlab": "expected.gitlab.json", "github": "expected.github.txt", "markdown": "expected.md", "csv": "expected.csv",
            "html": "expected.html", "xlsx": "expected.xlsx.txt", "pdf": "expected.pdf.txt"}


def report_of(case: str, monkeypatch: pytest.MonkeyPatch) -> Report:
    """Return the report of a fixture without what changes with every release: version, digest and number of licenses."""
    monkeypatch.chdir(FIXTURES / case)
    report = check(["caveat.yaml"], Options(as_of=DAY), DAY)
    rules = RulesUsed("sha256:" + "0" * 64, 0, report.rules.replaced, report.rules.added)
    return Report(**{**vars(report), "tool": Tool("caveat", "0.0.0"), "rules": rules})


def readable(content: bytes, form: str) -> str:
    """Return a report as text: that of a workbook cell by cell, that of a PDF page by page."""
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "".join(f"[{sheet.title}!{cell.coordinate}] {cell.value}\n" for sheet in book for row in sheet.iter_rows()
                       for cell in row if cell.value is not None)
    if form == "pdf":
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
        return "".join(f"[page {number}]\n{page.extract_text()}\n" for number, page in enumerate(pages, start=1))
    if form == "html":  # style and script are the same in every page, and tests/reporters/test_html.py looks at them
        page = re.sub(r"(<(style|script)>).*?(</\2>)", r"\1\3", content.decode(), flags=re.DOTALL)
        return re.sub(r"sha256-[\w+/=]{44}|sha256-[\w&#;+/=]{44,}", "sha256-DIGEST", page)
    return content.decode()


@pytest.mark.parametrize("case", CASES)
def test_fixture(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    report = report_of(case, monkeypatch)
    for form, name in EXPECTED.items():
        made = readable(render(report, form, Style()), form).replace("\r\n", "\n")
        expected = FIXTURES / case / name
        if GOLDEN:
            expected.write_text(made, encoding="utf-8")
        assert made == expected.read_text(encoding="utf-8"), f"{name}: if this is right: make golden"


def test_there_are_fixtures_and_each_has_every_expectation() -> None:
    assert len(CASES) > 10
    assert set(EXPECTED) == set(plugins.names("reporters"))
    for case in CASES:
        assert {path.name for path in (FIXTURES / case).glob("expected.*")} == set(EXPECTED.values())


@pytest.mark.parametrize("case", CASES)
def test_the_command_writes_every_format_in_one_run(case: str, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    outputs = [argument for form in EXPECTED for argument in ("--output", f"{form}={tmp_path / form}")]
    ran = cli("check", "--as-of", "2026-11-22", "--color", "never", *outputs, folder=str(FIXTURES / case))
    assert ran.err == ""
    report = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert ran.code == EXIT_CODES[report["verdict"]]
    assert ran.out.encode() == (tmp_path / "text").read_bytes()
    same = check(["caveat.yaml"], Options(as_of=DAY), DAY)
    for form in EXPECTED:
        assert (tmp_path / form).read_bytes() == render(same, form, Style()), form


@pytest.mark.parametrize("form", EXPECTED)
def test_same_input_gives_the_same_bytes(form: str) -> None:
    command = [sys.executable, "-m", "caveat", "check", "--format", form, "--as-of", "2026-11-22", "."]
    without = {key: value for key, value in os.environ.items() if key != "GITHUB_STEP_SUMMARY"}
    runs = [subprocess.run(command, cwd=FIXTURES, env={**without, "PYTHONHASHSEED": seed, "LC_ALL": locale},
                           capture_output=True, check=False)
            for seed, locale in (("1", "C"), ("20261122", "C.UTF-8"))]
    assert {run.returncode for run in runs} == {1}
    assert runs[0].stdout
    assert runs[0].stdout == runs[1].stdout


# What people often get wrong about these licenses: (fixture, model, rule, outcome).
MISTAKES = [
    # Llama 3.1 does not forbid to train other models; it wants their names to begin with Llama. Llama 3 does forbid it.
    ("llama-3.1-trains-another-model", "acme/Llama-Acme-Student-1B", "llama-3.1/output-training-ban", None),
    ("llama-3.1-trains-another-model", "acme/Llama-Acme-Student-1B", "llama-3.1/naming", "pass"),
    ("llama-3.1-trains-another-model", "acme/Acme-Student-1B", "llama-3.1/naming", "fail"),
    ("llama-3.1-trains-another-model", "meta-llama/Llama-3.1-70B-Instruct", "llama-3.1/naming", "fail"),
    ("llama-3-trains-another-model", "meta-llama/Meta-Llama-3-70B-Instruct", "llama-3/output-training-ban", "fail"),
    # The cap of 700 million looks at one month.
    ("user-cap-growth-later", "meta-llama/Llama-3.1-8B-Instruct", "llama-3.1/user-cap", "pass"),
    ("user-cap-over-in-the-month", "meta-llama/Llama-3.1-8B-Instruct", "llama-3.1/user-cap", "fail"),
    ("user-cap-only-today", "meta-llama/Llama-3.1-8B-Instruct", "llama-3.1/user-cap", "review"),
    # The EU paragraph binds licensees, not users, and multimodal models only.
    ("eu-paragraph-us-company", "meta-llama/Llama-3.2-11B-Vision-Instruct", "llama-3.2/eu-multimodal-exclusion", "pass"),
    ("eu-paragraph-us-company", "meta-llama/Llama-4-Maverick-17B-128E-Instruct", "llama-4/eu-multimodal-exclusion", "pass"),
    ("eu-paragraph-german-company", "meta-llama/Llama-3.2-11B-Vision-Instruct", "llama-3.2/eu-multimodal-exclusion", "fail"),
    ("eu-paragraph-german-company", "meta-llama/Llama-3.2-3B-Instruct", "llama-3.2/eu-multimodal-exclusion", "pass"),
    ("eu-paragraph-german-company", "meta-llama/Llama-4-Scout-17B-16E-Instruct", "llama-4/eu-multimodal-exclusion", "fail"),
    # Not Apache-2.0, whatever a tag says.
    *(("mistral-not-apache", model, "license-conflict", "review") for model in (
        "mistralai/Mistral-Large-Instruct-2407", "mistralai/Pixtral-Large-Instruct-2411",
        "mistralai/Devstral-2-123B-Instruct-2512", "mistralai/Voxtral-4B-TTS-2603", "mistralai/Codestral-22B-v0.1")),
    ("mistral-not-apache", "codestral-2501", "model-unknown", "review"),
    # Announced is not released, and a licensor's name is not a license.
    ("behemoth-never-released", "meta-llama/Llama-4-Behemoth-288B", "model-unknown", "review"),
    ("behemoth-never-released", "acme/Llama-Behemoth-Tuned", "model-unknown", "review"),
    ("muse-spark-is-no-llama", "meta/muse-spark", "model-unknown", "review"),
    ("llama-1-merge-sold", "acme/story-merge-13b", "llama-1/noncommercial", "fail"),
    ("base-cycle", "acme/chicken-7b", "lineage-cycle", "review"),
    ("license-expression", "acme/both", "llama-3.1/user-cap", "fail"),
    ("license-expression", "acme/either", "llama-3.1/user-cap", None),
]


@pytest.mark.parametrize(("case", "model", "rule", "outcome"), MISTAKES)
def test_popular_mistakes_come_out_right(case: str, model: str, rule: str, outcome: str | None) -> None:
    report = json.loads((FIXTURES / case / "expected.json").read_text(encoding="utf-8"))
    found = {(one["model"], one["rule"]): one["outcome"] for one in report["projects"][0]["findings"]}
    assert found.get((model, rule)) == outcome


@pytest.mark.parametrize(("case", "verdicts"), [
    ("everything-stated", {"pass"}),
    ("muse-spark-is-no-llama", {"review"}),
    ("behemoth-never-released", {"review"}),
    ("demo-support-assistant", {"pass", "review", "fail"}),
])
def test_verdicts_of_the_models(case: str, verdicts: set[str]) -> None:
    report = json.loads((FIXTURES / case / "expected.json").read_text(encoding="utf-8"))
    assert {model["verdict"] for model in report["projects"][0]["models"]} == verdicts


def test_a_model_that_is_not_apache_never_passes() -> None:
    report = json.loads((FIXTURES / "mistral-not-apache" / "expected.json").read_text(encoding="utf-8"))
    passing = {model["id"] for model in report["projects"][0]["models"] if model["verdict"] == "pass"}
    assert passing == {"mistralai/Mistral-7B-Instruct-v0.3", "mistralai/Devstral-Small-2-24B-Instruct-2512"}


def test_an_or_is_satisfied_by_the_better_branch_and_the_report_says_which() -> None:
    report = json.loads((FIXTURES / "license-expression" / "expected.json").read_text(encoding="utf-8"))
    chosen = {one["model"]: one["message"] for one in report["projects"][0]["findings"] if one["rule"] == "license-choice"}
    assert chosen["acme/either"].startswith("checked under apache-2.0")
    verdicts = {model["id"]: model["verdict"] for model in report["projects"][0]["models"]}
    assert verdicts == {"acme/both": "fail", "acme/either": "pass", "acme/nested": "pass", "acme/broken": "review",
                        "acme/unknown": "review"}
