"""A model trained on outputs is a derivative of the model that wrote them."""

from __future__ import annotations

from typing import ClassVar

from caveat.clause import Information
from caveat.finding import Judgement
from caveat.truth import Need
from caveat.use import Use
from caveat.values import value


@value(kw_only=True)
class DistillationDerivative(Information):
    """A model that learned from this one's outputs is a derivative, so that every clause of the license binds it.

    `from`: output relations (distill, train-on-outputs) that make a derivative; `unclear`: those of which it is open, so that
    the clauses bind arguably.

    A model that `outputs.train` names may be such a derivative: it is listed for a human.
    """

    from_: tuple[str, ...] = ("distill",)
    unclear: tuple[str, ...] = ()

    kind: ClassVar[str] = "distillation-derivative"

    def brief(self) -> str:
        return f"models made by {', '.join((*self.from_, *self.unclear))} are derivatives"

    def judge(self, use: Use) -> Judgement:
        fact = use.fact("outputs.train")
        if fact is None or not fact.value or not use.term.reaches & {"own", "base"}:
            return super().judge(use)
        students = ", ".join(str(record.get("id")) for record in fact.value)
        reading = f"{students} may be bound by {use.term.license.id} as a derivative: list it with its base, so that it is judged."
        return Judgement("review", reading, frozenset((use.ground(fact),)), frozenset((Need("", reading=reading),)), "medium")
