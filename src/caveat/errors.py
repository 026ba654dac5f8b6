"""Errors that end a run: each says what is wrong, where, and what to write instead."""

from typing import NamedTuple


class Place(NamedTuple):
    """A place in a file; line and column count from 1 and are None where only the file is known."""

    path: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in self if part is not None)


class Problem(NamedTuple):
    """One thing that is wrong with an input, in one line, and how to mend it."""

    message: str
    place: Place | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"


class Error(Exception):
    """The base of all errors a user can mend; carries every problem found at once and the exit code."""

    exit_code = 2

    def __init__(self, *problems: Problem) -> None:
        super().__init__(*problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class ManifestError(Error):
    """A manifest cannot be read, or breaks its contract (DESIGN section 3)."""


class RuleError(Error):
    """A rule set, catalogue or vocabulary file cannot be read, or breaks its schema."""


class PolicyError(Error):
    """A policy cannot be found or read, or breaks its schema."""


class UsageError(Error):
    """The command line asks for something that does not exist."""


class ExtraMissingError(UsageError):
    """A format needs a library of an extra that is not installed."""

    def __init__(self, form: str) -> None:
        super().__init__(Problem(f"the format {form} needs the extra caveat[{form}], which is not installed", None,
                                 f"install it: pip install 'caveat[{form}]'"))
