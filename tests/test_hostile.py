"""Hostile input: a manifest, a file or a rule set of a stranger can end a check, and can do nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import caveat

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

# What a terminal obeys, or what makes text look like other text: no output may hold it.
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
NASTY = {"escape": "\\e[2J\\e]0;x\\a", "bidi": "\\u202egnp\\u202c", "c1": "\\u009b2J", "bell": "\\a", "carriage return": "\\r"}
SOURCES = str(Path(caveat.__file__).parents[1])


@pytest.mark.parametrize("nasty", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("place", [
    'project: "{}"', 'models: ["a/{}"]', 'intended_use: ["{}"]', '"{}": 1', 'region: ["{}"]', 'organization: {{name: "{}"}}',
    'mau: "{}"', 'extends: "{}"', 'as_of: "{}"', 'purpose: "{}"', 'terms: [{{path: "{}"}}]', 'policy: "{}"', 'rules: "{}"',
    'mau: {{"{}": 1}}', 'models: [{{id: a/b, license: "{}"}}]', 'models: [{{id: a/b, base: [{{id: "x/{}", relation: merge}}]}}]',
    'models: [{{id: a/b, name: "{}"}}]', 'waivers: [{{rule: "{}", reason: x, owner: y, until: 2027-01-01}}]',
])
def test_no_word_of_a_manifest_reaches_the_terminal_as_a_command(write: Write, cli: Cli, place: str, nasty: str) -> None:
    keys = {"project": "project: p", "models": "models: [a/b]"}
    line = place.format(nasty)
    text = "\n".join(["version: 1", line, *(default for key, default in keys.items() if not line.startswith(key))])
    write("caveat.yaml", text + "\n")
    for form in ("text", "json"):
        ran = cli("check", "caveat.yaml", "-v", "--format", form)
        assert ran.code in (2, 3)
        assert not OBEYED.search(ran.out + ran.err)


def test_no_word_of_a_rule_file_reaches_the_terminal_as_a_command(write: Write, cli: Cli) -> None:
    write("own/licenses/acme.yaml", 'id: acme\nname: "A\\e[2J"\n'
          'source: {url: "http://x\\e[2J", read_on: 2026-01-01, evidence: text}\n'
          'clauses: [{kind: noncommercial, section: "1\\e[2J", says: "no\\e[2J", remedy: "a\\e[2J\\n\\nPASS: nothing to do"}]\n')
    write("caveat.yaml", "version: 1\nproject: p\npurpose: commercial\nrules: own\nmodels: [{id: a/b, license: acme}]\n")
    ran = cli("check", "caveat.yaml", "-v")
    assert not OBEYED.search(ran.out)
    assert not any(line.startswith("PASS") for line in ran.out.splitlines())


def test_no_file_name_reaches_the_terminal_as_a_command(write: Write, cli: Cli) -> None:
    name = "a\x1b[2J\n\nPASS: nothing to do.yaml"
    write(name, "version: 1\nproject: p\npurpose: commercial\nmodels: [{id: a/b, license: mit}]\n")
    ran = cli("check", name)
    assert not OBEYED.search(ran.out)
    assert not any(line.startswith("PASS: nothing to do") for line in ran.out.splitlines())


def test_names_of_files_are_harmless_in_errors(write: Write, cli: Cli) -> None:
    ran = cli("check", "a\x1b[2J\nPASS.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert not OBEYED.search(ran.err)


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "link", "pipe", "device", "missing", "folder"])
@pytest.mark.parametrize("fact", ["evidence: {{license_copy: {}}}", "evidence: {{notice_file: {}}}", "license_text: {}"])
def test_evidence_from_elsewhere_is_not_read_and_that_is_said(write: Write, cli: Cli, tmp_path: Path, fact: str, path: str) -> None:
    write("secret", "The secret sentence of the file outside.")
    app = tmp_path / "app"
    app.mkdir()
    (app / "folder").mkdir()
    os.mkfifo(app / "pipe")
    (app / "link").symlink_to(tmp_path / "secret")
    (app / "device").symlink_to("/dev/zero")
    write("app/caveat.yaml", "version: 1\nproject: p\ndistribution: weights\nstatus: live\nmodels:\n"
          f"  - {{id: a/b, license: llama-3.2, {fact.format(path)}}}\n")
    ran = cli("check", "app/caveat.yaml", "--format", "json")
    assert ran.code in (1, 3)
    assert "secret sentence" not in ran.out
    messages = [finding["message"] for finding in json.loads(ran.out)["projects"][0]["findings"]
                if finding["outcome"] in ("fail", "review")]
    assert any(path in message and re.search(r"outside|not a path relative|not a regular file|no such file|is a folder", message)
               for message in messages)


CRASHES = (RuntimeError("broken\nin two lines \x1b[2J"), RecursionError("deep"), KeyError("x"), MemoryError(), AssertionError(),
           UnicodeDecodeError("utf-8", b"\xff", 0, 1, "bad"))


@pytest.mark.parametrize("error", CRASHES, ids=lambda error: type(error).__name__)
def test_a_crash_inside_a_clause_is_one_line_and_never_a_pass(write: Write, cli: Cli, monkeypatch: pytest.MonkeyPatch,
                                                             error: Exception) -> None:
    from caveat.clauses.use_restrictions import UseRestrictions

    def broken(self: object, use: object) -> Any:
        raise error

    write("caveat.yaml", "version: 1\nproject: p\nmodels: [{id: a/b, license: llama-3.2}]\n")
    monkeypatch.setattr(UseRestrictions, "breached", broken)
    ran = cli("check", "caveat.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.err.splitlines()) == 1
    assert type(error).__name__ in ran.err
    assert not OBEYED.search(ran.err)


def test_a_manifest_runs_and_imports_nothing(write: Write, cli: Cli, tmp_path: Path) -> None:
    for name in ("evil.py", "own/evil.py", "own/clauses/evil.py", "yaml.py", "caveat/__init__.py"):
        write(name, f"open({str(tmp_path / 'ran')!r}, 'w')\n")
    write("own/licenses/evil.yaml", "id: evil\nname: x\nsource: {url: x, read_on: 2026-01-01, evidence: text}\n"
          "clauses: [{kind: evil, section: '1'}]\n")
    before = set(sys.modules)
    for line in ("intended_use: !!python/object/apply:os.system ['touch ran']", "rules: own", "policy: evil.py", "extends: evil.py",
                 "models: [{id: a/b, license: evil.py, license_text: evil.py}]"):
        models = "" if line.startswith("models") else "models: [a/b]\n"
        write("caveat.yaml", f"version: 1\nproject: p\n{models}{line}\n")
        assert cli("check", "caveat.yaml").code in (2, 3)
    assert not (tmp_path / "ran").exists()
    assert not any("evil" in module for module in set(sys.modules) - before)


def test_many_models_are_work_in_proportion(write: Write, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    from caveat.catalogue import Rules

    asked = 0
    original = Rules.entry

    def counting(self: Rules, model_id: str) -> Any:
        nonlocal asked
        asked += 1
        return original(self, model_id)

    monkeypatch.setattr(Rules, "entry", counting)
    counts = []
    for number in (50, 100):
        asked = 0
        write("caveat.yaml", "version: 1\nproject: p\nmodels:\n" + "".join(
            f"  - {{id: a/m{n}, license: mit, base: [{{id: a/base, relation: fine-tune}}]}}\n" for n in range(number)))
        assert cli("check", "caveat.yaml", "--format", "json").code in (0, 3)
        counts.append(asked)
    assert counts[1] <= 2 * counts[0]


def test_a_long_chain_of_models_does_not_multiply(write: Write, cli: Cli) -> None:
    sizes = []
    for number in (50, 100):
        write("caveat.yaml", "version: 1\nproject: p\nmodels:\n" + "".join(
            f"  - {{id: a/m{n}, license: mit, base: [{{id: a/m{n + 1}, relation: fine-tune}}]}}\n" for n in range(number)))
        sizes.append(len(cli("check", "caveat.yaml").out))
    assert sizes[1] < 3 * sizes[0]


# -- pipes -------------------------------------------------------------------------------------------------------------------


def run(folder: Path, *args: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "caveat", *args], cwd=folder, stderr=subprocess.PIPE,
                            env={**os.environ, "PYTHONPATH": SOURCES}, **options)


@pytest.fixture
def crowd(write: Write) -> Callable[[], None]:
    """Write a manifest whose report is larger than a pipe holds."""

    def written() -> None:
        models = "".join(f"  - {{id: a/m{number}, license: llama-3.2}}\n" for number in range(60))
        write("caveat.yaml", f"version: 1\nproject: p\nmodels:\n{models}")

    return written


@pytest.mark.parametrize("options", [[], ["--format", "json"], ["--color", "always"]])
def test_a_reader_that_goes_away_is_no_crash_and_no_pass(crowd: Callable[[], None], tmp_path: Path, options: list[str]) -> None:
    crowd()
    reading, writing = os.pipe()
    os.close(reading)
    ran = run(tmp_path, "check", "caveat.yaml", *options, stdout=writing)
    os.close(writing)
    _, err = ran.communicate()
    assert b"Traceback" not in err
    assert b"Exception ignored" not in err
    assert ran.returncode != 0


def test_a_reader_that_goes_away_is_not_taken_for_a_fail(crowd: Callable[[], None], tmp_path: Path) -> None:
    crowd()
    reading, writing = os.pipe()
    os.close(reading)
    ran = run(tmp_path, "check", "caveat.yaml", stdout=writing)
    os.close(writing)
    ran.communicate()
    assert ran.returncode == 2


def test_a_closed_standard_output_is_said_in_words(write: Write, tmp_path: Path) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [{id: a/b, license: mit}]\n")
    command = f'exec "{sys.executable}" -m caveat check caveat.yaml >&-'
    ran = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, check=False,
                         env={**os.environ, "PYTHONPATH": SOURCES})
    assert ran.returncode == 2
    assert b"internal error" not in ran.stderr


def test_a_crash_of_the_parser_cannot_kill_the_process(write: Write, tmp_path: Path) -> None:
    write("caveat.yaml", "[" * 200_000)
    ran = run(tmp_path, "check", "caveat.yaml", stdout=subprocess.PIPE)
    out, err = ran.communicate()
    assert (ran.returncode, out) == (2, b"")
    assert re.match(rb"caveat\.yaml:1:[0-9]+: nested more than 48 levels deep", err)  # newer parsers stop at a bound of their own
