"""The whole program on one screen: load, resolve, evaluate, decide."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from caveat import __version__
from caveat.catalogue import Rules, load_rules
from caveat.decide import decide, worst_verdict
from caveat.errors import Error, Place, PolicyError, Problem
from caveat.evaluate import evaluate
from caveat.evidence import Evidence, read_evidence
from caveat.finding import OUTCOMES
from caveat.load import find, load
from caveat.manifest import Manifest
from caveat.policy import Policy
from caveat.report import Location, PolicyUsed, Report, ReportedProject, RulesUsed, Tool, Unevaluated
from caveat.resolve import resolve


class Options(NamedTuple):
    """What a user may ask of a check beside the paths."""

    as_of: datetime.date | None = None
    policy: str | None = None
    rules: tuple[str, ...] = ()


class _Checked(NamedTuple):
    project: ReportedProject
    rules: Rules
    policy: PolicyUsed


def check(paths: Sequence[str], options: Options, today: datetime.date) -> Report:
    """Check every manifest that paths name; one that cannot be read does not stop the others, and is named in the report.

    Raises Error where nothing can be checked at all: no such path, no manifest in a folder, broken rules.
    """
    rules = load_rules(options.rules)
    problems: list[Problem] = []
    projects: list[_Checked] = []
    for path in find(paths):
        try:
            projects.append(_project(path, options, rules, today))
        except Error as error:
            problems.extend(error.problems)
    return _report(projects, problems, rules, options.as_of or today)


def _project(path: str, options: Options, rules: Rules, today: datetime.date) -> _Checked:
    manifest = load(path, rules.vocabulary)
    if manifest.rules:
        rules = load_rules((*options.rules, *manifest.rules))
    name = options.policy or manifest.policy or "default"
    policy = rules.policy(name)
    if policy.forbid_replaced_rules and rules.replaced:
        raise PolicyError(Problem(f"policy '{policy.name}' forbids replaced rule sets: {', '.join(rules.replaced)}", Place(path),
                                  "remove them, or use another policy"))
    as_of = options.as_of or manifest.as_of or today
    used = PolicyUsed(policy.name, own=name not in rules.policy_names)
    project = examine(manifest, rules, read_evidence(manifest, rules.fingerprints), policy, as_of)
    return _Checked(project, rules, used)


def examine(manifest: Manifest, rules: Rules, evidence: Evidence, policy: Policy, as_of: datetime.date) -> ReportedProject:
    """Return one manifest's part of the report: resolve, evaluate, decide."""
    models = resolve(manifest, rules, evidence)
    findings = evaluate(manifest, models, evidence, rules.vocabulary, as_of)
    return decide(manifest, models, findings, policy, rules.vocabulary, as_of)


def _report(checked: Sequence[_Checked], problems: Sequence[Problem], rules: Rules, as_of: datetime.date) -> Report:
    projects = tuple(one.project for one in checked)
    days = {project.as_of for project in projects}
    verdicts = [project.verdict for project in projects]
    return Report(
        version=1, verdict=worst_verdict([*verdicts, "review"] if problems else verdicts),
        as_of=max(days, default=as_of.isoformat()), tool=Tool("caveat", __version__),
        rules=_rules([one.rules for one in checked] or [rules]), policy=_policy([one.policy for one in checked]), projects=projects,
        summary=_summary(projects), not_evaluated=tuple(map(_unevaluated, problems)))


def _unevaluated(problem: Problem) -> Unevaluated:
    return Unevaluated(problem.message, problem.hint, Location(*(problem.place or Place(""))))


def _rules(used: Sequence[Rules]) -> RulesUsed:
    """Return the rules of all manifests as one: what any of them adds or replaces, and a digest of their digests."""
    digests = sorted({rules.digest for rules in used})
    digest = digests[0] if len(digests) == 1 else hashlib.sha256("\n".join(digests).encode()).hexdigest()
    return RulesUsed(f"sha256:{digest}", len({name for rules in used for name in rules.license_ids}),
                     _union(rules.replaced for rules in used), _union(rules.added for rules in used))


def _policy(used: Sequence[PolicyUsed]) -> PolicyUsed:
    """Return the policies of all manifests as one: every name, and whether any is the user's own."""
    return PolicyUsed(", ".join(dict.fromkeys(policy.name for policy in used)), own=any(policy.own for policy in used))


def _union(lists: Iterable[Sequence[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in lists for name in names))


def _summary(projects: Iterable[ReportedProject]) -> dict[str, int]:
    counts = dict.fromkeys((*OUTCOMES, "waived"), 0)
    for project in projects:
        for finding in project.findings:
            counts[finding.outcome] += 1
    return counts
