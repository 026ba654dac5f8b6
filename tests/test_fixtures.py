"""Every folder of fixtures/ is an end-to-end test: what `caveat check` says of it stands in its expected files.

`make golden` (CAVEAT_GOLDEN=1) writes them anew; their difference is for a human to read.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from caveat.cli.check import EXIT_CODES

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
CASES = sorted(path.parent.name for path in FIXTURES.glob("*/caveat.*"))
GOLDEN = bool(os.environ.get("CAVEAT_GOLDEN"))
FORMATS = ("json", "text")
_HEAD = re.compile(r"caveat [0-9][^ ]* · as of ([0-9-]+) · [0-9]+ licenses \(sha256:[0-9a-f]+\)")


def neutral(text: str, form: str) -> str:
    """Return a report without what changes with every release: version, digest and number of licenses."""
    if form == "text":
        return _HEAD.sub(r"caveat VERSION · as of \1 · N licenses (DIGEST)", text)
    report: dict[str, Any] = json.loads(text)
    report["tool"]["version"] = "VERSION"
    report["rules"] |= {"digest": "DIGEST", "licenses": 0}
    return json.dumps(report, ensure_ascii=False, indent=1) + "\n"


def arguments(case: str, form: str) -> list[str]:
    """Return the command line of a case; a file `args` in its folder adds to it."""
    extra = FIXTURES / case / "args"
    more = extra.read_text().split() if extra.exists() else []
    return ["check", "--format", form, "--as-of", "2026-11-22", "--color", "never", *more]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", CASES)
def test_fixture(case: str, form: str, cli: Callable[..., Any]) -> None:
    ran = cli(*arguments(case, form), folder=str(FIXTURES / case))
    assert ran.err == ""
    if form == "json":
        assert ran.code == EXIT_CODES[json.loads(ran.out)["verdict"]]
    expected = FIXTURES / case / f"expected.{'txt' if form == 'text' else form}"
    if GOLDEN:
        expected.write_text(neutral(ran.out, form), encoding="utf-8")
    assert neutral(ran.out, form) == expected.read_text(encoding="utf-8"), "if this is right: make golden"


def test_there_are_fixtures_and_each_has_both_expectations() -> None:
    assert len(CASES) > 10
    for case in CASES:
        assert {path.name for path in (FIXTURES / case).glob("expected.*")} == {"expected.json", "expected.txt"}


@pytest.mark.parametrize("form", FORMATS)
def test_same_input_gives_the_same_bytes(form: str) -> None:
    command = [sys.executable, "-m", "caveat", "check", "--format", form, "--verbose", "--as-of", "2026-11-22", "."]
    runs = [subprocess.run(command, cwd=FIXTURES, env={**os.environ, "PYTHONHASHSEED": seed, "LC_ALL": locale},
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
