"""`caveat check`: the gate."""

from __future__ import annotations

import datetime
import os
import sys
from typing import NamedTuple

import click

from caveat import plugins
from caveat.api import Options, check
from caveat.cli.common import Date, complain, complain_of, echo, use_color, write
from caveat.errors import Place, Problem, UsageError
from caveat.render import render
from caveat.report import Report, Style, Verdict

EXIT_CODES: dict[Verdict, int] = {"pass": 0, "fail": 1, "review": 3}
BINARY = ("pdf", "xlsx")
_ENDINGS = {"txt": "text", "md": "markdown"}


class Output(NamedTuple):
    """Where a report goes, and in which format; path "": standard output."""

    form: str
    path: str


@click.command(short_help="Judge manifests: pass, fail or review.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(plugins.names("reporters")), help="How to write the report (text unless said).")
@click.option("-o", "--output", "files", multiple=True, metavar="[FORMAT=]FILE",
              help="Write the report to a file, too; repeat it for several formats. Without FORMAT it is that of --format, else "
                   "of the file's ending, and standard output stays empty.")
@click.option("--as-of", type=Date(), metavar="DATE", help="Judge as of this day (YYYY-MM-DD) instead of today.")
@click.option("-v", "--verbose", is_flag=True, help="List what passes and what does not apply, too.")
@click.option("--policy", metavar="NAME|FILE", help="The policy to apply instead of the manifest's.")
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to, or put over, the built-in ones.")
@click.option("--include-waived", is_flag=True, help="Write waived findings into SARIF, too, where GitHub shows them as open.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Color the text.")
def command(paths: tuple[str, ...], form: str | None, files: tuple[str, ...], as_of: datetime.date | None, verbose: bool,
            policy: str | None, rules: tuple[str, ...], include_waived: bool, color: str) -> int:
    """Check manifests, or every manifest under a folder, and say what each license makes of them.

    Without PATH the manifests under the current folder are checked.

    Exit codes: 0 pass, 1 fail, 2 could not be evaluated, 3 review.
    """
    outputs = _outputs(form, files)
    report = check(paths or (".",), Options(as_of, policy, rules), datetime.date.today())
    styles = {to_file: Style(verbose=verbose, color=use_color(color, to_file), waived=include_waived) for to_file in (True, False)}
    made = [(output, render(report, output.form, styles[bool(output.path)])) for output in outputs]
    complain_of(report)
    if report.not_evaluated and report.projects:
        complain("caveat: the report names what could not be evaluated (exit code 2)")
    _keep_inputs(report, outputs)
    for output, content in sorted(made, key=lambda one: not one[0].path):  # a reader that goes away costs no file
        _put(output, content)
    if any(output.form == "github" for output in outputs):
        _add_job_summary(report, styles[True])
    return 2 if report.not_evaluated else EXIT_CODES[report.verdict]


def _outputs(form: str | None, files: tuple[str, ...]) -> tuple[Output, ...]:
    """Return where to write what: standard output first, unless a file takes its place; raises UsageError for two on one path."""
    named = [_output(form, file) for file in files]
    outputs = [output for output, instead in named if not instead]
    instead = [output for output, instead in named if instead]
    first = instead or [Output(form or "text", "")]
    paths = [os.path.realpath(output.path) for output in (*instead, *outputs)]
    for path in paths:
        if paths.count(path) > 1:
            raise UsageError(Problem("two reports go to this file", Place(path), "name a file for each"))
    if first[0].path == "" and form in BINARY and sys.stdout is not None and sys.stdout.isatty():
        raise UsageError(Problem(f"a report in {form} is not for a terminal", None, f"name a file: --output {form}=report.{form}"))
    return (*first, *outputs)


def _output(form: str | None, file: str) -> tuple[Output, bool]:
    """Return where a file's report goes, and whether it stands for the one on standard output: a file without a format does."""
    known = plugins.names("reporters")
    name, equals, path = file.partition("=")
    if equals and name in known:
        if not path:
            raise UsageError(Problem(f"--output {name}= names no file", None, f"write --output {name}=FILE"))
        return Output(name, path), False
    ending = file.rpartition(".")[2].lower()
    by_name = _ENDINGS.get(ending, ending)
    return Output(form or (by_name if by_name in known else "text"), file), True


def _keep_inputs(report: Report, outputs: tuple[Output, ...]) -> None:
    """Raise UsageError where a report would be written over a manifest that it is about."""
    read = {fact.path for project in report.projects for fact in project.facts}
    read |= {project.manifest for project in report.projects} | {missing.location.path for missing in report.not_evaluated}
    kept = {os.path.realpath(path) for path in read if path}
    for output in outputs:
        if output.path and os.path.realpath(output.path) in kept:
            raise UsageError(Problem("is a manifest of this check; a report is not written over it", Place(output.path),
                                     "name another file"))


def _put(output: Output, content: bytes) -> None:
    if output.path:
        write(output.path, content)
    else:
        echo(content)


def _add_job_summary(report: Report, style: Style) -> None:
    """Add the report to the summary page of a GitHub job, where one runs."""
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if not path:
        return
    try:
        with open(path, "ab") as file:
            file.write(render(report, "markdown", style))
    except OSError as error:
        raise UsageError(Problem(f"the job summary cannot be written ({error.strerror})", Place(path))) from None
