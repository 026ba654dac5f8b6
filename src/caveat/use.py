"""A use: one model of one project as the clauses of one license see it, asked fact by fact."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from caveat.evidence import Document, Evidence
from caveat.figures import Interval, Monthly
from caveat.manifest import Fact, Record
from caveat.term import Hop, Resolved, Target, Term, Way
from caveat.truth import Ground, Need, Truth, arguable, no, unknown, yes
from caveat.vocabulary import Vocabulary

OTHER_HOSTS = ("third-party-api", "partner-api")
CONTRADICTION = "Internal use only, and end users outside the organization, are both stated: one of them is wrong."
SECOND_HAND = (
    "A model made from one that only learned from this one's outputs may count as made with those outputs, or only the "
    "model in between does.")
REACHES_OTHERS = ("hosted-service", "embedded-product", "weights")


class Use(NamedTuple):
    """Everything a clause may ask; every answer carries the facts it rests on."""

    term: Term
    model: Resolved
    project: Mapping[str, Fact]
    evidence: Evidence
    vocabulary: Vocabulary
    as_of: datetime.date

    # -- facts ---------------------------------------------------------------------------------------------------

    def fact(self, name: str) -> Fact | None:
        """Return a fact as stated for the model, else for the project, else None."""
        if name == "delivery":
            return self.model.delivery
        return self.model.use.facts.get(name) or self.project.get(name)

    def ground(self, fact: Fact, value: Any = None, detail: str = "") -> Ground:
        """Return a fact as a ground; `value` replaces how it is shown."""
        shown = fact.value if value is None else value
        if isinstance(shown, tuple):
            shown = ", ".join(_word(item) for item in shown) or "none"
        elif not isinstance(shown, str | bool | int):
            shown = str(shown)
        source = "manifest" if fact.path else "catalogue"
        return Ground(fact.name, shown, detail, source, fact.path, fact.line)

    def equals(self, name: str, *values: Any) -> Truth:
        """Tell whether a fact has one of these values."""
        fact = self.fact(name)
        if fact is None:
            return unknown(Need(name))
        return yes(self.ground(fact)) if fact.value in values else no(self.ground(fact))

    def one_of(self, name: str, values: Iterable[Any], unclear: Iterable[Any], readings: str) -> Truth:
        """Tell whether a fact has one of these values; the values in `unclear` make it arguable."""
        surely = self.equals(name, *values)
        perhaps = surely.value is False and self.equals(name, *unclear).value
        return arguable(readings, *surely.because) if perhaps else surely

    def includes(self, name: str, values: Iterable[str]) -> Truth:
        """Tell whether a fact that is a list holds one of these values."""
        fact = self.fact(name)
        if fact is None:
            return unknown(Need(name))
        found = tuple(value for value in fact.value if value in frozenset(values))
        return yes(self.ground(fact, found)) if found else no(self.ground(fact))

    def outputs_in_trade(self) -> Truth:
        """Tell whether outputs are used commercially: sold, or to train a model for trade."""
        train = self.fact("outputs.train")
        for_trade = [Ground("outputs.train", f"{record.get('id')} (commercial)", path=train.path, line=record.line)
                     for record in train.value if record.get("commercial")] if train else []
        return yes(*for_trade) if for_trade else self.equals("outputs.commercial", True)

    # -- where and to whom it goes -------------------------------------------------------------------------------

    def other_host(self) -> Ground | None:
        """Return the delivery when somebody other than the licensor hosts the model, else None.

        Whoever passes this very model's weights on, or made the model, holds a copy, whoever hosts the one that is called.
        """
        fact = self.model.delivery
        return self.ground(fact) if fact and fact.value in OTHER_HOSTS and not self._holds_a_copy() else None

    def host_unstated(self) -> bool:
        """Tell whether the model may be called at another host: its id is a name that APIs give it, and nobody says whose."""
        return self.model.any_host and not self._holds_a_copy()

    def _holds_a_copy(self) -> bool:
        passed_on = self.model.use.facts.get("distribution")
        made = any(Way((hop,)).reach == "base" for hop in self.own_hops())
        return made or (passed_on is not None and "weights" in passed_on.value)

    def shared(self, on: Iterable[str], unclear_on: Iterable[str] = (), readings: str = "") -> Truth:
        """Tell whether the model reaches others in one of the ways `on`; ways in `unclear_on` make it arguable."""
        surely = self.includes("distribution", on)
        perhaps = self.includes("distribution", unclear_on)
        if surely.value is False and self._contradicts():
            return arguable(CONTRADICTION, *surely.because, *self.equals("end_users", "third-parties").because)
        if surely.value is None or not perhaps.value:
            return surely
        return surely | arguable(readings, *perhaps.because)

    def _contradicts(self) -> bool:
        """Tell whether only internal use is stated, and end users outside the organization as well, for the same thing."""
        fact = self.fact("distribution")
        if ("distribution" in self.model.use.facts) != ("end_users" in self.model.use.facts):
            return False  # one model of a public product may well be for internal use
        return fact is not None and set(fact.value) == {"internal"} and bool(self.equals("end_users", "third-parties").value)

    def internal_only(self) -> Truth:
        """Tell whether nothing reaches outsiders: neither the model nor its outputs nor a service."""
        fact = self.fact("distribution")
        if fact is None:
            return unknown(Need("distribution"))
        if set(fact.value) != {"internal"}:
            return no(self.ground(fact))
        if self._contradicts():
            return arguable(CONTRADICTION, self.ground(fact), *self.equals("end_users", "third-parties").because)
        return yes(self.ground(fact))

    def copies_leave(self, on: Iterable[str], unclear_on: Iterable[str] = (), readings: str = "") -> Truth:
        """Tell whether copies of the weights, or what counts as them, reach others; a caller of an API holds none."""
        host = self.other_host()
        return no(host) if host else self.shared(on, unclear_on, readings)

    # -- lineage -------------------------------------------------------------------------------------------------

    def own_hops(self) -> tuple[Hop, ...]:
        """Return the steps that we made, in all ways by which the license binds."""
        return tuple({hop: None for way in self.term.ways for hop in way.hops if hop.by_us})

    def made(self, relations: Iterable[str], unclear: Iterable[str] = (), readings: str = "") -> Truth:
        """Tell whether we made the model from the licensed one by one of these relations.

        Relations in `unclear` make it arguable, and so does a step of ours from a model that holds no weights of the
        licensed one. A model that is said to be ours may come from anything while its base is not stated.
        """
        steps = dict.fromkeys((hop, way.brings_weights_to(hop)) for way in self.term.ways for hop in way.hops if hop.by_us)
        surely = [hop for hop, weights in steps if weights and hop.relation in frozenset(relations)]
        second_hand = [hop for hop, weights in steps if not weights and hop.relation in frozenset(relations)]
        perhaps = [hop for hop, _ in steps if hop.relation in frozenset(unclear)]
        if surely:
            return yes(*map(self._step, surely))
        if second_hand:
            return arguable(SECOND_HAND, *map(self._step, second_hand))
        if perhaps:
            return arguable(readings, *map(self._step, perhaps))
        return unknown(Need("base")) if self.is_ours_from_unstated() else no()

    def releases(self) -> frozenset[datetime.date | None]:
        """Return when the licensed models were released: this one as stated, those it was made from as the catalogue says."""
        stated = self.fact("released")
        own: datetime.date | None = stated.value if stated else None
        days = {own if bearer.id == self.model.use.id else _day(bearer.entry.released if bearer.entry else "")
                for bearer in self.term.bearers}
        return frozenset(days or {own})

    def only_beside(self, relations: Iterable[str]) -> tuple[Ground, ...]:
        """Return the ways to ancestors that bind, where each holds a step that perhaps carries none of the material."""
        ways, perhaps = [way for way in self.term.ways if way.hops], frozenset(relations)
        if not all(any(hop.relation in perhaps for hop in way.hops) for way in ways):
            return ()
        return tuple(Ground("base", str(way), path=self.model.place.path, line=self.model.place.line) for way in ways)

    def is_ours_from_unstated(self) -> bool:
        """Tell whether the model is said to be ours, while nothing says from what it was made."""
        return self.model.made_by_us and self.fact("base") is None

    def _step(self, hop: Hop) -> Ground:
        fact = self.fact("base")
        path, line = (fact.path, fact.line) if fact else ("", None)
        return Ground("base", f"{hop.relation} of {hop.parent}", source="manifest" if fact else "catalogue", path=path,
                      line=line)

    def about(self, name: str) -> Target:
        """Return what is known of a model or license that a fact names."""
        return self.model.targets.get(name, Target())

    def kind_of_model(self) -> str | None:
        """Return what kind of model this is: by the catalogue, else by the models whose weights it was made from."""
        if self.model.entry:
            return self.model.entry.kind
        return next((parent.kind for parent in self.model.parents.values() if parent.kind), None)

    # -- figures -------------------------------------------------------------------------------------------------

    def users(self, name: str, month: str, *, or_latest: bool = False) -> tuple[Interval, tuple[Ground, ...]]:
        """Return what is known of a user figure in a month ("": the latest), and the facts that say so.

        Figures of the product bound those of the organization from below, and those of the organization the product's
        from above.
        """
        known, grounds = self._figure(name, month, or_latest)
        if name not in ("mau", "product_mau"):
            return known, grounds
        other, other_grounds = self._figure("product_mau" if name == "mau" else "mau", month, or_latest)
        both = known.within(Interval(other.low) if name == "mau" else Interval(0, other.high))
        return (both, grounds + other_grounds) if both != known else (known, grounds)

    def _figure(self, name: str, month: str, or_latest: bool) -> tuple[Interval, tuple[Ground, ...]]:
        fact = self.fact(name)
        if fact is None:
            return Interval(), ()
        monthly: Monthly = fact.value
        known, grounds = Interval(), []
        found = _stated_for(monthly, month, self.as_of.isoformat()[:7])
        if or_latest and monthly.latest:
            found.append(("latest month", monthly.latest))
        for label, stated in found:
            known = known.within(stated.value)
            grounds.append(self.ground(Fact(name, str(stated.value), fact.path, stated.node.line, None), detail=label))
        return known, tuple(grounds)

    def more_users(self, name: str, threshold: int, month: str, *, or_equal: bool, or_latest: bool = False) -> Truth:
        """Tell whether a user figure of a month is above a threshold (or at it, with `or_equal`).

        `or_latest`: a figure that is stated for no month, as the latest one, counts for this month too.
        """
        known, grounds = self.users(name, month, or_latest=or_latest)
        floor = threshold if or_equal else threshold + 1
        if known.high is not None and known.low > known.high:
            return arguable(f"the figures stated for {name} contradict each other", *grounds)
        if known.low >= floor:
            return yes(*grounds)
        if known.high is not None and known.high < floor:
            return no(*grounds)
        return unknown(Need(name, month), *grounds)

    # -- evidence and agreements ---------------------------------------------------------------------------------

    def document(self, fact: Fact, path: str) -> Document:
        """Return the document that a fact names by a path."""
        return self.evidence.document(fact, path)

    def agreement(self, kind: str) -> Agreement:
        """Return the separate license that lifts clauses of a kind, or why the one stated does not, or perhaps does not."""
        fact = self.fact("separate_license")
        if fact is None or fact.value == "none":
            return Agreement()
        record = fact.value
        licensor = record.get("licensor")
        if kind not in record.get("covers"):
            return Agreement(refusal=f"the separate license does not cover {kind}")
        if record.get("until") and record.get("until") < self.as_of:
            return Agreement(refusal=f"the separate license ended on {record.get('until')}")
        if record.get("from") and record.get("from") > self.as_of:
            return Agreement(refusal=f"the separate license begins on {record.get('from')}")
        ground = self.ground(fact, f"{licensor} {record.get('reference') or ''}".strip())
        if self.is_licensor(licensor):
            return Agreement(ground)
        if self.term.license.licensor is None and not all(bearer.entry for bearer in self.term.bearers):
            return Agreement(ground, doubt=f"The license names no licensor; whether {licensor} may grant it is open.")
        return Agreement(refusal=f"the separate license is from {licensor}, not from the licensor")

    def is_licensor(self, name: str) -> bool:
        """Tell whether a name is the licensor's: one of its names, or one of them followed by a company form.

        Where anyone may use a license, the licensors are the publishers of the models that carry it.
        """
        words = _name_words(name)
        return any(words[: len(known)] == known and all(word in _COMPANY_FORMS for word in words[len(known):])
                   for known in map(_name_words, self._licensors()))

    def _licensors(self) -> tuple[str, ...]:
        licensor = self.term.license.licensor
        if licensor:
            return (licensor.name, *licensor.aliases)
        entries = [bearer.entry for bearer in self.term.bearers if bearer.entry]
        return tuple(name for entry in entries for name in (entry.publisher, entry.publisher_name) if name)


class Agreement(NamedTuple):
    """A separate license: the fact that states it (None: none that counts), why it does not count, and what is in doubt."""

    ground: Ground | None = None
    refusal: str = ""
    doubt: str = ""


_COMPANY_FORMS = frozenset({"inc", "incorporated", "corp", "corporation", "llc", "ltd", "limited", "gmbh", "sa", "sas",
                            "bv", "plc", "ag", "se", "co", "company", "platforms", "ireland"})


def _name_words(name: str) -> tuple[str, ...]:
    return tuple("".join(c if c.isalnum() else " " for c in name.lower()).split())


def _day(text: str) -> datetime.date | None:
    return datetime.date.fromisoformat(text) if text else None


def _word(item: str | Record) -> str:
    if isinstance(item, str):
        return item
    return str(item.get("tag") or item.get("id") or item.get("path") or item.get("text") or item.get("role"))


def _stated_for(monthly: Monthly, month: str, this_month: str) -> list[tuple[str, Any]]:
    """Give what is stated for a month ("": the latest one that is not after this month), each with its label."""
    found = [("every month", monthly.every)] if monthly.every else []
    if month:
        return found + [(label, stated) for label, stated in monthly.months if label == month]
    past = [(label, stated) for label, stated in monthly.months if label <= this_month]
    latest = [("latest month", monthly.latest)] if monthly.latest else []
    return found + latest + past[-1:]


