"""The report as JSON (contract of version 1): every outcome, keys in the order of the contract."""

from __future__ import annotations

import json

from caveat.report import Report, Style
from caveat.values import plain


def render(report: Report, style: Style) -> str:
    """Return the report as JSON text; no style changes it."""
    return json.dumps(plain(report), ensure_ascii=False, indent=1) + "\n"
