"""The report for a pull request or a job's summary page: GitHub Flavored Markdown, short enough for a comment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from caveat.finding import OUTCOMES
from caveat.report import VERDICTS, Report, ReportedFinding, ReportedProject, Style
from caveat.reporters._words import (
    OPEN,
    OUTCOME_WORDS,
    TRIAGE,
    Listed,
    change,
    digest,
    fact_and_detail,
    listed,
    not_checked,
    notices,
    place,
    section,
    sentence,
    stated_in,
    value,
)
from caveat.shapes import printable

MARK = "<!-- caveat report -->"
"""The first line: by it a comment that is to be written anew is found again."""
MAX_LENGTH = 60_000
"""A comment on GitHub holds 65,536 characters."""
MAX_ROWS = 50
MAX_WORD = 300
_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+!|~$>=-])")
_BREAK = "<!-- -->"
_CUT = "\n\n*Cut here: {left} of {whole} characters are left out. `--output html=report.html` is the report in full.*\n"


def render(report: Report, style: Style) -> str:
    """Return the report as Markdown; verbose adds what passes and what does not apply. It is cut at MAX_LENGTH, and says so."""
    text = "\n".join((MARK, *_head(report), *_body(report, style))) + "\n"
    if len(text) <= MAX_LENGTH:
        return text
    kept = _blocks(text, MAX_LENGTH - len(_CUT) - 40)
    return kept + _CUT.format(left=f"{len(text) - len(kept):,}", whole=f"{len(text):,}")


def _blocks(text: str, room: int) -> str:
    """Return as many whole findings of a text as there is room for: cut inside one, its <details> would swallow the rest."""
    at = max(text.rfind("\n\n### ", 0, room), text.rfind("</details>\n", 0, room) + len("</details>"))
    return text[:at] if at > len("</details>") else text[:text.rfind("\n", 0, room)]


def _head(report: Report) -> Iterator[str]:
    names = ", ".join(_text(project.project) for project in report.projects) or "nothing could be evaluated"
    yield f"## {report.verdict.upper()}: {names}"
    yield ""
    rules = f"{report.rules.licenses} licenses ({_code(report.rules.digest[:19])})"
    yield (f"**{TRIAGE[report.verdict]}** · as of {report.as_of} · {rules} · policy {_text(report.policy.name or 'none')} · "
           f"{report.tool.name} {report.tool.version}")
    yield ""
    yield from _warnings(report)
    counts = ", ".join(f"{report.summary[outcome]} {outcome}" for outcome in OUTCOMES if report.summary.get(outcome))
    yield counts or "Nothing was checked."


def _warnings(report: Report) -> Iterator[str]:
    told = [_text(sentence(notice)) for notice in notices(report)]
    told += [f"Could not be evaluated: {_code(place(one.location))} {_text(one.message)}" for one in report.not_evaluated]
    for line in told:
        yield from (f"> :warning: {line}", "")


def _body(report: Report, style: Style) -> Iterator[str]:
    yield from _models(report)
    for outcome in OUTCOMES if style.verbose else OPEN:
        found = listed(report, (outcome,), waived=True)
        if found:
            yield from ("", f"### {OUTCOME_WORDS[outcome]} ({len(found)})")
            for one in found:
                yield from _finding(one, several=len(report.projects) > 1)
    for project in report.projects:
        yield from _register(project)
        yield from _questions(project)
    left_out = list(dict.fromkeys(not_checked(report)))
    if left_out:
        yield from ("", "### Not checked", "")
        yield from _capped([f"- {_text(line)}" for line in left_out], "more")
    yield from ("", "---", f"Engineering evidence, not legal advice. Report {_code('sha256:' + digest(report))}")


def _models(report: Report) -> Iterator[str]:
    if not report.projects:
        return
    yield from ("", "| model | verdict | licenses |", "|---|---|---|")
    models = [(project, model) for project in report.projects for model in project.models]
    models.sort(key=lambda one: -VERDICTS.index(one[1].verdict))
    rows = [f"| {_code(model.id)} | {model.verdict.upper()} | "
            f"{', '.join(_code(name) for name in dict.fromkeys(term.license for term in model.terms)) or 'none identified'} |"
            for _, model in models]
    yield from _capped(rows, "more models")


def _finding(one: Listed, *, several: bool) -> Iterator[str]:
    """Give a finding as a block that is folded unless it fails."""
    finding = one.finding
    parts = [f"{_html_code(finding.rule)} {_html(section(finding))} [{finding.severity}]"]
    parts += [_html_code(finding.model)] if finding.model else []
    parts += [_html(one.project.project)] if several else []
    parts += [_html(f"waived by {finding.waiver}")] if finding.waiver else []
    opened = " open" if finding.outcome == "fail" else ""
    yield from ("", f"<details{opened}><summary>{' · '.join(parts)}</summary>", "")
    yield from (_text(finding.message), "")
    if finding.says:
        link = f" ([license]({finding.url}))" if _plain_url(finding.url) else ""
        yield from (f"- **The clause:** {_text(finding.says)}{link}",)
    if finding.because:
        yield f"- **Facts used:** {'; '.join(_facts(finding))}"
    for reading in finding.readings:
        yield f"- **Reading:** {_text(reading)}"
    for way in change(finding):
        yield f"- **What would change it:** {_text(way)}"
    yield from ("", "</details>")


def _facts(finding: ReportedFinding) -> Iterator[str]:
    for fact in finding.because:
        yield f"{_code(fact_and_detail(fact))} = {_code(value(fact.value))} ({_code(stated_in(fact))})"


def _register(project: ReportedProject) -> Iterator[str]:
    if project.obligations:
        yield from ("", f"### Obligations of {_text(project.project)}", "", "| state | model | duty | to do |", "|---|---|---|---|")
        rows = [f"| {duty.state.upper()} | {_code(duty.model)} | {_code(duty.rule)} {_text(section(duty))} | "
                f"{_text(duty.remedy) if duty.state != 'met' else '–'} |" for duty in project.obligations]
        yield from _capped(rows, "more obligations")


def _questions(project: ReportedProject) -> Iterator[str]:
    if project.questions:
        yield from ("", f"### Open questions of {_text(project.project)}", "")
        asked = [f"1. {_text(question.ask)} State {_code(question.fact)}"
                 f"{f' for {_code(question.month)}' if question.month else ''}; it helps to decide {len(question.decides)} rules."
                 for question in project.questions]
        yield from _capped(asked, "more questions")


def _capped(rows: list[str], what: str) -> Iterable[str]:
    """Return rows as far as a reader follows, and how many there are beyond."""
    return rows if len(rows) <= MAX_ROWS else [*rows[:MAX_ROWS], "", f"and {len(rows) - MAX_ROWS} {what}"]


# -- escaping: nothing that a stranger wrote is markup, a link, or a call for somebody ------------------------------------


def _text(text: str) -> str:
    """Return text of one line in which nothing is markup; names, numbers and addresses link to nothing."""
    flat = _short(text)
    for mark, entity in (("&", "&amp;"), ("<", "&lt;")):
        flat = flat.replace(mark, entity)
    flat = _PUNCTUATION.sub(r"\\\1", flat)
    flat = re.sub(r"@(?=\w)", f"@{_BREAK}", flat)
    flat = re.sub(r"\\#(?=\w)", rf"\\#{_BREAK}", flat)
    flat = re.sub(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])", rf"\1{_BREAK}", flat)
    return re.sub(r"^(\d+)\.", r"\1\\.", flat)


def _code(text: str) -> str:
    """Return text as a code span that also stands in a cell of a table."""
    flat = _short(text).replace("|", "¦")
    fence = "`" * (max((len(run) for run in re.findall("`+", flat)), default=0) + 1)
    space = " " if flat.startswith("`") or flat.endswith("`") or len(fence) > 1 else ""
    return f"{fence}{space}{flat}{space}{fence}" if flat else "–"


def _html(text: str) -> str:
    """Return text for an HTML block; marks of Markdown are written as entities: some renderers read them there, some do not."""
    flat = "".join(char if char.isalnum() or char in " ./,:§–" else f"&#{ord(char)};" for char in _short(text))
    return flat.replace("&#64;", f"&#64;{_BREAK}").replace("&#35;", f"&#35;{_BREAK}")


def _html_code(text: str) -> str:
    return f"<code>{_html(text)}</code>"


def _short(text: str) -> str:
    """Return text on one line, long words cut: no word of a stranger fills a page."""
    return " ".join(word if len(word) <= MAX_WORD else f"{word[:MAX_WORD]}…" for word in printable(text).split(" "))


def _plain_url(url: str) -> bool:
    return re.fullmatch(r"https?://[\w./~%#?=&+:,;-]+", url) is not None
