"""The library explains itself: licenses, clauses and models as pages, for a reader and for other programs."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from caveat.catalogue import Rules
from caveat.clause import Clause, Duty, Prohibition
from caveat.finding import Severity
from caveat.license import License
from caveat.model import Entry
from caveat.report import ReportedFinding
from caveat.values import value

Sort = Literal["prohibition", "duty", "information"]
SORTS: tuple[Sort, ...] = ("prohibition", "duty", "information")


@value
class Use:
    """A use that a clause names: its tag, forbidden, conditional or open, its section, and the condition or the readings."""

    tag: str
    state: Literal["forbidden", "conditional", "open"]
    section: str
    detail: str


@value
class ClausePage:
    """A clause: where it stands, what it says, what is checked, when, what to do about it; words prescribed to the letter."""

    rule: str
    kind: str
    sort: Sort
    section: str
    severity: Severity
    says: str
    checked: str
    when: str
    readings: str
    remedy: str
    prescribed: tuple[str, ...]
    uses: tuple[Use, ...]


@value
class LicensePage:
    """A license: its names, its source and how much of it was read, and its clauses in the order of the rule set."""

    id: str
    name: str
    spdx: str
    names: tuple[str, ...]
    licensor: str
    released: str
    osi_approved: bool
    url: str
    read_on: str
    evidence: Literal["text", "partial", "secondary"]
    digest: str
    policy_url: str
    policy_read_on: str
    note: str
    clauses: tuple[ClausePage, ...]


@value
class ModelPage:
    """What the catalogue knows of a model."""

    id: str
    publisher: str
    kind: str
    weights: Literal["open", "none", "unreleased"]
    license: str
    encoded: bool
    beside: tuple[str, ...]
    disputed: tuple[str, ...]
    released: str
    multimodal: bool | None
    base: tuple[str, ...]
    evidence: Literal["seen", "memory"]
    source: str
    note: str


@value(kw_only=True)
class Explanation:
    """What `caveat explain` found: one of a license, a clause with its kind's manual, a kind, a model, or findings."""

    version: Literal[1]
    license: LicensePage | None = None
    clause: ClausePage | None = None
    kind: str = ""
    manual: str = ""
    model: ModelPage | None = None
    findings: tuple[ReportedFinding, ...] = ()


@value
class LicenseList:
    """The licenses that match."""

    version: Literal[1]
    licenses: tuple[LicensePage, ...]


@value
class ModelList:
    """The models that match; patterns of a publisher are listed with their `*`."""

    version: Literal[1]
    models: tuple[ModelPage, ...]


def sort_of(clause: Clause) -> Sort:
    """Tell whether a clause forbids, asks for something, or informs."""
    return "prohibition" if isinstance(clause, Prohibition) else "duty" if isinstance(clause, Duty) else "information"


def manual(kind: type[Clause]) -> str:
    """Return the manual page of a clause kind."""
    return inspect.getdoc(kind) or ""


def clause_page(license: License, clause: Clause) -> ClausePage:
    """Return the page of a clause; what it says in general stands for a clause that says nothing of its own."""
    return ClausePage(
        rule=f"{license.id}/{clause.name}", kind=clause.kind, sort=sort_of(clause), section=clause.section,
        severity=clause.severity or clause.default_severity, says=clause.says or manual(type(clause)).split("\n", 1)[0],
        checked=clause.brief(), when=clause.when(), readings=clause.readings,
        remedy=(clause.remedy or clause.default_remedy) if clause.binds else "",
        prescribed=tuple(text for text in (getattr(clause, "text", ""), *getattr(clause, "or_texts", ())) if text),
        uses=tuple(_uses(clause)))


def _uses(clause: Clause) -> Iterable[Use]:
    """Give every use that a clause names."""
    for tag, section in sorted(getattr(clause, "prohibits", {}).items()):
        yield Use(tag, "forbidden", section, "")
    for tag, condition in sorted(getattr(clause, "conditional", {}).items()):
        parts = [f"{word} {names if isinstance(names, str) else ' or '.join(names)}"
                 for word in ("when", "unless") if (names := condition.get(word))]
        yield Use(tag, "conditional", condition["section"], ", ".join(parts))
    entries: Any = getattr(clause, "unclear", {})
    if isinstance(entries, Mapping):
        for tag, entry in sorted(entries.items()):
            yield Use(tag, "open", entry["section"], entry["readings"])


def chapters(license: LicensePage) -> dict[str, tuple[ClausePage, ...]]:
    """Return the clauses of a license by what a reader asks: what it lets one do, forbids and asks for, and what else to know."""
    grants = tuple(clause for clause in license.clauses if clause.sort == "information" and "grant" in clause.rule.split("/", 1)[1])
    found = {"What it lets you do": grants,
             "What it forbids": tuple(clause for clause in license.clauses if clause.sort == "prohibition"),
             "What you owe, and when": tuple(clause for clause in license.clauses if clause.sort == "duty"),
             "What else to know": tuple(clause for clause in license.clauses
                                        if clause.sort == "information" and clause not in grants)}
    return {title: clauses for title, clauses in found.items() if clauses}


def license_page(license: License) -> LicensePage:
    """Return the page of a license."""
    source, policy = license.source, license.policy
    return LicensePage(
        license.id, license.name, license.spdx, tuple(dict.fromkeys(name for name in license.names if name)),
        license.licensor.name if license.licensor else "", license.released, license.osi_approved, source.url, source.read_on,
        source.evidence, source.digest, policy.url if policy else "", policy.read_on if policy else "", license.note,
        tuple(clause_page(license, clause) for clause in license.clauses))


def model_page(model_id: str, entry: Entry, rules: Rules) -> ModelPage:
    """Return the page of a model."""
    return ModelPage(
        model_id, entry.publisher, entry.kind, entry.weights, entry.license, entry.license in rules.license_ids, entry.beside,
        entry.disputed, entry.released, entry.multimodal, tuple(f"{parent.relation} of {parent.id}" for parent in entry.base),
        entry.evidence, entry.source, entry.note)
