"""Things to know about a license."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Information
from caveat.finding import Judgement
from caveat.truth import Need
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class Info(Information):
    """A clause to know that decides nothing by itself (grants, warranty, liability, governing law ...).

    `review_for`: kinds of organization for which a human must look at it all the same.
    """

    review_for: tuple[str, ...] = ()

    kind: ClassVar[str] = "info"

    def judge(self, use: Use) -> Judgement:
        concerned = use.equals("organization.kind", *self.review_for)
        if self.review_for and concerned.value:
            reading = self.readings or "this kind of organization may not be able to accept it"
            return Judgement("review", f"{self.says} ({reading})", concerned.because, frozenset({Need("", reading=reading)}))
        if self.review_for and concerned.value is None:
            return Judgement("review", f"{self.says} Whether it can be accepted hangs on the kind of organization.",
                             concerned.because, concerned.needs)
        return Judgement("not-applicable", self.says)
