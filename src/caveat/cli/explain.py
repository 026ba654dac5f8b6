"""`caveat explain`: a rule, a license, a clause kind or a model, or how a finding came about."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Iterator

import click

from caveat import plugins
from caveat.api import Options, check
from caveat.catalogue import Rules, load_rules
from caveat.cli.common import Date, complain_of, format_option, show
from caveat.cli.models import describe
from caveat.errors import Problem, UsageError
from caveat.library import ClausePage, Explanation, LicensePage, chapters, clause_page, license_page, manual, model_page
from caveat.license import License
from caveat.own_rules import OWN_RULES
from caveat.report import Report, ReportedFinding
from caveat.shapes import nearest, printable

WIDTH = 100
_READ = {"text": "the whole text", "partial": "parts of the text, so its clauses give review at most",
         "secondary": "descriptions at second hand, so its clauses give review at most"}
_STATES = {"forbidden": "forbidden", "conditional": "under a condition", "open": "open, for a human"}


@click.command(short_help="Explain a rule, a license, a model, or how a finding came about.")
@click.argument("what")
@click.argument("paths", nargs=-1, metavar="[MANIFEST]...")
@click.option("--model", metavar="ID", help="Only findings of this model.")
@click.option("--as-of", type=Date(), metavar="DATE", help="Judge as of this day (YYYY-MM-DD) instead of today.")
@click.option("--policy", metavar="NAME|FILE", help="The policy to apply instead of the manifest's.")
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to the built-in ones.")
@format_option
def command(what: str, paths: tuple[str, ...], model: str | None, as_of: datetime.date | None, policy: str | None,
            rules: tuple[str, ...], form: str) -> int:
    """Explain a rule (llama-3.2/naming), a license (llama-3.2), a clause kind (user-cap) or a model.

    With a MANIFEST: how the findings of that rule came about, down to the facts and their lines.
    """
    if not paths:
        found = _explained(what, load_rules(rules))
        show(found, _lines(found), form)
        return 0
    report = check(paths, Options(as_of, policy, rules), datetime.date.today())
    complain_of(report)
    if not report.projects:
        return 2
    findings = _findings(report, what, model)
    show(Explanation(version=1, findings=findings), _derivations(findings), form)
    return 2 if report.not_evaluated else 0


def _explained(what: str, rules: Rules) -> Explanation:
    license_id = rules.license_id(what)
    head, slash, clause_id = what.partition("/")
    entry = rules.entry(what)
    if license_id:
        return Explanation(version=1, license=license_page(rules.license(license_id)))
    if slash and head in rules.license_ids:
        return _rule(rules.license(head), clause_id)
    if what in plugins.names("clauses"):
        return Explanation(version=1, kind=what, manual=manual(plugins.clause_kind(what)))
    if what in OWN_RULES:
        own = OWN_RULES[what]
        return Explanation(version=1, kind=what, manual=f"{own.title}.\n\n{own.says}")
    if entry:
        return Explanation(version=1, model=model_page(what, entry, rules))
    raise UsageError(Problem(f"'{what}' is no rule, license, clause kind or known model", None,
                             rules.instead_of(what, plugins.names("clauses"))))


def _rule(license: License, clause_id: str) -> Explanation:
    clause = next((clause for clause in license.clauses if clause.name == clause_id), None)
    if clause is None:
        names = [clause.name for clause in license.clauses]
        close = nearest(clause_id, names)
        raise UsageError(Problem(f"{license.id} has no clause '{clause_id}'", None,
                                 f"did you mean '{close}'?" if close else f"known: {', '.join(names)}"))
    return Explanation(version=1, clause=clause_page(license, clause), kind=clause.kind, manual=manual(type(clause)))


# -- pages ---------------------------------------------------------------------------------------------------------


def _lines(found: Explanation) -> Iterator[str]:
    if found.license:
        yield from license_lines(found.license)
    elif found.clause:
        yield f"{found.clause.rule} (section {found.clause.section})"
        yield ""
        yield from _clause(found.clause)
        yield ""
        yield f"Kind {found.kind}: {found.manual}"
    elif found.model:
        yield from describe(found.model)
    else:
        yield f"{found.kind}: {found.manual}"


def license_lines(license: LicensePage) -> Iterator[str]:
    """Give a license as a page: what it is, what it lets you do, forbids and asks for and when, what else to know."""
    yield f"{license.name} ({license.id})"
    known = [license.spdx, "OSI approved" if license.osi_approved else "not OSI approved",
             license.licensor and f"licensor: {license.licensor}", license.released and f"released: {license.released}"]
    yield f"  {'; '.join(part for part in known if part)}"
    yield f"  read on {license.read_on} from {_READ[license.evidence]}: {license.url}"
    if license.digest:
        yield f"  {license.digest} (words of the text, layout apart)"
    if license.policy_url:
        yield f"  incorporated policy, read on {license.policy_read_on}: {license.policy_url}"
    if license.note:
        yield from _wrapped(license.note, "  ")
    yield from _wrapped("What follows is the rule set in our own words, for orientation; the license itself binds.", "  ")
    for title, clauses in chapters(license).items():
        yield from ("", title)
        for clause in clauses:
            yield f"  {clause.rule.split('/', 1)[1]} (section {clause.section}, {clause.severity})"
            yield from _clause(clause)


def _clause(clause: ClausePage) -> Iterator[str]:
    yield from _wrapped(clause.says, "      ")
    parts = {"checked": clause.checked, "when": clause.when, "the words": " | ".join(clause.prescribed),
             "readings": clause.readings, "to do": clause.remedy}
    for label, text in parts.items():
        if text:
            yield from _wrapped(f"{label}: {text}", "      ")
    for state, title in _STATES.items():
        uses = [use for use in clause.uses if use.state == state]
        if uses:
            yield from _wrapped(f"{title}: " + ", ".join(f"{use.tag} ({_reason(use.section, use.detail, state)})" for use in uses),
                                "      ")


def _reason(section: str, detail: str, state: str) -> str:
    return f"{section}, {detail}" if state == "conditional" else section


def _wrapped(text: str, indent: str) -> Iterator[str]:
    yield from textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False,
                             break_long_words=False)


# -- findings ------------------------------------------------------------------------------------------------------


def _findings(report: Report, what: str, model: str | None) -> tuple[ReportedFinding, ...]:
    found = tuple(finding for project in report.projects for finding in project.findings
                  if what in (finding.rule, finding.license, finding.kind, finding.model) and model in (None, finding.model))
    if not found:
        rules = sorted({finding.rule for project in report.projects for finding in project.findings})
        close = nearest(what, rules)
        raise UsageError(Problem(f"the manifest has no finding of '{what}'", None,
                                 f"did you mean '{close}'?" if close else "see `caveat check --verbose`"))
    return found


def _derivations(findings: tuple[ReportedFinding, ...]) -> Iterator[str]:
    for index, finding in enumerate(findings):
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
