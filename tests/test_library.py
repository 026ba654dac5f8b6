"""The library explains itself: every clause says in a few words what it wants, and when."""

from __future__ import annotations

import pytest

from caveat import plugins
from caveat.catalogue import Rules
from caveat.clause import Clause
from caveat.library import SORTS, chapters, license_page, sort_of

EXAMPLES: dict[str, tuple[dict[str, object], str]] = {
    "ai-disclosure": ({}, "mark output as AI-made"),
    "export-control": ({}, "no listed party, no embargoed country"),
    "attribution": (
        {"text": "Made with X", "users_more_than": 100, "revenue_more_than": 2_000},
        'show "Made with X" above 100 users a month or 2,000 USD a month',
    ),
    "competing-product": ({}, "no product that competes with the licensor"),
    "copyleft": ({}, "derivatives under the same terms"),
    "distillation-derivative": ({}, "models made by distill are derivatives"),
    "field-of-use": ({"businesses": ("cloud-provider",)}, "not for cloud-provider"),
    "hosted-service-ban": ({"of": ("company",)}, "not offered to others by company"),
    "license-copy": ({}, "license text goes along"),
    "naming": ({"prefix": "X", "from_": ("merge",)}, 'derivatives are named "X …"'),
    "litigation-termination": ({"against": "licensor"}, "suing the licensor (patent, copyright, other): all rights end"),
    "network-source": ({}, "offer the source of what you changed"),
    "noncommercial": ({}, "not commercial"),
    "notice-file": ({"text": "X"}, "notice with the prescribed sentence"),
    "output-limits": ({}, "no commercial use of outputs"),
    "output-training-ban": ({"any_model": True, "competitive": True}, "outputs improve no other competitive model"),
    "pass-through": ({}, "restrictions go into your terms"),
    "production-ban": ({}, "not in production, not for outside users"),
    "registration": ({"first": True}, "register first"),
    "retain-notices": ({}, "keep notices"),
    "revenue-cap": (
        {"at_least": 10_000, "currency": "EUR", "period": "month"},
        "no rights with at least 10,000 EUR of revenue in the latest month (affiliates)",
    ),
    "risk-disclosure": ({}, "tell users of known dangers"),
    "safeguards": ({"needs": ("filter", "output_review")}, "filter or output_review needed"),
    "service-gate": (
        {"businesses": ("model-as-a-service",), "more_than": 10, "period": "any-12-months"},
        "agreement first: model-as-a-service with more than 10 USD of revenue in any 12 months in a row",
    ),
    "state-changes": ({}, "say what was changed"),
    "territory": ({"excludes": ("EU", "GB")}, "no rights if offered in EU, GB"),
    "use-restrictions": ({"prohibits": {"military": "1"}, "unread": "the policy"}, "uses: 1 forbidden, the policy not read"),
    "user-cap": (
        {"more_than": 1_000, "metric": "dau", "counts": "product"},
        "no rights with more than 1,000 daily users (product) in the latest month",
    ),
}
OTHERS: list[tuple[str, dict[str, object], str]] = [
    ("ai-disclosure", {"where_law_requires": True}, "mark output as AI-made where law asks for it"),
    ("attribution", {"credit": (("A", "B"), ("C",))}, "credit naming A, C"),
    ("attribution", {"text": "X"}, 'show "X"'),
    ("copyleft", {"forbidden": True}, "no derivative may be passed on"),
    ("copyleft", {"unclear_other": True}, "derivatives may need the same terms"),
    ("license-copy", {"link_suffices": True}, "license text or link goes along"),
    ("network-source", {"modified": False}, "offer the source"),
    ("noncommercial", {"allows": ("research",)}, "only research"),
    ("notice-file", {"upstream": True}, "upstream's NOTICE goes along"),
    ("notice-file", {"text": "X", "file_name": "Notice"}, "Notice with the prescribed sentence"),
    ("output-limits", {"unclear": True}, "commercial use of outputs is open"),
    ("output-training-ban", {}, "outputs improve no other llm"),
    ("production-ban", {"end_users": False}, "not in production"),
    ("registration", {}, "register with the licensor"),
    ("safeguards", {}, "safeguards stay in place"),
    ("service-gate", {"on": ("weights",)}, "agreement first: whoever passes it on"),
    (
        "territory",
        {"excludes": ("EU",), "by": "domicile", "of": ("company",), "only": "multimodal"},
        "no rights if company seated in EU (multimodal models)",
    ),
    (
        "use-restrictions",
        {
            "prohibits": {"a": "1"},
            "conditional": {"b": {"section": "1", "unless": "consent"}},
            "unclear": {"c": {"section": "1", "readings": "Open."}},
        },
        "uses: 1 forbidden, 1 under conditions, 1 open",
    ),
    (
        "user-cap",
        {"at_least": 5, "month": "before-release"},
        "no rights with at least 5 monthly users (affiliates) in the month before the release",
    ),
    ("litigation-termination", {"alleging": ("patent",), "effect": "it ends"}, "suing anyone (patent): it ends"),
]


def made(kind: str, keys: dict[str, object]) -> Clause:
    clause: Clause = plugins.clause_kind(kind)(section="1", **keys)
    return clause


@pytest.mark.parametrize(("kind", "keys", "brief"), [*((kind, *example) for kind, example in EXAMPLES.items()), *OTHERS])
def test_a_clause_says_in_a_few_words_what_it_wants(kind: str, keys: dict[str, object], brief: str) -> None:
    assert made(kind, keys).brief() == brief


def test_every_kind_that_binds_says_so() -> None:
    binding = {kind for kind in plugins.names("clauses") if plugins.clause_kind(kind).binds}
    assert binding <= set(EXAMPLES)


@pytest.mark.parametrize(
    ("kind", "keys", "when"),
    [
        ("safeguards", {}, ""),
        (
            "license-copy",
            {"on": ("weights",), "unclear_on": ("hosted-service",)},
            "when it reaches others as weights; perhaps as hosted-service",
        ),
        (
            "user-cap",
            {"more_than": 1, "purposes": ("commercial",), "unclear_purposes": ("research",), "spares": ("internal-use",)},
            "for purposes commercial; perhaps for research; not for internal-use",
        ),
        ("attribution", {"text": "X", "on": (), "from_": ("merge",)}, "when made by merge"),
    ],
)
def test_a_clause_says_when_it_speaks(kind: str, keys: dict[str, object], when: str) -> None:
    assert made(kind, keys).when() == when


def test_every_clause_stands_in_one_chapter_of_its_license(rules: Rules) -> None:
    for license_id in rules.license_ids:
        page = license_page(rules.license(license_id))
        told = [clause.rule for clauses in chapters(page).values() for clause in clauses]
        assert sorted(told) == sorted(clause.rule for clause in page.clauses)
        assert all(clause.sort in SORTS and clause.says for clause in page.clauses)


def test_sorts_are_those_of_the_classes() -> None:
    assert [sort_of(made(kind, EXAMPLES[kind][0])) for kind in ("user-cap", "naming", "distillation-derivative")] == list(SORTS)


def test_every_rule_set_says_what_was_read(rules: Rules) -> None:
    for license_id in rules.license_ids:
        source = rules.license(license_id).source
        assert source.read_on
        assert source.digest.startswith("sha256:") or source.evidence == "secondary", license_id


def test_every_text_that_has_to_go_along_is_known_when_it_comes_back(rules: Rules) -> None:
    known = rules.fingerprints().licenses
    read = [rules.license(license_id) for license_id in rules.license_ids if rules.license(license_id).source.evidence == "text"]
    asked = {license.id for license in read if "license-copy" in license.kinds()}
    assert asked <= known
