"""Resolve: which licenses bind each model of a manifest, and by which way (DESIGN section 5)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from caveat.catalogue import Rules, model_key
from caveat.evidence import Evidence
from caveat.expression import branches
from caveat.finding import Finding, Outcome, Severity
from caveat.license import License
from caveat.manifest import Fact, Manifest, ModelUse
from caveat.model import Entry
from caveat.term import Bearer, Hop, Resolved, Target, Term, Way
from caveat.truth import Ground, Need

MAX_ANCESTORS = 500


class _Ancestor(NamedTuple):
    """A model in the lineage: the way to it, its id, the license stated beside it, and its own facts."""

    way: Way
    id: str
    stated: str
    entry: Entry | None
    use: ModelUse | None


def resolve(manifest: Manifest, rules: Rules, evidence: Evidence) -> tuple[Resolved, ...]:
    """Return every model of a manifest with its terms and the findings of finding them."""
    models = {model_key(model.id): model for model in manifest.models}
    return tuple(_Model(model, manifest, models, rules, evidence).resolved() for model in manifest.models)


class _Model:
    """The resolution of one model."""

    def __init__(self, use: ModelUse, manifest: Manifest, models: Mapping[str, ModelUse], rules: Rules,
                 evidence: Evidence) -> None:
        self.use = use
        self.manifest = manifest
        self.models = models
        self.rules = rules
        self.evidence = evidence
        self.entry = rules.entry(use.id)
        self.delivery = self._delivery()
        self.made_by_us = self._made_by_us()
        self.findings: list[Finding] = []

    # -- the whole -----------------------------------------------------------------------------------------------

    def resolved(self) -> Resolved:
        """Return the model with everything that binds it."""
        ancestors = tuple(self._ancestors())
        terms: tuple[Term, ...] = ()
        choices: tuple[tuple[Term, ...], ...] = ()
        self._unknown_model()
        if self._hosted_by_vendor():
            self._vendor_terms()
        elif not self._has_no_weights():
            terms, choices = self._terms(ancestors)
        parents = {a.id: self._target(a.id, a.stated) for a in ancestors if len(a.way.hops) == 1 and a.way.reach == "base"}
        return Resolved(self._with_catalogue_facts(), self.use.place, self.delivery, self.made_by_us, self.entry, terms,
                        choices, tuple(self.findings), parents, self._targets())

    def _terms(self, ancestors: Sequence[_Ancestor]) -> tuple[tuple[Term, ...], tuple[tuple[Term, ...], ...]]:
        own, choices = self._own_licenses()
        inherited = [(ancestor, name) for ancestor in ancestors if not self._relicensed(ancestor)
                     for name in self._ancestor_licenses(ancestor)]
        ways: dict[str, list[Way]] = {}
        bearers: dict[str, list[Bearer]] = {}
        sources: dict[str, str] = {}
        for license_id, source in own:
            ways.setdefault(license_id, []).append(Way())
            sources.setdefault(license_id, source)
            carries = self.entry is not None and self.entry.license == license_id
            if carries or not ancestors:
                bearers.setdefault(license_id, []).append(Bearer(self.use.id, self.entry if carries else None))
        for ancestor, license_id in inherited:
            ways.setdefault(license_id, []).append(ancestor.way)
            sources.setdefault(license_id, "lineage")
            bearers.setdefault(license_id, []).append(Bearer(ancestor.id, ancestor.entry))
        self._conflicts(own, choices, inherited)

        def term(license_id: str) -> Term:
            return Term(self.rules.license(license_id), tuple(dict.fromkeys(ways.get(license_id, [Way()]))),
                        sources.get(license_id, "declared"), tuple(dict.fromkeys(bearers.get(license_id, ()))))

        if not ways and not choices and not self.findings:
            self._find("license-unknown", "review", "high", "no license is declared and the catalogue does not know the model",
                       "Declare its license, or its base.", needs=[Need("license")])
        return tuple(term(license_id) for license_id in ways), tuple(tuple(map(term, branch)) for branch in choices)

    # -- the model itself ----------------------------------------------------------------------------------------

    def _delivery(self) -> Fact | None:
        stated = self.use.facts.get("delivery")
        if stated:
            return stated
        if self.entry and self.entry.weights == "none":
            return Fact("delivery", "vendor-api", "", None, None)
        host = self.rules.host_of_name(self.use.id)
        if host:
            return Fact("delivery", host, "", None, None)
        is_hub_id = "/" in self.use.id
        is_tag = ":" in self.use.id and not self.use.id.startswith("pkg:")
        weights = is_hub_id or is_tag or (self.entry is not None and self.entry.weights == "open")
        return Fact("delivery", "self-hosted", "", None, None) if weights else None

    def _made_by_us(self) -> bool:
        stated = self.use.facts.get("made_by")
        if stated:
            return bool(stated.value == "us")
        return self.entry is None and "base" in self.use.facts

    def _hosted_by_vendor(self) -> bool:
        return self.delivery is not None and self.delivery.value == "vendor-api"

    def _has_no_weights(self) -> bool:
        return self.entry is not None and self.entry.weights != "open"

    def _with_catalogue_facts(self) -> ModelUse:
        if self.entry is None or not self.entry.released or "released" in self.use.facts:
            return self.use
        released = Fact("released", datetime.date.fromisoformat(self.entry.released), "", None, None)
        return self.use._replace(facts={**self.use.facts, "released": released})

    def _unknown_model(self) -> None:
        entry = self.entry
        if entry is None:
            if self.rules.is_family(self.use.id) and "/" not in self.use.id:
                self._find("model-unknown", "review", "high", f"'{self.use.id}' names a family of models under different licenses",
                           "Write the exact id of the model (owner/name on the hub, name:tag for Ollama).")
        elif entry.weights == "unreleased":
            self._find("model-unknown", "review", "high", f"'{self.use.id}' was never released; no license grants anything in it",
                       "Write the id of the model that is really used.")
        elif entry.weights == "none" and not self._hosted_by_vendor():
            self._find("model-unknown", "review", "high",
                       f"'{self.use.id}' is only offered through its vendor's API; there are no weights to hold or host",
                       "State delivery: vendor-api, or write the id of the model that is really used.")

    def _vendor_terms(self) -> None:
        if self.entry and self.entry.weights == "unreleased":
            return
        self._find("vendor-terms-unknown", "review", "high",
                   "called through its vendor's own API: the vendor's terms of service bind, and no rule set holds them",
                   "Have the vendor's terms reviewed for this use.", [self._fact_ground(self.delivery)])

    # -- own licenses --------------------------------------------------------------------------------------------

    def _own_licenses(self) -> tuple[list[tuple[str, str]], list[tuple[str, ...]]]:
        """Return the model's own licenses with their source, and the branches of an OR."""
        own: list[tuple[str, str]] = []
        choices: list[tuple[str, ...]] = []
        declared = self.use.facts.get("license")
        if declared:
            found = self._declared(declared)
            if len(found) == 1:
                own += [(license_id, "declared") for license_id in found[0]]
            choices = found if len(found) > 1 else []
        identified = self._identified()
        if identified:
            own.append((identified, "text"))
        if self.entry and self.entry.license:
            own += self._catalogued(self.entry, declared is not None or identified is not None)
        return list(dict(reversed(own)).items())[::-1], choices

    def _declared(self, fact: Fact) -> list[tuple[str, ...]]:
        """Return the branches of the declared license, each a tuple of license ids; unknown ones become findings."""
        parsed = branches(fact.value)
        if parsed is None:
            self._find("license-unknown", "review", "high", f"'{fact.value}' is no valid license expression",
                       "Write SPDX ids joined by AND, OR and WITH.", [self._fact_ground(fact)], [Need("license")])
            return []
        found = []
        for branch in parsed:
            ids = [self._known(name, fact) for name in branch]
            found.append(tuple(license_id for license_id in ids if license_id))
        return [branch for branch in found if branch]

    def _known(self, name: str, fact: Fact) -> str | None:
        base, _, exception = name.partition(" WITH ")
        license_id = self.rules.license_id(name) or self.rules.license_id(base)
        if license_id is None:
            self._find("license-unknown", "review", "high", f"'{name}' identifies no license that a rule set holds",
                       "Declare the exact license (its SPDX or rule-set id), or add a rule set with --rules.",
                       [self._fact_ground(fact)], [Need("license")])
        elif exception and self.rules.license_id(name) is None:
            self._find("license-unknown", "review", "high",
                       f"the exception '{exception}' is not encoded; {base} was checked without it",
                       "Have the exception read.", [self._fact_ground(fact)])
        return license_id

    def _identified(self) -> str | None:
        fact = self.use.facts.get("license_text")
        if fact is None:
            return None
        document = self.evidence.document(fact, fact.value)
        found = document.identification
        ids = {match.license for match in found.matches if match.part == "agreement"} if found else set()
        if found and found.outcome in ("exact", "same-words", "several") and len(ids) == 1:
            license_id = next(iter(ids))
            return license_id if license_id in self.rules.license_ids else None
        return None

    def _catalogued(self, entry: Entry, confirmed: bool) -> list[tuple[str, str]]:
        if entry.evidence == "memory" and not confirmed:
            self._find("license-unconfirmed", "review", "medium",
                       f"that {self.use.id} is under {entry.license} rests on memory, not on a text that was seen",
                       "Declare its license after reading its card, or name its text as license_text.", needs=[Need("license")])
        if entry.license in self.rules.license_ids:
            return [(entry.license, "catalogue")]
        if not confirmed:
            self._find("license-unknown", "review", "high", f"the catalogue says {entry.license}, and no rule set holds it yet",
                       "Have the license read, or add a rule set with --rules.")
        return []

    # -- lineage -------------------------------------------------------------------------------------------------

    def _ancestors(self) -> Iterator[_Ancestor]:
        """Walk every way to every ancestor, over any depth; a circle is reported once."""
        queue: list[tuple[Way, str, tuple[str, ...]]] = [(Way(), self.use.id, ())]
        seen = 0
        while queue:
            way, model_id, path = queue.pop(0)
            for hop, stated in self._parents(model_id, first=not way.hops):
                key = model_key(hop.parent)
                if key in (*path, model_key(model_id)):
                    self._circle(hop.parent)
                    continue
                seen += 1
                if seen > MAX_ANCESTORS:
                    self._find("lineage-too-long", "review", "high", f"more than {MAX_ANCESTORS} ancestors", "Shorten the lineage.")
                    return
                longer = Way((*way.hops, hop))
                yield _Ancestor(longer, hop.parent, stated, self.rules.entry(hop.parent), self.models.get(key))
                queue.append((longer, hop.parent, (*path, model_key(model_id))))

    def _parents(self, model_id: str, *, first: bool) -> Iterator[tuple[Hop, str]]:
        """Give the steps to a model's parents and the license stated for them, from the manifest and the catalogue."""
        use = self.use if first else self.models.get(model_key(model_id))
        entry = self.rules.entry(model_id)
        by_us = self.made_by_us if first else use is not None and _stated_by_us(use, entry)
        seen = set()
        if use and "base" in use.facts:
            for record in use.facts["base"].value:
                seen.add((model_key(record.get("id")), record.get("relation")))
                yield Hop(record.get("relation"), record.get("id"), by_us), record.get("license") or ""
        for parent in entry.base if entry else ():
            if (model_key(parent.id), parent.relation) not in seen:
                yield Hop(parent.relation, parent.id, False), parent.license

    def _circle(self, parent: str) -> None:
        self._find("lineage-cycle", "review", "high", f"the lineage leads back to {parent}", "Correct base: a model has no "
                   "part in its own making.")

    def _ancestor_licenses(self, ancestor: _Ancestor) -> tuple[str, ...]:
        """Return the license ids that an ancestor carries itself; none known becomes a finding."""
        names = [ancestor.stated] if ancestor.stated else []
        if ancestor.use and "license" in ancestor.use.facts:
            names.append(ancestor.use.facts["license"].value)
        ids: list[str] = []
        for name in names:
            for branch in (branches(name) or ())[:1]:
                ids += [found for found in map(self.rules.license_id, branch) if found]
        if ancestor.entry and ancestor.entry.license in self.rules.license_ids:
            ids.append(ancestor.entry.license)
        if not ids:
            self._ancestor_unknown(ancestor, names)
        return tuple(dict.fromkeys(ids))

    def _ancestor_unknown(self, ancestor: _Ancestor, names: Sequence[str]) -> None:
        grows_on = ancestor.use is not None and "base" in ancestor.use.facts
        if grows_on and not names:
            return
        if ancestor.entry and ancestor.entry.weights != "open":
            self._ancestor_without_weights(ancestor)
            return
        what = f"is declared as '{names[0]}', which identifies no license" if names else (
            f"is under {ancestor.entry.license}, which no rule set holds yet" if ancestor.entry and ancestor.entry.license
            else "has no known license")
        self._find("license-unknown", "review", "high", f"{ancestor.id}, which this model comes from, {what}",
                   "State its license beside it under base:, or name the exact model.", needs=[Need("base")])

    def _ancestor_without_weights(self, ancestor: _Ancestor) -> None:
        if ancestor.way.reach == "base":
            self._find("model-unknown", "review", "high", f"{ancestor.id}, which this model is said to be made from, has no "
                       "published weights", "Name the model that it was really made from.", needs=[Need("base")])
        else:
            self._find("vendor-terms-unknown", "review", "high", f"{ancestor.id} is offered through its vendor's API: the vendor's "
                       "terms bind what it wrote, and no rule set holds them", "Have the vendor's terms reviewed for this use.")

    # -- conflicts -----------------------------------------------------------------------------------------------

    def _conflicts(self, own: Sequence[tuple[str, str]], choices: Sequence[tuple[str, ...]],
                   inherited: Sequence[tuple[_Ancestor, str]]) -> None:
        self._text_conflict(own)
        declared = [license_id for license_id, source in own if source == "declared"]
        declared += [license_id for branch in choices for license_id in branch]
        catalogued = self.entry.license if self.entry else ""
        if catalogued and declared and catalogued not in declared:
            self._find("license-conflict", "review", "high",
                       f"declared as {', '.join(declared)}, while the catalogue knows it under {catalogued}",
                       "Read the license that came with the model and declare that one.", self._declared_ground())
        tag = declared or [license_id for license_id, _ in own]
        for ancestor, license_id in inherited:
            self._looser(tag, ancestor, license_id)

    def _looser(self, tag: Sequence[str], ancestor: _Ancestor, license_id: str) -> None:
        """Report a declared license that lacks a prohibition or duty of an ancestor whose weights are inside."""
        if ancestor.way.reach != "base" or not tag or license_id in tag:
            return
        theirs = self.rules.license(license_id)
        ours = frozenset().union(*(self.rules.license(name).kinds() for name in tag))
        missing = sorted(theirs.kinds() - ours)
        if not missing:
            return
        outcome: Outcome = "fail" if _forbids_other_terms(theirs) else "review"
        self._find("license-conflict", outcome, "high",
                   f"declared as {', '.join(tag)}, which lacks what {license_id} of {ancestor.id} asks for "
                   f"({', '.join(missing)}); those terms bind all the same",
                   "Declare the ancestor's license, or show that the licensor relicensed the model.", self._declared_ground())

    def _relicensed(self, ancestor: _Ancestor) -> bool:
        """Tell whether the ancestor's own licensor put this model under a license of its own, which then replaces it."""
        mine, theirs = self.entry, ancestor.entry
        return mine is not None and theirs is not None and bool(mine.license) and mine.publisher == theirs.publisher

    def _text_conflict(self, own: Sequence[tuple[str, str]]) -> None:
        fact = self.use.facts.get("license_text")
        if fact is None:
            return
        document = self.evidence.document(fact, fact.value)
        grounds = [self._fact_ground(fact)]
        if document.problem:
            self._find("license-conflict", "review", "high", f"license_text {fact.value}: {document.problem}",
                       "Name the file that holds the license text.", grounds)
            return
        found = document.identification
        known = {match.license for match in found.matches if match.part == "agreement"} if found else set()
        others = [license_id for license_id, source in own if source != "text"]
        if not found or found.outcome not in ("exact", "same-words", "several") or not known:
            from caveat.clauses.license_copy import describe

            self._find("license-conflict", "review", "high", f"license_text {fact.value} {describe(document)}",
                       "Compare it with the declared license; what it says binds.", grounds)
        elif others and not set(others) <= known:
            self._find("license-conflict", "review", "high",
                       f"declared or known as {', '.join(others)}, while {fact.value} is the text of {', '.join(sorted(known))}",
                       "Declare the license whose text came with the model.", grounds + self._declared_ground())

    # -- helpers -------------------------------------------------------------------------------------------------

    def _targets(self) -> dict[str, Target]:
        """Return what is known of the models that outputs.train names and of what suits are about."""
        train = self.use.facts.get("outputs.train")
        names = [record.get("id") for record in train.value] if train else []
        suits = self.use.facts.get("organization.litigation") or self.manifest.facts.get("organization.litigation")
        for record in suits.value if suits else ():
            names += record.get("about") or ()
        return {name: self._target(name, "") for name in names}

    def _target(self, name: str, stated: str) -> Target:
        """Return the kind and the licenses of a model's weights, its ancestors' among them."""
        licenses = {self.rules.license_id(name), self.rules.license_id(stated) if stated else None}
        kind, queue, seen = None, [name], set[str]()
        while queue and len(seen) < MAX_ANCESTORS:
            current = queue.pop(0)
            key = model_key(current)
            if key in seen:
                continue
            seen.add(key)
            entry, use = self.rules.entry(current), self.models.get(key)
            kind = kind or (entry.kind if entry else None)
            licenses.add(entry.license if entry else None)
            if use and "license" in use.facts:
                licenses.add(self.rules.license_id(use.facts["license"].value))
            queue += [hop.parent for hop, _ in self._parents(current, first=False) if Way((hop,)).reach == "base"]
        return Target(kind, frozenset(name for name in licenses if name))

    def _fact_ground(self, fact: Fact | None) -> Ground:
        assert fact is not None
        return Ground(fact.name, str(fact.value), source="manifest" if fact.path else "catalogue", path=fact.path,
                      line=fact.line)

    def _declared_ground(self) -> list[Ground]:
        fact = self.use.facts.get("license")
        return [self._fact_ground(fact)] if fact else []

    def _find(self, rule: str, outcome: Outcome, severity: Severity, message: str, remedy: str,
              because: Iterable[Ground] = (), needs: Iterable[Need] = ()) -> None:
        finding = Finding(rule, rule, outcome, severity, message, self.use.place, self.use.id, because=tuple(because),
                          needs=tuple(needs), remedy=remedy)
        if finding not in self.findings:
            self.findings.append(finding)


def _stated_by_us(use: ModelUse, entry: Entry | None) -> bool:
    stated = use.facts.get("made_by")
    return bool(stated.value == "us") if stated else entry is None


def _forbids_other_terms(license: License) -> bool:
    return any(clause.kind == "copyleft" and not getattr(clause, "unclear_other", False) for clause in license.clauses)
