"""Render: a report becomes the text of a format, by the reporter of that name."""

from __future__ import annotations

from caveat import plugins
from caveat.report import Report


def render(report: Report, form: str, *, verbose: bool = False, color: bool = False) -> str:
    """Return the report in a format; raises KeyError when there is no such reporter."""
    text: str = plugins.load("reporters", form).render(report, verbose=verbose, color=color)
    return text
