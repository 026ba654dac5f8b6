"""Uses that the license or its acceptable use policy forbids."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar, Literal, TypeAlias

from caveat.clause import Prohibition
from caveat.manifest import Record
from caveat.truth import Ground, Need, Truth, all_of, any_of, arguable, no, unknown, yes
from caveat.use import Use
from caveat.values import value
from caveat.vocabulary import UseTag

SUB_FACTS = frozenset({"intent", "consent", "disclosed", "lawful_basis", "licensed_professional", "human_in_loop"})

Condition: TypeAlias = dict[Literal["section", "unless", "when"], str | tuple[str, ...]]
"""When a use is forbidden: `unless` a sub-fact (or one of several) is true, only `when` one is, or both; with its section."""
Unclear: TypeAlias = dict[Literal["section", "readings"], str]
"""A use of which it is open whether it is meant: its section and both readings."""

_DISCLOSURE_TAGS = ("undisclosed-ai", "ai-as-human")


@value(kw_only=True)
class UseRestrictions(Prohibition):
    """Forbidden uses, by the tags of the vocabulary.

    `prohibits`: tags that are forbidden outright, each with its section. `conditional`: tags that are forbidden unless, or
    only when, a sub-fact of the use, or one of several, is true. `unclear`: tags of which lawyers differ. `unread`: a policy
    that is part of the license and was not read, so that nothing passes. `public_only`: output that stays inside need not be
    disclosed.

    `intended_use` is the complete list of what the product is for, so a tag that is not listed is not intended. A word that is
    no tag is for a human. Whether users are told that they deal with AI comes from `ai_disclosure`, or from the list.
    """

    prohibits: dict[str, str] = field(default_factory=dict)
    conditional: dict[str, Condition] = field(default_factory=dict)
    unclear: dict[str, Unclear] = field(default_factory=dict)
    unread: str = ""
    public_only: bool = False

    kind: ClassVar[str] = "use-restrictions"
    passes: ClassVar[str] = "no listed use is forbidden"
    open_question: ClassVar[str] = "a use is open"
    default_through_api: ClassVar[Literal["applies", "open", "exempt"]] = "applies"
    default_remedy: ClassVar[str] = "Drop the forbidden use, or use a model whose license allows it."

    def __post_init__(self) -> None:
        for tag, condition in self.conditional.items():
            named = {*_sub_facts(condition, "unless"), *_sub_facts(condition, "when")}
            if "section" not in condition or not named or not SUB_FACTS.issuperset(named):
                raise ValueError(f"{tag} needs a section, and unless or when with one of {', '.join(sorted(SUB_FACTS))}")
        for tag, entry in self.unclear.items():
            if set(entry) != {"section", "readings"}:
                raise ValueError(f"{tag} needs section and readings")

    @property
    def only_open(self) -> bool:
        return not self.prohibits and not self.conditional

    @property
    def never_passes(self) -> bool:
        """Whether a part of what the clause forbids was not read."""
        return bool(self.unread)

    def brief(self) -> str:
        counts = [(len(self.prohibits), "forbidden"), (len(self.conditional), "under conditions"), (len(self.unclear), "open")]
        parts = [f"{count} {what}" for count, what in counts if count] + ([f"{self.unread} not read"] if self.unread else [])
        return f"uses: {', '.join(parts)}"

    def breached(self, use: Use) -> Truth:
        fact = use.fact("intended_use")
        if fact is None:
            return any_of((unknown(Need("intended_use")), self._undisclosed(use)))
        answers = [self._answer(use, record, fact.path) for record in fact.value] or [no(use.ground(fact))]
        unread = [arguable(self._unread(), use.ground(fact))] if self.unread else []
        return any_of((*answers, self._undisclosed(use), *unread))

    def _unread(self) -> str:
        return self.readings or f"{self.unread} is part of the license and was not read: it may forbid this use, or allow it."

    def _answer(self, use: Use, record: Record, path: str) -> Truth:
        word = record.get("tag")
        tag = use.vocabulary.tag(word)
        ground = Ground("intended_use", word, path=path, line=record.line)
        if tag is None:
            return arguable(self._not_a_tag(use, word), ground)
        return self._tagged(use.vocabulary.uses[tag], record, ground)

    def _not_a_tag(self, use: Use, word: str) -> str:
        from caveat.shapes import nearest

        close = nearest(word, frozenset(use.vocabulary.uses))
        return f"'{word}' is no use of the vocabulary" + (f" (nearest: {close})" if close else "") + ", so a human must judge it"

    def _tagged(self, word: UseTag, record: Record, ground: Ground) -> Truth:
        tag = word.tag
        if tag in self.prohibits:
            return yes(ground._replace(detail=self.prohibits[tag]))
        if tag in self.conditional:
            return _conditional(self.conditional[tag], word, record, ground)
        if tag in self.unclear:
            entry = self.unclear[tag]
            return arguable(f"{tag} (section {entry['section']}): {entry['readings']}", ground)
        return no(ground)

    def _undisclosed(self, use: Use) -> Truth:
        """Tell whether people are left to think that they deal with a human, as `ai_disclosure` states it."""
        if not any(tag in table for tag in _DISCLOSURE_TAGS for table in (self.prohibits, self.conditional, self.unclear)):
            return no()
        fact = use.fact("ai_disclosure")
        if fact is None or fact.value != "not-disclosed" or use.equals("end_users", "none").value:
            return no()
        if self.public_only and use.internal_only().value:
            return no()
        ground = use.ground(fact)
        if "undisclosed-ai" in self.prohibits:
            return yes(ground._replace(detail=self.prohibits["undisclosed-ai"]))
        return arguable("AI output that is not disclosed may pass as made by a human, or be merely silent about it.", ground)

    def explain(self, use: Use, truth: Truth) -> str:
        found = sorted(f"{ground.value}" + (f" (section {ground.detail})" if ground.detail else "") for ground in truth.because)
        return f"forbidden use: {', '.join(found)}"


def _sub_facts(condition: Condition, key: Literal["unless", "when"]) -> tuple[str, ...]:
    """Return the sub-facts that one part of a condition names."""
    names = condition.get(key) or ()
    return (names,) if isinstance(names, str) else names


def _conditional(condition: Condition, word: UseTag, record: Record, ground: Ground) -> Truth:
    ground = ground._replace(detail=str(condition["section"]))
    lifted = any_of(_sub_fact(name, word, record, ground) for name in _sub_facts(condition, "unless"))
    triggers = _sub_facts(condition, "when")
    triggered = any_of(_sub_fact(name, word, record, ground) for name in triggers) if triggers else yes(ground)
    if not _sub_facts(condition, "unless"):
        return triggered
    return all_of((triggered, ~lifted)) if triggers else ~lifted


def _sub_fact(name: str, word: UseTag, record: Record, ground: Ground) -> Truth:
    """Tell whether a sub-fact of a use is true: as stated, else as the word itself implies."""
    stated = record.get(name)
    if stated is None:
        stated = word.implies.get(name)
    if stated is None:
        return unknown(Need(f"intended_use.{name}", word.tag), ground)
    shown = ground._replace(value=f"{ground.value} with {name}: {str(stated).lower()}")
    return yes(shown) if stated else no(shown)
