"""Where reports go: several at once, each whole or not at all, and what could not be evaluated is in all of them."""

from __future__ import annotations

import ast
import html
import io
import json
import os
import pty
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pypdf
import pytest

import caveat
from caveat.own_rules import OWN_RULES
from caveat.reporters import text as text_reporter

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

PASSING = "version: 1\nproject: p\ndistribution: internal\norganization: {kind: company}\nmodels: [{id: a/b, license: mit}]\n"
BROKEN = "version: 1\nproject: q\nmodles: []\n"
DAY = ("--as-of", "2026-11-22")
FORMS = ("json", "sarif", "junit", "gitlab", "github", "markdown", "csv", "html", "xlsx", "pdf")


@pytest.fixture(autouse=True)
def _no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)


def test_several_reports_and_the_text_in_one_run(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", PASSING)
    ran = cli("check", *DAY, "--output", "sarif=a.sarif", "-o", "html=a=b.html")
    assert ran.code == 0
    assert "PASS" in ran.out
    assert json.loads((tmp_path / "a.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert (tmp_path / "a=b.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(("arguments", "begins"), [
    (["-o", "r.html"], "<!DOCTYPE"), (["-o", "r.json"], "{"), (["-o", "r.md"], "<!--"), (["-o", "r.txt"], "caveat "),
    (["-o", "r.unknown"], "caveat "), (["--format", "text", "-o", "r.html"], "caveat "),
    (["--format", "csv", "-o", "r.x"], "project"), (["-o", "x=y.txt"], "caveat "),
])
def test_a_file_without_a_format_stands_for_standard_output(write: Write, cli: Cli, tmp_path: Path, arguments: list[str],
                                                            begins: str) -> None:
    write("caveat.yaml", PASSING)
    ran = cli("check", *DAY, *arguments)
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / arguments[-1]).read_text(encoding="utf-8").startswith(begins)


@pytest.mark.parametrize(("arguments", "message"), [
    (["-o", "html="], "names no file"), (["-o", "html=r", "-o", "json=./r"], "two reports go to this file"),
    (["-o", "r", "-o", "json=r"], "two reports go to this file"), (["-o", "json=nowhere/r"], "nowhere/r: cannot be written"),
])
def test_outputs_that_cannot_be(write: Write, cli: Cli, arguments: list[str], message: str) -> None:
    write("caveat.yaml", PASSING)
    ran = cli("check", *DAY, *arguments)
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    assert message in ran.err


def test_a_workbook_is_not_written_to_a_terminal(write: Write, tmp_path: Path) -> None:
    write("caveat.yaml", PASSING)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(Path(caveat.__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-m", "caveat", "check", "--format", "xlsx"], cwd=tmp_path, stdout=theirs,
                         stderr=subprocess.PIPE, env=environment, text=True, check=False)
    os.close(theirs)
    os.close(ours)
    assert ran.returncode == 2
    assert "--output xlsx=report.xlsx" in ran.stderr


def test_what_could_not_be_evaluated_is_in_the_report_and_no_pass(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("a/caveat.yaml", PASSING)
    write("b/caveat.yaml", BROKEN)
    ran = cli("check", *DAY, "-o", "json=r.json", "-o", "html=r.html", "-o", "markdown=r.md", "-o", "csv=r.csv")
    assert ran.code == 2
    assert "b/caveat.yaml:3:1: unknown key 'modles'; did you mean 'models'?" in ran.err
    assert "1 manifest could not be evaluated" in ran.out
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert report["verdict"] == "review"
    assert [project["verdict"] for project in report["projects"]] == ["pass"]
    assert {"path": "b/caveat.yaml", "line": 3, "column": 1} in [missing["location"] for missing in report["not_evaluated"]]
    for name in ("r.html", "r.md", "r.csv"):
        assert "modles" in (tmp_path / name).read_text(encoding="utf-8")


def test_a_report_of_nothing_says_so_and_is_no_pass(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", BROKEN)
    ran = cli("check", *DAY, *(part for form in FORMS for part in ("-o", f"{form}=r.{form}")))
    assert (ran.code, ran.out) == (2, "")
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["verdict"], report["projects"], len(report["not_evaluated"])) == ("review", [], 2)
    assert all((tmp_path / f"r.{form}").stat().st_size for form in FORMS)


def test_a_job_gets_annotations_and_its_summary(write: Write, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("caveat.yaml", PASSING.replace("mit", "nobody-knows"))
    (tmp_path / "summary.md").write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    ran = cli("check", *DAY, "--format", "github")
    assert ran.code == 3
    assert ran.out.startswith("::warning file=caveat.yaml,line=5")
    summary = (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("before\n") and "## REVIEW: p" in summary
    assert cli("check", *DAY).code == 3
    assert (tmp_path / "summary.md").read_text(encoding="utf-8") == summary


def test_waivers_and_facts_and_lineage_are_in_the_report(write: Write, cli: Cli) -> None:
    write("caveat.yaml", """\
version: 1
project: p
mau: {2024-08: 5, 2024-09: {at_most: 9}}
revenue: [{period: 2025, amount: 7, currency: EUR}]
models:
  - {id: acme/x, license: llama-3.1, base: [{id: meta-llama/Llama-3.1-8B, relation: fine-tune}]}
waivers: [{rule: llama-3.1/naming, reason: shown, owner: me, until: 2027-01-01}]
""")
    project = json.loads(cli("check", *DAY, "--format", "json").out)["projects"][0]
    facts = {(fact["model"], fact["fact"], fact["detail"]): (fact["value"], fact["line"]) for fact in project["facts"]}
    assert facts["", "mau", "2024-08"] == ("5", 3)
    assert facts["", "mau", "2024-09"] == ("at most 9", 3)
    assert facts["", "revenue", ""] == ("period: 2025; amount: 7; currency: EUR", 4)
    assert facts["acme/x", "base", ""][0] == "id: meta-llama/Llama-3.1-8B; relation: fine-tune"
    assert project["models"][0]["lineage"] == [
        {"model": "acme/x", "relation": "fine-tune", "parent": "meta-llama/Llama-3.1-8B", "licenses": ["llama-3.1"]}]
    assert project["waivers"][0]["owner"] == "me" and project["waivers"][0]["state"] == "not-applied"
    assert [license["id"] for license in project["licenses"]] == ["llama-3.1"]


# -- the text report of very much ----------------------------------------------------------------------------------------


def test_the_text_report_lists_the_gravest_and_counts_the_rest(write: Write, cli: Cli) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels:\n" + "".join(
        f"  - {{id: a/m{number:03d}, license: llama-3.2, multimodal: true}}\n" for number in range(80)))
    short, full = cli("check", *DAY).out, cli("check", *DAY, "-v").out
    assert short.count("\n  REVIEW ") + short.count("\n  FAIL ") == text_reporter.MAX_FINDINGS
    assert "and 20 more models: 20 review" in short
    assert f"Listed: {text_reporter.MAX_FINDINGS} of " in short
    assert "--output html=report.html" in short
    assert "Listed:" not in full and "more models" not in full
    assert full.splitlines()[-1] == short.splitlines()[-1]


def test_what_fails_is_listed_before_what_is_only_open(write: Write, cli: Cli) -> None:
    models = "".join(f"  - {{id: a/m{number:03d}, license: llama-3.2, multimodal: true}}\n" for number in range(50))
    write("caveat.yaml", f"version: 1\nproject: p\nmodels:\n{models}  - {{id: z/z, license: cc-by-nc-4.0, purpose: commercial}}\n")
    assert "FAIL   cc-by-nc-4.0/noncommercial" in cli("check", *DAY).out


def test_no_line_is_a_command_to_the_log_of_a_job(make_line: Callable[[str], str]) -> None:
    for attack in ("::error::x", "  ::add-mask::x", "##[error]x"):
        line = make_line(attack)
        assert not line.lstrip().startswith("::") and "##[" not in line


@pytest.fixture
def make_line() -> Callable[[str], str]:
    """Write one line of a report as the terminal gets it."""

    def made(message: str) -> str:
        return text_reporter._Line(message).written(color=False)

    return made


# -- rules of no license -------------------------------------------------------------------------------------------------


def test_every_rule_that_belongs_to_no_license_is_described() -> None:
    found = set()
    for path in Path(caveat.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant) and (
                    (isinstance(node.func, ast.Attribute) and node.func.attr == "_find")
                    or (isinstance(node.func, ast.Name) and node.func.id == "Finding")):
                found.add(node.args[0].value)
    assert found == set(OWN_RULES)


def test_the_style_changes_no_verdict(write: Write, cli: Cli) -> None:
    write("caveat.yaml", PASSING)
    assert {cli("check", *DAY, *more).code for more in ([], ["-v"], ["--color", "always"], ["--include-waived"])} == {0}


# -- what no format may leave out ----------------------------------------------------------------------------------------


def readable(folder: Path, form: str) -> str:
    """Return a written report as text, escapes of its format undone."""
    content = (folder / f"r.{form}").read_bytes()
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)
    if form == "pdf":
        return re.sub("[\u200b\n]", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages))
    text = content.decode()
    return re.sub(r"\\(?=[^\w\s])", "", html.unescape(text)) if form in ("html", "markdown", "junit") else text


def written(cli: Cli, *arguments: str) -> None:
    """Run a check that writes every format."""
    assert cli("check", *DAY, *(part for form in FORMS for part in ("-o", f"{form}=r.{form}")), *arguments).code in (0, 1, 2, 3)


def test_a_finding_about_a_model_that_is_not_listed_is_lost_in_no_format(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", PASSING + "waivers: [{rule: mit/x, model: gone/away, reason: r, owner: o, until: 2027-01-01}]\n")
    written(cli)
    for form in FORMS:
        assert "waiver-not-applied" in readable(tmp_path, form), form
        assert "gone/away" in readable(tmp_path, form), form


def test_a_policy_of_ones_own_and_replaced_rules_are_named_in_every_format(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("soft.yaml", "name: soft\ngate: {review: none, obligation: none}\n")
    write("own/licenses/mit.yaml", "id: mit\nname: Softer\nsource: {url: u, read_on: 2026-01-01, evidence: text}\n"
          "clauses: [{kind: info, section: '1', says: nothing}]\n")
    write("caveat.yaml", PASSING + "policy: soft.yaml\nrules: own\n")
    written(cli)
    for form in (form for form in FORMS if form != "json"):
        found = readable(tmp_path, form).lower()
        assert "this repository's own" in found, form
        assert "replaced" in found and "mit" in found, form


def test_an_ancestor_that_is_not_drawn_is_counted(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels:\n" + "".join(
        f"  - {{id: a/m{n}, license: mit, base: [{{id: a/m{n + 1}, relation: fine-tune}}]}}\n" for n in range(70)))
    written(cli)
    first = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["projects"][0]["models"][0]
    assert (len(first["lineage"]), first["more_steps"]) == (60, 10)
    for form in ("html", "xlsx", "pdf"):
        assert "and 10 more steps" in readable(tmp_path, form)


def test_an_ancestor_without_a_known_license_is_not_said_to_bring_none(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", PASSING.replace("license: mit}", "license: mit, base: [{id: x/y, relation: merge}]}"))
    written(cli)
    for form in ("html", "xlsx", "pdf"):
        assert "no license counted" in readable(tmp_path, form)


def test_that_a_duty_may_be_owed_is_not_said_to_be_none(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [{id: a/b, license: apache-2.0}]\n")
    written(cli)
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["projects"][0]
    assert report["obligations"] == [] and any(one["rule"] == "apache-2.0/license-copy" for one in report["findings"])
    for form in ("html", "pdf"):
        assert "where it is open whether one is owed" in readable(tmp_path, form)


@pytest.mark.parametrize("name", ["caveat.yaml", "./caveat.yaml", "link.yaml", "org.yaml"])
def test_no_report_is_written_over_a_manifest(write: Write, cli: Cli, tmp_path: Path, name: str) -> None:
    write("org.yaml", "organization: {kind: company}\n")
    write("caveat.yaml", PASSING.replace("organization: {kind: company}", "extends: org.yaml"))
    (tmp_path / "link.yaml").symlink_to("caveat.yaml")
    before = [(tmp_path / file).read_bytes() for file in ("caveat.yaml", "org.yaml")]
    ran = cli("check", "caveat.yaml", *DAY, "-o", f"json={name}")
    assert (ran.code, ran.out) == (2, "")
    assert "a report is not written over it" in ran.err
    assert [(tmp_path / file).read_bytes() for file in ("caveat.yaml", "org.yaml")] == before


def test_a_pipe_stays_a_pipe_and_a_link_a_link(write: Write, cli: Cli, tmp_path: Path, make_fifo: Callable[[str], str]) -> None:
    write("caveat.yaml", PASSING)
    pipe = make_fifo("pipe")
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    (tmp_path / "link.json").symlink_to("target.json")
    write("target.json", "old")
    ran = cli("check", *DAY, "-o", f"csv={pipe}", "-o", "json=link.json")
    assert ran.code == 0
    assert os.read(reader, 100).startswith(b"project,")
    os.close(reader)
    assert stat.S_ISFIFO(os.stat(pipe).st_mode) and (tmp_path / "link.json").is_symlink()
    assert json.loads((tmp_path / "target.json").read_text(encoding="utf-8"))["verdict"] == "pass"


def test_a_file_whose_name_is_no_utf8_is_reported_like_any_other(write: Write, cli: Cli, tmp_path: Path) -> None:
    write("caveat.yaml", PASSING)
    os.rename(tmp_path / "caveat.yaml", os.fsencode(tmp_path) + b"/a\xff.yaml")
    name = os.fsdecode(b"a\xff.yaml")
    for form in ("text", *FORMS):
        ran = cli("check", name, *DAY, "-o", f"{form}=r.{form}")
        assert (ran.code, ran.err) == (0, ""), form


def test_the_day_of_several_manifests_is_the_latest_of_theirs(write: Write, cli: Cli) -> None:
    write("a/caveat.yaml", PASSING + "as_of: 2026-01-01\n")
    write("b/caveat.yaml", PASSING + "as_of: 2026-02-02\n")
    report = json.loads(cli("check", "--format", "json").out)
    assert (report["as_of"], [project["as_of"] for project in report["projects"]]) == ("2026-02-02", ["2026-01-01", "2026-02-02"])
