"""Reports made by hand, with what no manifest could bring: waivers, and strangers' words of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias, TypeVar

import pytest

from caveat.report import (
    Because,
    Location,
    PolicyUsed,
    Report,
    ReportedFinding,
    ReportedLicense,
    ReportedModel,
    ReportedProject,
    RulesUsed,
    Tool,
    Unevaluated,
)

MakeFinding: TypeAlias = Callable[..., ReportedFinding]
MakeReport: TypeAlias = Callable[..., Report]
T = TypeVar("T")

HOSTILE = (
    "<script>alert(1)</script>", "javascript:alert(1)", "=cmd()", " @SUM(1)", "\t=1", "a\u202egnp\u200f", "::error::x",
    "%0A::error::x", "a,b:c", "a\nb\r\n::error::x", "[x](javascript:alert(1))", "{0} ![y](z)", "\x1b[2J\x00\ufffe\ud800",
    "]]>&lt;", "w" * 10_240, "`*_|~#")

_FINDING = ReportedFinding(
    rule="llama-3.2/naming", kind="naming", outcome="fail", severity="high", model="acme/eyes", license="llama-3.2",
    section="1.b.i", via=("own",), message="'eyes' does not begin with 'Llama'", says="The name begins with Llama.",
    because=(Because("name", "eyes", "", "manifest", "caveat.yaml", 9),), questions=(), readings=(), remedy="Rename the model.",
    url="https://example.com/license", location=Location("caveat.yaml", 9, 5), waiver=None, fingerprint="0123456789abcdef",
    gates=True)
_LICENSE = ReportedLicense("llama-3.2", "Llama 3.2 Community License Agreement", "Meta", "https://example.com/license",
                           "2026-11-01", "text", "")


def changed(value: T, **fields: Any) -> T:
    """Return a value with some fields replaced."""
    return type(value)(**{**vars(value), **fields})


@pytest.fixture
def replaced() -> Callable[..., Any]:
    """Give a value with some fields replaced."""
    return changed


@pytest.fixture
def make_finding() -> MakeFinding:
    """Make a finding: one that fails, with the changes that are given."""

    def made(**changes: Any) -> ReportedFinding:
        return changed(_FINDING, **changes)

    return made


@pytest.fixture
def make_report() -> MakeReport:
    """Make a report of one project with findings."""

    def made(*findings: ReportedFinding, not_evaluated: tuple[Unevaluated, ...] = (), **changes: Any) -> Report:
        project = ReportedProject("support", "caveat.yaml", "2026-11-22", "fail", (), findings, (), (), licenses=(_LICENSE,))
        return Report(1, "fail", "2026-11-22", Tool("caveat", "0.1.0"), RulesUsed("sha256:00", 1), PolicyUsed("default"),
                      (changed(project, **changes),), {}, not_evaluated)

    return made


@pytest.fixture
def hostile(make_finding: MakeFinding, make_report: MakeReport) -> Report:
    """A report in which every word that a stranger may choose is an attack, once for each attack."""
    findings = tuple(
        make_finding(rule=f"own/{word}", kind=word, model=word, section=word, message=word, says=word, remedy=word, url=word,
                     questions=(word,), readings=(word,), location=Location(word, 1, 1), via=(word,), license=license,
                     waiver=waiver, because=(Because(word, word, word, word, word, 1),))
        for word in HOSTILE for license in (word, None) for waiver in (word, None))
    missing = tuple(Unevaluated(word, word, Location(word, 1, 1)) for word in HOSTILE)
    return make_report(*findings, not_evaluated=missing, project=HOSTILE[0], manifest=HOSTILE[2])


@pytest.fixture
def each(make_finding: MakeFinding, make_report: MakeReport) -> Report:
    """A report with a finding of every outcome, gating and not, and a waived one."""
    own = {"rule": "waiver-not-applied", "kind": "waiver-not-applied", "outcome": "review", "gates": False, "license": None,
           "section": None, "model": "", "says": "", "remedy": "", "url": "", "location": Location("caveat.yaml", None, None)}
    return make_report(
        make_finding(rule="a/blocked", severity="blocker"), make_finding(rule="a/failed"),
        make_finding(rule="a/asked", outcome="review"), make_finding(rule="a/noted", outcome="review", gates=False),
        make_finding(rule="a/owed", outcome="obligation"),
        make_finding(rule="a/minor", outcome="obligation", gates=False, severity="info"),
        make_finding(rule="a/passed", outcome="pass", gates=False),
        make_finding(rule="a/absent", outcome="not-applicable", gates=False), make_finding(rule="a/waived", waiver="Legal"),
        make_finding(**own, message="one"), make_finding(**own, message="two"),
        not_evaluated=(Unevaluated("'models' is missing", "list the models", Location("b/caveat.yaml", 3, None)),
                       Unevaluated("no rules", "", Location("", None, None))))


@pytest.fixture
def multiplied() -> Callable[[Report, int, int], Report]:
    """Make a large report out of a small one: so many models, each with so many of its findings."""

    def made(report: Report, models: int, clauses: int) -> Report:
        project = report.projects[0]
        names = [f"acme/model-{number:04d}" for number in range(models)]
        pattern = [project.findings[number % len(project.findings)] for number in range(clauses)]
        findings = tuple(changed(one, model=name, rule=f"{one.rule}-{clause}", fingerprint=f"{number:08x}{clause:08x}")
                         for number, name in enumerate(names) for clause, one in enumerate(pattern))
        listed = tuple(_renamed(project.models[number % len(project.models)], name) for number, name in enumerate(names))
        return changed(report, projects=(changed(project, models=listed, findings=findings),))

    return made


def _renamed(model: ReportedModel, name: str) -> ReportedModel:
    return changed(model, id=name, lineage=tuple(changed(step, model=name) for step in model.lineage))


# Words of a closed list, and figures: what no stranger chooses.
_OURS = frozenset({"version", "verdict", "as_of", "outcome", "severity", "state", "digest", "fingerprint", "finding", "summary",
                   "line", "column", "licenses", "gates", "own"})


@pytest.fixture
def poisoned() -> Callable[[Report, str], Report]:
    """Put one hostile text into every field of a report that a stranger's words may reach."""

    def made(report: Report, text: str) -> Report:
        found: Report = _poisoned(report, text)
        return found

    return made


def _poisoned(value: Any, text: str) -> Any:
    if isinstance(value, str):
        return f"{text} {value}"
    if isinstance(value, tuple):
        return tuple(_poisoned(item, text) for item in value)
    if hasattr(value, "_fields") and not isinstance(value, tuple | Tool):
        kept = {"evidence"} if isinstance(value, ReportedLicense) else set[str]()
        return type(value)(**{name: item if name in kept or (name in _OURS and not isinstance(item, tuple)) or name == "outcome"
                              else _poisoned(item, text) for name, item in vars(value).items()})
    return value
