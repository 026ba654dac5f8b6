"""Resolve: which licenses bind each model of a manifest, and by which way (DESIGN section 5)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from caveat.catalogue import Rules, model_key
from caveat.conflict import asked_for, looser
from caveat.delivery import any_host, delivery
from caveat.evidence import Evidence
from caveat.expression import branches
from caveat.finding import Finding, Outcome, Severity
from caveat.lineage import MAX_ANCESTORS, Ancestor, Circle, Lineage, TooLong, made_by_us, steps
from caveat.manifest import Fact, Manifest, ModelUse
from caveat.model import Entry, Weights
from caveat.term import Bearer, Resolved, Target, Term, Way
from caveat.truth import Ground, Need


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
        self.lineage = Lineage(models, rules)
        self.rules = rules
        self.evidence = evidence
        self.entry = rules.entry(use.id)
        self.delivery = delivery(use, self.entry, rules)
        self.any_host = any_host(use, self.entry, rules)
        self.findings: list[Finding] = []
        self.brought: dict[Way, tuple[str, ...]] = {}

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
            self._unclear_host()
        parents = {a.id: self.lineage.target(a.id, a.stated) for a in ancestors if len(a.way.hops) == 1 and a.way.reach == "base"}
        return Resolved(self._with_catalogue_facts(), self.use.place, self.delivery, made_by_us(self.use, self.entry),
                        self.entry, terms, choices, tuple(self.findings), parents, self._targets(),
                        self.any_host, steps(self.use.id, ancestors, self.brought))

    def _terms(self, ancestors: Sequence[Ancestor]) -> tuple[tuple[Term, ...], tuple[tuple[Term, ...], ...]]:
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
            self.brought[ancestor.way] = (*self.brought.get(ancestor.way, ()), license_id)
        self._conflicts(own, choices, inherited)

        def term(license_id: str) -> Term:
            return Term(self.rules.license(license_id), tuple(dict.fromkeys(ways.get(license_id, [Way()]))),
                        sources.get(license_id, "declared"), tuple(dict.fromkeys(bearers.get(license_id, ()))),
                        bool(ancestors) and self._is_ours_to_give(license_id, {name for _, name in inherited}))

        if not ways and not choices and not self.findings:
            self._find("license-unknown", "review", "high", "no license is declared and the catalogue does not know the model",
                       "Declare its license, or its base.", needs=[Need("license")])
        return tuple(term(license_id) for license_id in ways), tuple(tuple(map(term, branch)) for branch in choices)

    def _is_ours_to_give(self, license_id: str, inherited: Collection[str]) -> bool:
        """Tell whether a license is only the one we put on a model we made: permissive, and of none of its ancestors.

        A restrictive license binds whoever declares it: it may have come with something the manifest does not name.
        """
        if not made_by_us(self.use, self.entry) or license_id in inherited or not inherited:
            return False
        return not any(clause.binds and (clause.severity or clause.default_severity) == "blocker"
                       for clause in self.rules.license(license_id).clauses)

    # -- the model itself ----------------------------------------------------------------------------------------

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
        elif self.rules.is_bare_ollama_name(self.use.id) and "delivery" not in self.use.facts:
            self._find("model-unknown", "review", "high",
                       f"'{self.use.id}' names an Ollama library, not one model of it, and delivery is not stated",
                       "Write name:tag, or the model's id on the hub.", needs=[Need("delivery")])
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

    def _unclear_host(self) -> None:
        if self.any_host:
            self._find("vendor-terms-unknown", "review", "high",
                       f"'{self.use.id}' is a name that APIs give the model: under its vendor's own API the vendor's terms "
                       "bind, and no rule set holds them",
                       "State delivery, or write the id of the model on the hub.", needs=[Need("delivery")])

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
        identified = self._identified(self.use)
        offered = {license_id for branch in choices for license_id in branch} if len(identified) > 1 else set()
        own += [(license_id, "text") for license_id in self._encoded(identified) if license_id not in offered]
        if self.entry and self.entry.license and not set(identified) & set(self.entry.disputed):
            own += self._catalogued(self.entry, declared is not None or bool(identified))
        return list(dict(reversed(own)).items())[::-1], choices

    def _declared(self, fact: Fact) -> list[tuple[str, ...]]:
        """Return the branches of the declared license, each a tuple of license ids.

        A branch with a license that no rule set holds counts only where there is no better one; then it is a finding.
        """
        parsed = branches(fact.value)
        edition = self._edition(fact.value, self.entry)
        if edition:
            return [(edition,)]
        if parsed is None:
            self._find("license-unknown", "review", "high", f"'{fact.value}' is no valid license expression",
                       "Write SPDX ids joined by AND, OR and WITH.", [self._fact_ground(fact)], [Need("license")])
            return []
        complete = [branch for branch in parsed if all(self.rules.license_id(name) for name in branch)]
        if not complete:
            for name in dict.fromkeys(name for branch in parsed for name in branch):
                self._report_unknown(name, fact)
        found = [tuple(filter(None, map(self._nearest_id, branch))) for branch in complete or parsed[:1]]
        return [branch for branch in found if branch]

    def _edition(self, name: str, entry: Entry | None) -> str | None:
        """Return the edition under which the catalogue knows a model, where a license is declared by a name all editions share."""
        license_id = self.rules.license_id(name)
        if license_id is None or entry is None or name.lower() in (license_id, self.rules.license(license_id).spdx.lower()):
            return None
        return entry.license if entry.license in self.rules.license(license_id).supersedes else None

    def _nearest_id(self, name: str) -> str | None:
        """Return the license id of a name, or of the license before its WITH."""
        return self.rules.license_id(name) or self.rules.license_id(name.partition(" WITH ")[0])

    def _report_unknown(self, name: str, fact: Fact) -> None:
        base, _, exception = name.partition(" WITH ")
        grounds = [self._fact_ground(fact)]
        if self.rules.license_id(name):
            return
        if exception and self.rules.license_id(base):
            self._find("license-unknown", "review", "high",
                       f"the exception '{exception}' is not encoded; {base} was checked without it",
                       "Have the exception read.", grounds)
        else:
            self._find("license-unknown", "review", "high", f"'{name}' identifies no license that a rule set holds",
                       "Declare the exact license (its SPDX or rule-set id), or add a rule set with --rules.", grounds,
                       [Need("license")])

    def _identified(self, use: ModelUse) -> tuple[str, ...]:
        """Return the licenses whose whole agreements stand in the license_text of a model, encoded or not."""
        fact = use.facts.get("license_text")
        found = self.evidence.document(fact, fact.value).identification if fact else None
        if found is None or not found.unedited:
            return ()
        return tuple(sorted({match.license for match in found.matches if match.part == "agreement"}))

    def _encoded(self, identified: Sequence[str]) -> list[str]:
        """Return those of the identified licenses that a rule set holds; each other one is a finding."""
        for license_id in identified:
            if license_id not in self.rules.license_ids:
                fact = self.use.facts["license_text"]
                self._find("license-unknown", "review", "high",
                           f"{fact.value} is the text of {license_id}, which no rule set holds yet",
                           "Have the license read, or add a rule set with --rules.", [self._fact_ground(fact)])
        return [license_id for license_id in identified if license_id in self.rules.license_ids]

    def _catalogued(self, entry: Entry, confirmed: bool) -> list[tuple[str, str]]:
        self._unconfirmed(self.use.id, entry, confirmed)
        if entry.license in self.rules.license_ids:
            return [(name, "catalogue") for name in (entry.license, *self._beside(entry))]
        if not confirmed:
            self._find("license-unknown", "review", "high", f"the catalogue says {entry.license}, and no rule set holds it yet",
                       "Have the license read, or add a rule set with --rules.")
        return []

    def _beside(self, entry: Entry | None) -> list[str]:
        """Return the policies that a publisher puts beside the license, as far as rule sets hold them."""
        return [name for name in (entry.beside if entry else ()) if name in self.rules.license_ids]

    def _unconfirmed(self, model_id: str, entry: Entry | None, confirmed: bool) -> None:
        if entry and entry.evidence == "memory" and not confirmed:
            self._find("license-unconfirmed", "review", "medium",
                       f"that {model_id} is under {entry.license} rests on memory, not on a text that was seen",
                       "Declare its license after reading its card, or name its text as license_text.", needs=[Need("license")])

    # -- lineage -------------------------------------------------------------------------------------------------

    def _ancestors(self) -> Iterator[Ancestor]:
        for found in self.lineage.ancestors(self.use):
            if isinstance(found, Circle):
                self._find("lineage-cycle", "review", "high", f"the lineage leads back to {found.id}",
                           "Correct base: a model has no part in its own making.")
            elif isinstance(found, TooLong):
                self._find("lineage-too-long", "review", "high", f"more than {MAX_ANCESTORS} ancestors", "Shorten the lineage.")
            else:
                yield found

    def _ancestor_licenses(self, ancestor: Ancestor) -> tuple[str, ...]:
        """Return the license ids that an ancestor carries itself; what stays unknown or contradicts becomes a finding."""
        stated = [ancestor.stated] if ancestor.stated else []
        if ancestor.use and "license" in ancestor.use.facts:
            stated.append(ancestor.use.facts["license"].value)
        ids: list[str] = []
        for name in stated:
            known = [self._edition(part, ancestor.entry) or self._nearest_id(part) for part in self._better_branch(name)]
            ids += [license_id for license_id in known if license_id]
            if not all(self.rules.license_id(part) for part in self._better_branch(name)):
                self._ancestor_unknown(ancestor, f"is declared as '{name}', which names no license that a rule set holds whole")
        identified = self._identified(ancestor.use) if ancestor.use else ()
        for license_id in identified:
            if license_id in self.rules.license_ids:
                ids.append(license_id)
            else:
                self._ancestor_unknown(ancestor, f"came with the text of {license_id}, which no rule set holds yet")
        catalogued = ancestor.entry.license if ancestor.entry else ""
        disputed = ancestor.entry.disputed if ancestor.entry else ()
        if disputed and not identified:
            self._find("license-conflict", "review", "high",
                       f"the sources of {ancestor.id}'s publisher disagree on it: {', '.join((catalogued, *disputed))}",
                       "List it as a model with the license_text that came with your copy; that one binds.")
        elif catalogued and stated and catalogued not in ids and not (ids and set(ids) <= set(disputed)):
            self._find("license-conflict", "review", "high",
                       f"{ancestor.id} is declared as {', '.join(stated)}, while the catalogue knows it under {catalogued}",
                       "Read the license that came with it and state that one under base:.")
        if catalogued in self.rules.license_ids and not set(identified) & set(disputed):
            ids += [catalogued, *self._beside(ancestor.entry)]
            self._unconfirmed(ancestor.id, ancestor.entry, bool(stated or identified))
        if ancestor.entry and ancestor.entry.weights != "open":
            self._ancestor_without_weights(ancestor, ancestor.entry.weights)
        elif not ids and not stated and not identified:
            self._nothing_stated(ancestor, catalogued)
        return tuple(dict.fromkeys(ids))

    def _better_branch(self, name: str) -> tuple[str, ...]:
        """Return the branch of an expression that binds least among those that rule sets hold; the first where none is held."""
        parsed = branches(name) or ((name,),)
        held = {branch: [license_id for part in branch if (license_id := self.rules.license_id(part))] for branch in parsed}
        whole = [branch for branch, ids in held.items() if len(ids) == len(branch)]
        return min(whole, key=lambda branch: len(asked_for(held[branch], self.rules)), default=parsed[0])

    def _nothing_stated(self, ancestor: Ancestor, catalogued: str) -> None:
        if catalogued:
            self._ancestor_unknown(ancestor, f"is under {catalogued}, which no rule set holds yet")
        elif not (ancestor.use and "base" in ancestor.use.facts):
            self._ancestor_unknown(ancestor, "has no known license")

    def _ancestor_unknown(self, ancestor: Ancestor, what: str) -> None:
        self._find("license-unknown", "review", "high", f"{ancestor.id}, which this model comes from, {what}",
                   "State its license beside it under base:, or name the exact model.", needs=[Need("base")])

    def _ancestor_without_weights(self, ancestor: Ancestor, weights: Weights) -> None:
        if ancestor.way.reach == "base" or weights == "unreleased":
            what = "was never released" if weights == "unreleased" else "has no published weights"
            self._find("model-unknown", "review", "high", f"{ancestor.id}, which this model is said to be made from, {what}",
                       "Name the model that it was really made from.", needs=[Need("base")])
        else:
            self._find("vendor-terms-unknown", "review", "high", f"{ancestor.id} is offered through its vendor's API: the vendor's "
                       "terms bind what it wrote, and no rule set holds them", "Have the vendor's terms reviewed for this use.")

    # -- conflicts -----------------------------------------------------------------------------------------------

    def _conflicts(self, own: Sequence[tuple[str, str]], choices: Sequence[tuple[str, ...]],
                   inherited: Sequence[tuple[Ancestor, str]]) -> None:
        self._text_conflict(own)
        declared = [license_id for license_id, source in own if source == "declared"]
        declared += [license_id for branch in choices for license_id in branch]
        catalogued = self.entry.license if self.entry else ""
        disputed = self.entry.disputed if self.entry else ()
        if disputed and not self._identified(self.use):
            self._find("license-conflict", "review", "high",
                       f"the publisher's own sources disagree on it: {', '.join((catalogued, *disputed))}",
                       "Name the license text that came with your copy as license_text; that one binds.", self._declared_ground())
        elif catalogued and declared and catalogued not in declared and not set(declared) <= set(disputed):
            self._find("license-conflict", "review", "high",
                       f"declared as {', '.join(declared)}, while the catalogue knows it under {catalogued}",
                       "Read the license that came with the model and declare that one.", self._declared_ground())
        tag = declared or [license_id for license_id, _ in own]
        for ancestor, license_id in inherited:
            self._looser(tag, ancestor, license_id)

    def _looser(self, tag: Sequence[str], ancestor: Ancestor, license_id: str) -> None:
        """Report a declared license that lacks, or is shut out by, what an ancestor asks for whose weights are inside."""
        if ancestor.way.reach != "base" or not tag or license_id in tag or license_id in self._beside(ancestor.entry):
            return  # what only stands beside a license is no part of it
        found = looser(tag, license_id, {hop.relation for hop in ancestor.way.hops}, self.rules)
        if found:
            self._find("license-conflict", found.outcome, "high",
                       f"declared as {', '.join(tag)}, which lacks what {license_id} of {ancestor.id} asks for "
                       f"({', '.join(found.lacking)}); those terms bind all the same",
                       "Declare the ancestor's license, or show that the licensor relicensed the model.", self._declared_ground())

    def _relicensed(self, ancestor: Ancestor) -> bool:
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
        known = self._identified(self.use)
        others = [license_id for license_id, source in own if source != "text"]
        if not known:
            from caveat.clauses.license_copy import describe

            self._find("license-conflict", "review", "high", f"license_text {fact.value} {describe(document)}",
                       "Compare it with the declared license; what it says binds.", grounds)
        elif others and not set(others) <= set(known):
            self._find("license-conflict", "review", "high",
                       f"declared or known as {', '.join(others)}, while {fact.value} is the text of {', '.join(known)}",
                       "Declare the license whose text came with the model.", grounds + self._declared_ground())

    # -- helpers -------------------------------------------------------------------------------------------------

    def _targets(self) -> dict[str, Target]:
        """Return what is known of the models that outputs.train names and of what suits are about."""
        train = self.use.facts.get("outputs.train")
        names = [record.get("id") for record in train.value] if train else []
        suits = self.use.facts.get("organization.litigation") or self.manifest.facts.get("organization.litigation")
        for record in suits.value if suits else ():
            names += record.get("about") or ()
        return {name: self.lineage.target(name) for name in names}

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
