"""A model trained on outputs is a derivative of the model that wrote them."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Information
from caveat.values import value


@value(kw_only=True)
class DistillationDerivative(Information):
    """A model that learned from this one's outputs is a derivative, so that every clause of the license binds it.

    `from`: output relations (distill, train-on-outputs) that make a derivative; `unclear`: those of which it is open, so that
    the clauses bind arguably.
    """

    from_: tuple[str, ...] = ("distill",)
    unclear: tuple[str, ...] = ()

    kind: ClassVar[str] = "distillation-derivative"

    def brief(self) -> str:
        return f"models made by {', '.join((*self.from_, *self.unclear))} are derivatives"
