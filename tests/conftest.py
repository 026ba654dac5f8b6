"""What the tests share: rules loaded once, manifests written and checked in a temporary folder, the command line in-process."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple, TypeAlias

import pytest
from hypothesis import HealthCheck, settings

from caveat.api import examine
from caveat.catalogue import Rules, load_rules
from caveat.evidence import read_evidence
from caveat.load import load
from caveat.manifest import Manifest
from caveat.report import ReportedProject

# One and the same examples in every run: a test that fails here fails everywhere.
settings.register_profile("caveat", deadline=None, derandomize=True, database=None,
                          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
settings.load_profile("caveat")

AS_OF = datetime.date(2026, 11, 22)


class Ran(NamedTuple):
    """What a run of the command line gave."""

    code: int
    out: str
    err: str


Write: TypeAlias = Callable[..., str]
Load: TypeAlias = Callable[..., Manifest]
Examine: TypeAlias = Callable[..., ReportedProject]
Cli: TypeAlias = Callable[..., Ran]


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the compiled rules of a test run out of the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in ("FORCE_COLOR", "NO_COLOR"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session")
def rules(_own_cache: None) -> Rules:
    """The built-in rules."""
    return load_rules()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file under the test's folder and return its path."""

    def written(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return written


@pytest.fixture
def load_text(write: Write, rules: Rules) -> Load:
    """Write a manifest and load it."""

    def loaded(text: str | bytes, name: str = "caveat.yaml") -> Manifest:
        return load(write(name, text), rules.vocabulary)

    return loaded


@pytest.fixture
def check_text(write: Write, rules: Rules) -> Examine:
    """Write a manifest and return its part of the report, by the built-in rules unless others are given."""

    def checked(text: str, name: str = "caveat.yaml", as_of: datetime.date = AS_OF, by: Rules | None = None,
                policy: str = "default") -> ReportedProject:
        used = by or rules
        manifest = load(write(name, text), used.vocabulary)
        return examine(manifest, used, read_evidence(manifest, used.fingerprints), used.policy(policy), as_of)

    return checked


@pytest.fixture
def cli(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the command line in the test's folder; gives exit code, standard output and standard error."""

    def ran(*args: str, folder: str | None = None) -> Ran:
        from caveat.cli.main import main

        monkeypatch.chdir(folder or tmp_path)
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(list(args))
        out, err = capfd.readouterr()
        code = ended.value.code
        assert isinstance(code, int), f"the exit code is {code!r}"
        return Ran(code, out, err)

    return ran


@pytest.fixture
def make_fifo(tmp_path: Path) -> Callable[[str], str]:
    """Make a named pipe that nobody writes to: whoever opens it for reading and waits, waits for ever."""

    def made(name: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
        return str(path)

    return made
