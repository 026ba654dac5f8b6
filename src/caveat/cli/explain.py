"""`caveat explain`: a rule, a license, a clause kind or a model, or how a finding came about."""

from __future__ import annotations

import datetime
import inspect
from collections.abc import Iterator

import click

from caveat import plugins
from caveat.api import Options, check
from caveat.catalogue import Rules, load_rules
from caveat.clause import Clause, Duty, Prohibition
from caveat.cli.common import Date, complain, page
from caveat.cli.models import describe
from caveat.errors import Problem, UsageError
from caveat.license import License
from caveat.report import Report, ReportedFinding
from caveat.shapes import nearest, printable


@click.command(short_help="Explain a rule, a license, a model, or how a finding came about.")
@click.argument("what")
@click.argument("paths", nargs=-1, metavar="[MANIFEST]...")
@click.option("--model", metavar="ID", help="Only findings of this model.")
@click.option("--as-of", type=Date(), metavar="DATE", help="Judge as of this day (YYYY-MM-DD) instead of today.")
@click.option("--policy", metavar="NAME|FILE", help="The policy to apply instead of the manifest's.")
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
def command(what: str, paths: tuple[str, ...], model: str | None, as_of: datetime.date | None, policy: str | None,
            rules: tuple[str, ...]) -> int:
    """Explain a rule (llama-3.2/naming), a license (llama-3.2), a clause kind (user-cap) or a model.

    With a MANIFEST: how the findings of that rule came about, down to the facts and their lines.
    """
    if paths:
        outcome = check(paths, Options(as_of, policy, rules), datetime.date.today())
        for problem in outcome.problems:
            complain(problem)
        if outcome.report is None:
            return 2
        page(_derivations(outcome.report, what, model))
        return 2 if outcome.problems else 0
    page(_explained(what, load_rules(rules)))
    return 0


def _explained(what: str, rules: Rules) -> Iterator[str]:
    license_id = rules.license_id(what)
    head, slash, clause_id = what.partition("/")
    entry = rules.entry(what)
    if license_id:
        yield from license_page(rules.license(license_id))
    elif slash and head in rules.license_ids:
        yield from _rule(rules.license(head), clause_id)
    elif what in plugins.names("clauses"):
        yield f"{what}: {inspect.getdoc(plugins.clause_kind(what))}"
    elif entry:
        yield from describe(what, entry)
    else:
        known = (*rules.license_ids, *plugins.names("clauses"))
        close = nearest(what, known)
        hint = f"did you mean '{close}'?" if close else "see `caveat licenses` and `caveat models`"
        raise UsageError(Problem(f"'{what}' is no rule, license, clause kind or known model", None, hint))


def _rule(license: License, clause_id: str) -> Iterator[str]:
    clause = next((clause for clause in license.clauses if clause.name == clause_id), None)
    if clause is None:
        names = [clause.name for clause in license.clauses]
        close = nearest(clause_id, names)
        raise UsageError(Problem(f"{license.id} has no clause '{clause_id}'", None,
                                 f"did you mean '{close}'?" if close else f"known: {', '.join(names)}"))
    yield f"{license.id}/{clause.name}: {license.name}, section {clause.section}"
    yield ""
    yield from _clause(clause)
    yield ""
    yield f"Kind {clause.kind}: {inspect.getdoc(type(clause))}"


def _clause(clause: Clause) -> Iterator[str]:
    yield f"  {clause.says or (inspect.getdoc(type(clause)) or '').splitlines()[0]}"
    yield f"  severity: {clause.severity or clause.default_severity}"
    if clause.readings:
        yield f"  readings: {clause.readings}"
    if clause.binds:
        yield f"  to do: {clause.remedy or clause.default_remedy}"


def license_page(license: License) -> Iterator[str]:
    """Give a license as a page: what it is, what it forbids, what it asks for and when, what else to know."""
    yield f"{license.name} ({license.id})"
    yield f"  {license.spdx}; " + ("OSI approved" if license.osi_approved else "not OSI approved")
    yield f"  text: {license.source.url} (read {license.source.read_on}; evidence: {license.source.evidence})"
    if license.policy:
        yield f"  policy: {license.policy.url} (read {license.policy.read_on})"
    if license.note:
        yield f"  {license.note}"
    groups = {"Not allowed": Prohibition, "Owed": Duty}
    for title, kind in groups.items():
        yield from _group(title, [clause for clause in license.clauses if isinstance(clause, kind)])
    yield from _group("To know", [clause for clause in license.clauses if not clause.binds])


def _group(title: str, clauses: list[Clause]) -> Iterator[str]:
    if clauses:
        yield ""
        yield title
    for clause in clauses:
        yield f"  {clause.name} (section {clause.section}, {clause.severity or clause.default_severity})"
        yield f"      {clause.says or (inspect.getdoc(type(clause)) or '').splitlines()[0]}"


def _derivations(report: Report, what: str, model: str | None) -> Iterator[str]:
    found = [finding for project in report.projects for finding in project.findings
             if what in (finding.rule, finding.license, finding.kind, finding.model) and model in (None, finding.model)]
    if not found:
        rules = sorted({finding.rule for project in report.projects for finding in project.findings})
        close = nearest(what, rules)
        raise UsageError(Problem(f"the manifest has no finding of '{what}'", None,
                                 f"did you mean '{close}'?" if close else "see `caveat check --verbose`"))
    for index, finding in enumerate(found):
        if index:
            yield ""
        yield from _derivation(finding)


def _derivation(finding: ReportedFinding) -> Iterator[str]:
    yield f"{finding.outcome.upper()} {finding.rule} for {printable(finding.model)}"
    if finding.license:
        yield f"  license     {finding.license}, which binds by: {printable('; '.join(finding.via))}"
        yield f"  section     {finding.section}"
    if finding.says:
        yield f"  it says     {finding.says}"
    yield f"  judged      {finding.outcome}, {finding.severity}: {printable(finding.message)}"
    for ground in finding.because:
        where = f"{ground.path}:{ground.line}" if ground.line else ground.source
        detail = f" ({printable(ground.detail)})" if ground.detail else ""
        yield f"  fact        {ground.fact} = {printable(str(ground.value))}{detail}, stated in {printable(where)}"
    yield from (f"  not stated  {question}" for question in finding.questions)
    yield from (f"  readings    {printable(reading)}" for reading in finding.readings)
    if finding.outcome not in ("pass", "not-applicable") and finding.remedy:
        yield f"  to do       {finding.remedy}"
    if finding.url:
        yield f"  text        {finding.url}"
