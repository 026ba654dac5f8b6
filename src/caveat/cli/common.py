"""What several commands share: color, dates, writing a file whole."""

from __future__ import annotations

import datetime
import os
import sys
from collections.abc import Iterable

import click

from caveat.errors import Error, Place, Problem, UsageError
from caveat.report import Report
from caveat.shapes import harmless, printable


class Date(click.ParamType):  # type: ignore[type-arg,unused-ignore]
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        """Return the date, or fail with a sentence."""
        if isinstance(value, datetime.date):
            return value
        try:
            return datetime.datetime.strptime(str(value), "%Y-%m-%d").date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write YYYY-MM-DD, e.g. 2026-11-22", param, ctx)


format_option = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True,
                             help="How to write it.")
"""The option of commands that write text for a reader or JSON for other programs."""


def use_color(choice: str, to_file: bool) -> bool:
    """Tell whether to color: the flag, else FORCE_COLOR, else NO_COLOR, else only on a terminal."""
    if choice != "auto":
        return choice == "always"
    if to_file:
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout is not None and sys.stdout.isatty()


def write(path: str, content: bytes) -> None:
    """Write a file whole or not at all, a device or a pipe as it is; raises UsageError where it cannot be written."""
    import tempfile

    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    try:
        if os.path.exists(target) and not os.path.isfile(target):
            with open(target, "wb") as stream:
                stream.write(content)
            return
        handle, scratch = tempfile.mkstemp(dir=folder, prefix=".caveat-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(scratch, 0o644)
            os.replace(scratch, target)
        except BaseException:
            os.unlink(scratch)
            raise
    except OSError as error:
        raise UsageError(Problem(f"cannot be written ({error.strerror})", Place(path))) from None


def echo(content: str | bytes) -> None:
    """Write to standard output, text as UTF-8 whatever the locale; raises Error where nobody takes it."""
    if sys.stdout is None:
        raise Error(Problem("there is no standard output to write to", None, "name a file with -o"))
    try:
        sys.stdout.buffer.write(content if isinstance(content, bytes) else content.encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python flushes, and complains, at its end
        raise Error(Problem(f"standard output cannot be written ({error.strerror})")) from None


def complain(problem: object) -> None:
    """Write one problem to standard error, as one harmless line; a lost standard error changes no exit code."""
    try:
        click.echo(printable(str(problem)), err=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def complain_of(report: Report) -> None:
    """Write what could not be evaluated to standard error, one line each."""
    for missing in report.not_evaluated:
        at = missing.location
        complain(Problem(missing.message, Place(at.path, at.line, at.column) if at.path else None, missing.hint))


def page(lines: Iterable[str]) -> None:
    """Write lines to standard output, without control characters that strangers may have put into them."""
    echo("".join(harmless(f"{line}\n") for line in lines))


def show(found: object, lines: Iterable[str], form: str) -> None:
    """Write what was found: a value as JSON, or its lines for a reader."""
    if form != "json":
        page(lines)
        return
    import json

    from caveat.values import plain

    echo(json.dumps(plain(found), ensure_ascii=False, indent=1) + "\n")
