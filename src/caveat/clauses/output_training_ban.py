"""What the model writes, or the model itself, may not improve other models."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator
from typing import ClassVar

from caveat.clause import Prohibition
from caveat.manifest import Record
from caveat.term import OUTPUT_RELATIONS, Reach, Way
from caveat.truth import Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value

SECOND_HAND = "The outputs were used by somebody else upstream: the breach may be theirs alone, or follow the model."
ARGUABLE_WAY = "Scoring or tokenizing with the model may count as using it to improve the other one, or not."
MIXED_MERGE = "A merge with a model of another license may be a derivative, which is excepted, or improve another model."
STUDENT_EXCEPTED = (
    "The license makes a model that learned from outputs a derivative, and excepts derivatives: read so the ban has no object, "
    "read by its purpose it means just this.")
INSIDE_A_BUSINESS = "A model that serves a business inside may count as one for commercial use, or not."
SAME_FAMILY = "'same_family' is claimed for a model the catalogue does not know; the exception names models, not families."


@value(kw_only=True)
class OutputTrainingBan(Prohibition):
    """The model and what it writes may not be used to improve other models.

    `targets`: kinds of model that may not be improved. `unclear_targets`: kinds of which it is open. `any_model`: every model,
    whatever its kind. `competitive`: only models that compete with the licensor's. `commercial`: only models for commercial
    use. `exempt`: ids of licenses whose models, and derivatives of them, are excepted; `family`: ids of further models that the
    exception names (`*` stands for anything).

    Looks at `outputs.train` of the model and at lineage: a model whose `base` says distill or train-on-outputs was improved
    with this one, whatever the entry of the teacher says. The catalogue overrides a claimed kind or family.
    """

    targets: tuple[str, ...] = ("llm",)
    unclear_targets: tuple[str, ...] = ("embedding", "classifier", "image", "audio", "video", "other", "foundation")
    any_model: bool = False
    competitive: bool = False
    commercial: bool = False
    exempt: tuple[str, ...] = ()
    family: tuple[str, ...] = ()

    kind: ClassVar[str] = "output-training-ban"
    reach: ClassVar[frozenset[Reach]] = frozenset({"own", "base", "outputs", "arguable"})
    passes: ClassVar[str] = "no other model is improved with it"
    default_readings: ClassVar[str] = "The kind of model improved may or may not be one of those the clause names."
    default_remedy: ClassVar[str] = (
        "Train on outputs of a model whose license allows it, or train only the models the clause excepts.")

    def brief(self) -> str:
        what = "model" if self.any_model else " or ".join(self.targets)
        conditions = [word for word in ("competitive", "commercial") if getattr(self, word)]
        return f"outputs improve no other {' '.join([*conditions, what])}"

    def breached(self, use: Use) -> Truth:
        own = self._declared(use) if use.term.reaches & {"own", "base"} else no()
        return any_of((own, *(self._way(use, way) for way in use.term.ways)))

    def _declared(self, use: Use) -> Truth:
        fact = use.fact("outputs.train")
        if fact is None:
            return unknown(Need("outputs.train"))
        if not fact.value:
            return no(use.ground(fact))
        return any_of(self._trained(use, record, fact.path) for record in fact.value)

    def _trained(self, use: Use, record: Record, path: str) -> Truth:
        target = record.get("id")
        ground = Ground("outputs.train", target, record.get("kind") or "", path=path, line=record.line)
        known = use.about(target)
        if known.licenses & set(self.exempt):
            return no(ground)
        if self._is_family(target):
            return no(ground)
        if not known.licenses and record.get("same_family"):
            return arguable(SAME_FAMILY, ground)
        banned = self._kind(known.kind or record.get("kind"), target, ground)
        return all_of((banned, *self._conditions(target, record, ground)))

    def _is_family(self, name: str) -> bool:
        return any(fnmatch.fnmatchcase(name.lower(), pattern) for pattern in self.family)

    def _student(self, use: Use, ground: Ground) -> Iterator[Truth]:
        """Give the further conditions on a model of this manifest that was improved: what it is for stands in `purpose`."""
        if self.competitive:
            yield unknown(Need("outputs.train.competitive", use.model.use.id), ground)
        if self.commercial:
            yield use.one_of("purpose", ("commercial",), ("internal-business",), INSIDE_A_BUSINESS)

    def _conditions(self, target: str, record: Record, ground: Ground) -> Iterator[Truth]:
        """Give the further conditions on the improved model, as its entry states them."""
        for name in ("competitive", "commercial"):
            if getattr(self, name):
                stated = record.get(name)
                shown = ground._replace(detail=f"{name}: {str(stated).lower()}")
                need = Need(f"outputs.train.{name}", target)
                yield unknown(need, ground) if stated is None else yes(shown) if stated else no(shown)

    def _kind(self, kind: str | None, target: str, ground: Ground) -> Truth:
        if kind is None and not self.any_model:
            return unknown(Need("outputs.train.kind", target), ground)
        if self.any_model or kind in self.targets:
            return yes(ground)
        return arguable(self.both_readings, ground) if kind in self.unclear_targets else no(ground)

    def _way(self, use: Use, way: Way) -> Truth:
        """Judge the model itself as one that was improved with the licensed one."""
        ground = Ground("base", str(way), path=use.model.place.path, line=use.model.place.line)
        if way.reach == "own":
            return no()
        if way.reach == "base":
            return arguable(MIXED_MERGE, ground) if self._is_mixed(use, {*self.exempt, use.term.license.id}) else no()
        banned = self._kind(self._kind_of_student(use, way), use.model.use.id, ground)
        if banned.value is False:
            return no(ground)
        if way.reach == "arguable":
            return arguable(ARGUABLE_WAY, ground)
        if self._is_derived_from_exempt(use):
            return arguable(MIXED_MERGE, ground) if self._is_mixed(use, self.exempt) else no(ground)
        if any(self._is_family(name) for name in use.model.parents):
            return no(ground)
        used = next(hop for hop in way.hops if hop.relation in OUTPUT_RELATIONS)
        if not used.by_us:
            return arguable(SECOND_HAND, ground)
        if self._is_excepted_student(use, used.relation):
            return arguable(STUDENT_EXCEPTED, ground)
        return all_of((banned, *self._student(use, ground)))

    def _is_excepted_student(self, use: Use, relation: str) -> bool:
        """Tell whether a model is a derivative by learning from outputs, and no model of another license that was improved."""
        derives = relation in frozenset().union(*use.term.license.derived_by_outputs())
        foreign = any(not parent.licenses & frozenset(self.exempt) for parent in use.model.parents.values())
        return derives and use.term.license.id in self.exempt and not foreign

    def _is_derived_from_exempt(self, use: Use) -> bool:
        parents = use.model.parents.values()
        return bool(parents) and all(parent.licenses & frozenset(self.exempt) for parent in parents)

    def _is_mixed(self, use: Use, licenses: Iterable[str]) -> bool:
        """Tell whether the model's weights were merged, and hold any that are not under these licenses."""
        merged = any(hop.relation == "merge" for way in use.term.ways for hop in way.hops)
        known = frozenset(licenses)
        return merged and not all(parent.licenses and parent.licenses <= known for parent in use.model.parents.values())

    def _kind_of_student(self, use: Use, way: Way) -> str | None:
        """Return what the improved model is: by the catalogue, its other parents, or what it was distilled from."""
        known = use.kind_of_model()
        if known:
            return known
        distilled = any(hop.relation == "distill" for hop in way.hops)
        return next((b.entry.kind for b in use.term.bearers if b.entry), None) if distilled else None
