"""Render: a report becomes the bytes of a format, by the reporter of that name."""

from __future__ import annotations

from caveat import plugins
from caveat.report import Report, Style


def render(report: Report, form: str, style: Style) -> bytes:
    """Return the report in a format; raises KeyError for no such reporter, ExtraMissingError where its library is missing."""
    made: str | bytes = plugins.load("reporters", form).render(report, style)
    return made if isinstance(made, bytes) else made.encode("utf-8", "replace")
