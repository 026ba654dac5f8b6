"""Copyright and other notices stay in place."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Duty, Met
from caveat.finding import Severity
from caveat.truth import Truth
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class RetainNotices(Duty):
    """Notices that came with the model are kept.

    `on`: ways of distribution that trigger it. No manifest can prove it, so where it is owed it is listed for a human and
    never decides the gate.
    """

    on: tuple[str, ...] = ("weights", "embedded-product")

    kind: ClassVar[str] = "retain-notices"
    default_severity: ClassVar[Severity] = "info"
    not_owed: ClassVar[str] = "no copy reaches others"
    default_remedy: ClassVar[str] = "Compare the notices you ship with those that came with the model."

    def brief(self) -> str:
        return "keep notices"

    def owed(self, use: Use) -> Truth:
        return use.copies_leave(self.on)

    def met(self, use: Use) -> Met:
        return Met("open", "no manifest can prove that the notices were kept")

