"""`caveat check`: the gate."""

from __future__ import annotations

import datetime

import click

from caveat import plugins
from caveat.api import Options, check
from caveat.cli.common import Date, complain, echo, use_color, write
from caveat.render import render
from caveat.report import Verdict

EXIT_CODES: dict[Verdict, int] = {"pass": 0, "fail": 1, "review": 3}


@click.command(short_help="Judge manifests: pass, fail or review.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "form", type=click.Choice(plugins.names("reporters")), default="text", show_default=True,
              help="How to write the report.")
@click.option("-o", "--output", metavar="FILE", help="Write the report to a file instead of standard output.")
@click.option("--as-of", type=Date(), metavar="DATE", help="Judge as of this day (YYYY-MM-DD) instead of today.")
@click.option("-v", "--verbose", is_flag=True, help="List what passes and what does not apply, too.")
@click.option("--policy", metavar="NAME|FILE", help="The policy to apply instead of the manifest's.")
@click.option("--rules", multiple=True, metavar="DIR", help="A folder of rules to add to, or put over, the built-in ones.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True, help="Color the text.")
def command(paths: tuple[str, ...], form: str, output: str | None, as_of: datetime.date | None, verbose: bool,
            policy: str | None, rules: tuple[str, ...], color: str) -> int:
    """Check manifests, or every manifest under a folder, and say what each license makes of them.

    Without PATH the manifests under the current folder are checked.

    Exit codes: 0 pass, 1 fail, 2 could not be evaluated, 3 review.
    """
    outcome = check(paths or (".",), Options(as_of, policy, rules), datetime.date.today())
    for problem in outcome.problems:
        complain(problem)
    if outcome.report is None:
        return 2
    if outcome.problems:
        complain("caveat: the report leaves out what could not be evaluated (exit code 2)")
    painted = use_color(color, output is not None)
    text = render(outcome.report, form, verbose=verbose, color=painted)
    if output:
        write(output, text)
    else:
        echo(text)
    return 2 if outcome.problems else EXIT_CODES[outcome.report.verdict]
