"""Kinds of business that are shut out."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Prohibition
from caveat.truth import Truth, arguable
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class FieldOfUse(Prohibition):
    """Organizations in certain businesses get no rights.

    `businesses`: those shut out; `unclear_businesses`: those of which it is open.

    Looks at `organization.businesses`, which speaks of the organization and its affiliates.
    """

    businesses: tuple[str, ...]
    unclear_businesses: tuple[str, ...] = ()

    kind: ClassVar[str] = "field-of-use"
    passes: ClassVar[str] = "not in a business that is shut out"
    default_readings: ClassVar[str] = "Whether this business is one of those shut out is open."
    default_remedy: ClassVar[str] = "Use another model, or get a separate license that covers field-of-use."

    def brief(self) -> str:
        return f"not for {', '.join(self.businesses)}"

    def breached(self, use: Use) -> Truth:
        found = use.includes("organization.businesses", self.businesses)
        perhaps = use.includes("organization.businesses", self.unclear_businesses)
        return arguable(self.both_readings, *perhaps.because) if found.value is False and perhaps.value else found

    def explain(self, use: Use, truth: Truth) -> str:
        return f"organizations in these businesses get no rights: {', '.join(self.businesses)}"
