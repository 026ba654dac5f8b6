"""What is built is what is in the checkout: the wheel carries the rules, compiled, and works in an empty environment."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from caveat import catalogue
from caveat.pack import written

ROOT = Path(__file__).resolve().parent.parent
MANIFEST = """\
version: 1
project: vision
organization: {kind: company, domicile: DE}
models: [meta-llama/Llama-3.2-11B-Vision-Instruct]
"""
CLAUSE = "llama-3.2/eu-multimodal-exclusion"


def run(*command: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder and return what it printed."""
    return subprocess.run([str(part) for part in command], cwd=folder, env=environment, capture_output=True, text=True,
                          encoding="utf-8", check=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from it; return their folder."""
    target = tmp_path_factory.mktemp("dist")
    done = run(sys.executable, "-m", "build", "--outdir", target, ROOT, folder=target)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment; return its folder of commands."""
    folder = tmp_path_factory.mktemp("empty")
    venv.create(folder, with_pip=True)
    commands = folder / ("Scripts" if os.name == "nt" else "bin")
    done = run(commands / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wheel(built), folder=folder)
    assert done.returncode == 0, done.stderr
    return commands


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a manifest that breaks a Llama clause."""
    (tmp_path / "caveat.yaml").write_text(MANIFEST, encoding="utf-8")
    return tmp_path


def wheel(built: Path) -> Path:
    """Return the one wheel in a folder."""
    (found,) = built.glob("*.whl")
    return found


def version_of(*command: str | Path, folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """Return the line that --version prints."""
    done = run(*command, "--version", folder=folder, environment=environment)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_carries_the_rules_compiled(built: Path) -> None:
    with zipfile.ZipFile(wheel(built)) as archive:
        names = set(archive.namelist())
        compiled = archive.read("caveat/_rules/compiled.pack")
    expected = catalogue.compiled_pack(str(ROOT / "rules"))
    assert compiled == written(expected)
    assert {f"caveat/_rules/licenses/{name}.yaml" for name in expected["licenses"]} <= names
    assert "caveat/_rules/fingerprints.json" in names
    assert "caveat/py.typed" in names
    assert {f"caveat/reporters/templates/report.{ending}" for ending in ("html", "css", "js", "typ")} <= names
    assert not [name for name in names if not name.startswith(("caveat/", "caveat-"))]


def test_the_sdist_carries_the_rules_and_what_builds_them(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    assert {f"rules/{path.relative_to(ROOT / 'rules')}" for path in (ROOT / "rules").rglob("*.yaml")} <= names
    assert {"LICENSE", "README.md", "action.yml", "Makefile", "hatch_build.py", "pyproject.toml", ".pre-commit-hooks.yaml"} <= names


def test_the_installed_command_works_from_another_folder(installed: Path, project: Path) -> None:
    done = run(installed / "caveat", "check", folder=project)
    assert done.returncode == 1, done.stderr
    assert CLAUSE in done.stdout


def test_a_report_without_its_extra_is_one_line_and_nothing_is_written(installed: Path, project: Path) -> None:
    plain = run(installed / "caveat", "check", "-o", "html=report.html", "-o", "sarif=report.sarif", folder=project)
    assert plain.returncode == 1, plain.stderr
    assert "</html>" in (project / "report.html").read_text(encoding="utf-8")
    for extra in ("xlsx", "pdf"):
        done = run(installed / "caveat", "check", "-o", f"{extra}=r.{extra}", "-o", "csv=r.csv", folder=project)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
        assert f"pip install 'caveat[{extra}]'" in done.stderr
        assert not list(project.glob("r.*"))


def test_the_installed_rules_are_those_of_the_checkout(installed: Path, project: Path) -> None:
    ours = version_of(sys.executable, "-m", "caveat", folder=ROOT)
    assert "sha256:" in ours
    assert version_of(installed / "caveat", folder=project) == ours


def test_no_home_no_cache_and_no_utf8_locale_change_nothing(installed: Path, project: Path) -> None:
    nowhere = project / "caveat.yaml" / "home"
    bare = {"HOME": str(nowhere), "XDG_CACHE_HOME": str(nowhere / "cache"), "LC_ALL": "C", "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0", "PATH": os.defpath}
    for form in ("text", "json"):
        plain = run(installed / "caveat", "check", "--format", form, folder=project)
        cramped = run(installed / "caveat", "check", "--format", form, folder=project, environment=bare)
        assert cramped.returncode == 1, cramped.stderr
        assert cramped.stdout == plain.stdout
    checkout = run(sys.executable, "-m", "caveat", "check", folder=project, environment={**bare, "PYTHONPATH": str(ROOT / "src")})
    assert checkout.returncode == 1, checkout.stderr
    assert CLAUSE in checkout.stdout


def test_a_plain_checkout_finds_its_rules(installed: Path, project: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    code = "import caveat.catalogue; print(caveat.catalogue.root())"
    done = run(installed / "python", "-c", code, folder=project, environment=environment)
    assert Path(done.stdout.strip()) == ROOT / "rules"


def test_an_editable_install_finds_the_rules_of_the_checkout(project: Path) -> None:
    assert Path(catalogue.root()) == ROOT / "rules"
    command = Path(sysconfig.get_path("scripts")) / "caveat"
    done = run(command, "check", folder=project)
    assert done.returncode == 1, done.stderr
    assert CLAUSE in done.stdout
    assert version_of(command, folder=project) == version_of(sys.executable, "-m", "caveat", folder=ROOT)
