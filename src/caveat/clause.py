"""The base of every clause kind: a clause judges a use.

A kind is one file in `clauses/`. It subclasses `Prohibition`, `Duty` or `Information`, its fields are the keys of the
rule file, its docstring is its manual page. The order in which a duty or a prohibition is judged stands here, once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import ClassVar, Literal, NamedTuple, TypeAlias

from caveat.evidence import Document, is_link
from caveat.finding import Judgement, Outcome, Severity
from caveat.manifest import Fact
from caveat.term import Reach
from caveat.truth import Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import Agreement, Use
from caveat.values import value

ThroughApi = Literal["applies", "open", "exempt"]
Spared = Literal["product-recipients", "internal-use", "partner-hosts"]

API_READINGS = (
    "Read strictly, whoever uses the model under this license is bound; read narrowly, one who only calls another "
    "company's hosted model exercises no right under it, and the host does."
)
STUDENT = (
    "A model trained on outputs is a derivative where the training makes it behave like the model that wrote them; trained "
    "for another end it may be none."
)


@value(kw_only=True)
class Clause:
    """What every clause has.

    section: where it stands in the license. id: its name within the license (default: the kind). says: what it says,
    in our own words. severity, remedy: instead of the kind's own. readings: both readings, where something is
    `unclear`. outputs: it also binds what the model produced. through_api: what it means for one who calls the model
    at another company: applies, open (lawyers differ) or exempt. evidence: how much of this clause was read, where that differs
    from the rest of the license.

    Whom it concerns: purposes: only these values of `purpose` (none named: all); unclear_purposes: values of which it is
    open. spares: product-recipients (who got the model inside a finished product), internal-use (nothing reaches
    outsiders), partner-hosts (who calls it at a host the licensor certifies).
    """

    section: str
    id: str = ""
    says: str = ""
    severity: Severity | None = None
    remedy: str = ""
    readings: str = ""
    outputs: bool = False
    through_api: ThroughApi | None = None
    evidence: Literal["text", "partial", "secondary"] | None = None
    purposes: tuple[str, ...] = ()
    unclear_purposes: tuple[str, ...] = ()
    spares: tuple[Spared, ...] = ()

    kind: ClassVar[str]
    binds: ClassVar[bool] = True
    default_severity: ClassVar[Severity]
    unstated_severity: ClassVar[Severity | None] = None
    default_remedy: ClassVar[str] = ""
    default_through_api: ClassVar[ThroughApi]
    default_readings: ClassVar[str] = "The text can be read both ways."
    reach: ClassVar[frozenset[Reach]] = frozenset({"own", "base"})

    @property
    def name(self) -> str:
        """The clause's id within its license."""
        return self.id or self.kind

    @property
    def both_readings(self) -> str:
        """The two readings of what is unclear."""
        return self.readings or self.default_readings

    @property
    def only_open(self) -> bool:
        """Whether the clause can give nothing worse than a review, because all it names is unclear."""
        return False

    @property
    def always_decided(self) -> bool:
        """Whether no missing fact can leave the clause open, because it has no object."""
        return False

    def reaches(self, use: Use) -> bool:
        """Tell whether the clause binds, or may bind, by one of the ways in which the license does."""
        return self._scope_bound(use).value is not False

    @property
    def never_passes(self) -> bool:
        """Whether the clause can never pass, because a part of it was not read."""
        return False

    def severity_if_unstated(self) -> Severity | None:
        """Return the severity of a finding that only lacks a fact, where it is another than the clause's own."""
        return self.unstated_severity

    def brief(self) -> str:
        """Say in a few words what the clause wants, for a table; "" where the kind says it all."""
        return ""

    def when(self) -> str:
        """Say whom the clause concerns and what triggers it, in a few words; "" where it is always so."""
        parts = [_list(getattr(self, "on", ()), "when it reaches others as "),
                 _list(getattr(self, "unclear_on", ()), "perhaps as "),
                 _list(getattr(self, "from_", ()), "when made by "), _list(self.purposes, "for purposes "),
                 _list(self.unclear_purposes, "perhaps for "), _list(self.spares, "not for ")]
        return "; ".join(part for part in parts if part)

    def concerns(self, use: Use) -> Truth:
        """Tell whether the clause speaks of this use at all: by its way, its purpose, and whom it spares."""
        spared = any_of(self._scope_spared(use, who) for who in self.spares)
        return all_of((self._scope_bound(use), self._scope_purpose(use), ~spared))

    def _scope_bound(self, use: Use) -> Truth:
        """Tell whether the clause binds by one of the ways; models trained on outputs are derivatives in some licenses."""
        ways = use.term.reaches
        if ways & self.reach or (self.outputs and "outputs" in ways):
            return yes()
        surely, perhaps = use.term.license.derived_by_outputs()
        relations = {hop.relation for way in use.term.ways if way.reach == "outputs" for hop in way.hops}
        if relations & surely:
            return yes()
        return arguable(STUDENT) if relations & perhaps else no()

    def _scope_purpose(self, use: Use) -> Truth:
        if not self.purposes:
            return yes()
        return use.one_of("purpose", self.purposes, self.unclear_purposes, self.both_readings)

    def _scope_spared(self, use: Use, who: Spared) -> Truth:
        """Tell whether a use is one of those spared; an exemption counts only when it is claimed."""
        if who == "internal-use":
            return use.internal_only()
        fact, value = ("delivery", "partner-api") if who == "partner-hosts" else ("received_in_product", True)
        claimed = use.equals(fact, value)
        return claimed if claimed.value else no()

    def judge(self, use: Use) -> Judgement:
        """Return the outcome for a use."""
        raise NotImplementedError

    def api_rule(self, use: Use) -> ThroughApi | None:
        """Return what the clause means for a caller of another company's API; None when the use is no such call."""
        return (self.through_api or self.default_through_api) if use.other_host() else None

    def _reaches_caller(self, use: Use) -> Truth:
        """Tell whether the clause reaches this use whoever hosts the model; for callers of another host it may be open."""
        if (self.through_api or self.default_through_api) == "applies":
            return yes()
        host = use.other_host()
        if host:
            return arguable(API_READINGS, host)
        return unknown(Need("delivery")) if use.host_unstated() else yes()


def _list(words: tuple[str, ...], before: str) -> str:
    return before + ", ".join(words) if words else ""


def _open(truth: Truth, names: str) -> str:
    """Say what keeps an answer open: the missing facts, or the two readings."""
    readings = sorted(need.reading for need in truth.needs if need.reading)
    facts = sorted({f"{need.fact} ({need.detail})" if need.detail else need.fact for need in truth.needs if need.fact})
    parts = [f"not stated: {', '.join(facts)}"] if facts else []
    return f"{names}: " + "; ".join(parts + readings)


@value(kw_only=True)
class Prohibition(Clause):
    """Something the license does not allow: breached or not."""

    default_severity: ClassVar[Severity] = "blocker"
    default_through_api: ClassVar[ThroughApi] = "open"
    passes: ClassVar[str] = "not breached"
    open_question: ClassVar[str] = "cannot be decided"
    liftable: ClassVar[bool] = True
    """Whether a separate license can allow what the clause forbids."""

    def breached(self, use: Use) -> Truth:
        """Tell whether the use breaches the clause."""
        raise NotImplementedError

    def absent(self, use: Use) -> Judgement | None:
        """Return a not-applicable judgement where the clause has no subject in this use, else None."""
        return None

    def explain(self, use: Use, truth: Truth) -> str:
        """Say what breaches the clause, in one sentence."""
        return self.says or f"this use is not allowed (section {self.section})"

    def judge(self, use: Use) -> Judgement:
        absent = self.absent(use)
        if absent:
            return absent
        if self.api_rule(use) == "exempt":
            return _exempt(use)
        concerned = self.concerns(use)
        if concerned.value is False:
            return _out_of_scope(concerned)
        truth = all_of((concerned, self.breached(use)))
        if truth.value is not False:
            truth = all_of((truth, self._reaches_caller(use)))
        if truth.value is False:
            return Judgement("pass", self.passes, truth.because)
        lifted = use.agreement(self.kind) if self.liftable else Agreement()
        if lifted.ground and not lifted.doubt:
            return Judgement("pass", "allowed by a separate license", truth.because | {lifted.ground})
        if lifted.ground:
            truth = all_of((truth, arguable(lifted.doubt, lifted.ground)))
        note = f" ({lifted.refusal})" if lifted.refusal else ""
        if truth.value:
            return Judgement("fail", self.explain(use, truth) + note, truth.because)
        severity = None if any(need.reading for need in truth.needs) else self.severity_if_unstated()
        message = _open(truth, self.open_question) + note
        return Judgement("review", message, truth.because, truth.needs, severity)


Because: TypeAlias = tuple[Ground, ...]
"""The facts that a piece of evidence rests on."""


def stated(fact: Fact, value: str) -> Ground:
    """Return one entry of a fact, such as a path, as a ground."""
    return Ground(fact.name, value, path=fact.path, line=fact.line)


class Met(NamedTuple):
    """How evidence meets a duty: yes on every reading, no, open (a human must look), or nothing stated at all."""

    state: Literal["yes", "no", "open", "unstated"]
    message: str = ""
    because: Because = ()


def best(found: Iterable[Met]) -> Met:
    """Return the piece of evidence that meets a duty best, the first of several that are as good."""
    return min(found, key=lambda met: ("yes", "open", "no", "unstated").index(met.state))


@value(kw_only=True)
class Duty(Clause):
    """Something the license asks for: owed or not, met or not."""

    default_severity: ClassVar[Severity] = "high"
    default_through_api: ClassVar[ThroughApi] = "exempt"
    not_owed: ClassVar[str] = "not owed"
    open_question: ClassVar[str] = "whether it is owed is open"

    def owed(self, use: Use) -> Truth:
        """Tell whether the duty is owed."""
        raise NotImplementedError

    def met(self, use: Use) -> Met:
        """Tell how the stated evidence meets it."""
        raise NotImplementedError

    def opened(self, use: Use, fact: Fact, path: str) -> Document | Met:
        """Return the file that a fact names as evidence, or how the duty stands when it is a link or cannot be read."""
        because = (stated(fact, path),)
        if is_link(path):
            return Met("open", f"{path} is a link, and links are not followed; name a file", because)
        document = use.document(fact, path)
        return Met("no", f"{path}: {document.problem}", because) if document.problem else document

    def speaks(self, use: Use, name: str, pattern: str, topic: str) -> Met:
        """Return how a duty stands that a file must meet which speaks of a topic; no match is for a human."""
        fact = use.fact(name)
        if fact is None:
            return Met("unstated")
        document = self.opened(use, fact, fact.value)
        if isinstance(document, Met):
            return document
        if re.search(pattern, document.seen(), re.IGNORECASE):
            return Met("yes", f"{fact.value} speaks of {topic}", (use.ground(fact),))
        return Met("open", f"{fact.value} does not seem to speak of {topic}", (use.ground(fact),))

    def unmet(self, use: Use) -> str:
        """Say what is owed, in one sentence."""
        return self.says or f"owed by section {self.section}"

    def live_outcome(self) -> Outcome:
        """Return the outcome of a duty that is owed, has no evidence, and whose product is live."""
        return "fail"

    def judge(self, use: Use) -> Judgement:
        return self.settle(use, self.owed(use), lambda: self.met(use))

    def settle(self, use: Use, owed: Truth, how_met: Callable[[], Met]) -> Judgement:
        """Judge the duty from whether it is owed and how it is met, in the order that DESIGN section 4 gives."""
        if self.api_rule(use) == "exempt":
            return _exempt(use)
        concerned = self.concerns(use)
        if concerned.value is False:
            return _out_of_scope(concerned)
        owed = all_of((concerned, owed, self._reaches_caller(use)))
        if owed.value is False:
            return Judgement("not-applicable", self.not_owed, owed.because)
        lifted = use.agreement(self.kind)
        if lifted.ground and not lifted.doubt:
            return Judgement("not-applicable", "lifted by a separate license", owed.because | {lifted.ground})
        if lifted.ground:
            owed = all_of((owed, arguable(lifted.doubt, lifted.ground)))
        met = how_met()
        because = owed.because.union(met.because)
        note = f" ({lifted.refusal})" if lifted.refusal else ""
        if met.state == "yes":
            return Judgement("pass", met.message, because)
        if owed.value is None:
            severity = None if any(need.reading for need in owed.needs) else self.severity_if_unstated()
            return Judgement("review", _open(owed, self.open_question), owed.because, owed.needs, severity)
        if met.state == "no":
            return Judgement("fail", met.message + note, because)
        if met.state == "open":
            return Judgement("review", met.message + note, because, frozenset({Need("", reading=met.message)}))
        return self._unstated(use, because, note)

    def _unstated(self, use: Use, because: frozenset[Ground], note: str) -> Judgement:
        live = use.equals("status", "live")
        if live.value:
            return Judgement(self.live_outcome(), self.unmet(use) + note, because | live.because)
        return Judgement("obligation", self.unmet(use) + note, because)


@value(kw_only=True)
class Information(Clause):
    """Something to know; it decides nothing by itself."""

    binds: ClassVar[bool] = False
    default_severity: ClassVar[Severity] = "info"
    default_through_api: ClassVar[ThroughApi] = "applies"
    default_remedy: ClassVar[str] = "Have counsel look at the clause."

    def judge(self, use: Use) -> Judgement:
        return Judgement("not-applicable", self.says)


def _out_of_scope(concerned: Truth) -> Judgement:
    facts = sorted(f"{ground.fact} = {ground.value}" for ground in concerned.because)
    return Judgement("not-applicable", f"it does not speak of this use: {', '.join(facts)}", concerned.because)


def _exempt(use: Use) -> Judgement:
    host = use.other_host()
    return Judgement("not-applicable", "the model is called at another company's host; no copy is held",
                     frozenset((host,)) if host else frozenset())
