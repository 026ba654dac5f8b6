"""The license itself cannot be passed to another holder."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Information
from caveat.finding import Severity
from caveat.values import value


@value(kw_only=True)
class Transfer(Information):
    """Whether the license may be assigned or sublicensed: to know before a sale, a merger or a reorganization."""

    kind: ClassVar[str] = "transfer"
    default_severity: ClassVar[Severity] = "medium"
