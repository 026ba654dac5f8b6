"""Resolve: which licenses bind a model, by which way, and what is said where that is open (DESIGN section 5)."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pytest

from caveat.catalogue import Rules, load_rules
from caveat.evidence import Document, Evidence, read_evidence
from caveat.fingerprints import Match
from caveat.identify import Identification
from caveat.load import load
from caveat.resolve import resolve
from caveat.term import Resolved

if TYPE_CHECKING:
    from tests.conftest import Cli, Examine, Write

LICENSE = """\
id: {id}
name: The {id} license
aliases: {{names: [{id} license], hub: [{id}-hub]}}
source: {{url: 'https://example.org/{id}', read_on: 2026-01-01, evidence: text}}
clauses:
{clauses}
"""
LICENSES = {
    "free": "  - {kind: license-copy, section: '1'}",
    "strict": "  - {kind: license-copy, section: '1'}\n  - {kind: noncommercial, section: '2'}",
    "share": "  - {kind: license-copy, section: '1'}\n  - {kind: copyleft, section: '2'}",
    "outputs": "  - {kind: output-training-ban, section: '1'}\n  - {kind: noncommercial, section: '2', outputs: true}",
}
MODELS = """\
publisher: lab
name: Lab
families: [labby]
models:
  - {ids: [lab/free], kind: llm, license: free, weights: open, evidence: seen, released: 2025-01-15, multimodal: false,
     aliases: {ollama: [tiny, 'tiny:*'], api: [lab-free-api]}}
  - {ids: [lab/strict], kind: llm, license: strict, weights: open, evidence: seen}
  - {ids: [lab/share], kind: llm, license: share, weights: open, evidence: seen}
  - {ids: [lab/outputs], kind: llm, license: outputs, weights: open, evidence: seen}
  - {ids: [lab/renewed], kind: llm, license: free, weights: open, evidence: seen, base: [{id: lab/strict, relation: fine-tune}]}
  - {ids: [lab/memory], kind: llm, license: free, weights: open, evidence: memory}
  - {ids: [lab/no-rules], kind: llm, license: unheard-of, weights: open, evidence: seen}
  - {ids: [lab/api-only], kind: llm, weights: none, evidence: seen}
  - {ids: [lab/never], kind: llm, license: free, weights: unreleased, evidence: seen}
patterns:
  - {match: 'lab/quant-*', kind: llm, license: strict, weights: open, evidence: seen}
"""
OTHERS = """\
publisher: others
name: Others
models:
  - {ids: [others/child], kind: llm, license: free, weights: open, evidence: seen, base: [{id: lab/strict, relation: fine-tune}]}
  - {ids: [others/grandchild], kind: llm, license: free, weights: open, evidence: seen,
     base: [{id: others/child, relation: quantize}]}
"""
Resolve: TypeAlias = Callable[[str], tuple[Resolved, ...]]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, _own_cache: None) -> Rules:
    """The built-in rules with four licenses and two publishers of our own."""
    folder = tmp_path_factory.mktemp("rules")
    files = {f"licenses/{name}.yaml": LICENSE.format(id=name, clauses=clauses) for name, clauses in LICENSES.items()}
    for name, text in {**files, "models/lab.yaml": MODELS, "models/others.yaml": OTHERS}.items():
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_rules((str(folder),))


@pytest.fixture
def with_text(write: Write, small: Rules) -> Callable[..., tuple[Resolved, ...]]:
    """Resolve the models of a manifest whose file LICENSE is the whole texts of some licenses."""

    def made(models: str, *licenses: str) -> tuple[Resolved, ...]:
        manifest = load(write("caveat.yaml", f"version: 1\nproject: p\nmodels:\n{models}"), small.vocabulary)
        texts = tuple(Match(license_id, "agreement", "", True) for license_id in licenses)
        document = Document("LICENSE", "", "", Identification("several" if len(texts) > 1 else "exact", texts))
        return resolve(manifest, small, Evidence({(manifest.path, "LICENSE"): document}))

    return made


@pytest.fixture
def resolved(write: Write, small: Rules) -> Resolve:
    """Resolve the models of a manifest, given as the lines below `models:`."""

    def made(models: str) -> tuple[Resolved, ...]:
        manifest = load(write("caveat.yaml", f"version: 1\nproject: p\nmodels:\n{models}"), small.vocabulary)
        return resolve(manifest, small, read_evidence(manifest, small.fingerprints))

    return made


def terms(model: Resolved) -> dict[str, list[str]]:
    """Return the ways by which each license binds."""
    return {term.license.id: [str(way) for way in term.ways] for term in model.terms}


def found(model: Resolved) -> list[tuple[str, str, str]]:
    return sorted((finding.rule, finding.outcome, finding.severity) for finding in model.findings)


UNKNOWN = [("license-unknown", "review", "high")]
CONFLICT = [("license-conflict", "review", "high")]
NO_MODEL = [("model-unknown", "review", "high")]


# -- declared, catalogued, identified ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("model", "expected", "source"), [
    ("lab/free", "free", "catalogue"), ("{id: lab/free, license: free}", "free", "declared"),
    ("{id: a/b, license: FREE License}", "free", "declared"), ("{id: a/b, license: free-hub}", "free", "declared"),
    ("lab/quant-4bit", "strict", "catalogue"), ("{id: a/b, license: MIT}", "mit", "declared"),
])
def test_one_license_by_one_source(resolved: Resolve, model: str, expected: str, source: str) -> None:
    (made,) = resolved(f"  - {model}\n")
    assert terms(made) == {expected: ["own"]}
    assert made.terms[0].source == source
    assert made.findings == ()


def test_a_declared_license_against_the_catalogue_is_a_conflict_and_both_bind(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: lab/strict, license: free}\n")
    assert terms(made) == {"free": ["own"], "strict": ["own"]}
    assert found(made) == CONFLICT
    assert made.findings[0].message == "declared as free, while the catalogue knows it under strict"
    assert [ground.line for ground in made.findings[0].because] == [4]


@pytest.mark.parametrize("license", ["other", "unknown", "none", "openrail", "cc", "llama", "apache", "proprietary",
                                     "Acme Terms of Use", "AND", "free AND", "free (draft)"])
def test_a_word_that_identifies_no_license_is_never_guessed(resolved: Resolve, license: str) -> None:
    (made,) = resolved(f"  - {{id: a/b, license: '{license}'}}\n")
    assert terms(made) == {}
    assert found(made) == UNKNOWN


def test_a_model_that_nothing_knows(resolved: Resolve) -> None:
    (made,) = resolved("  - a/b\n")
    assert (terms(made), found(made)) == ({}, UNKNOWN)
    assert [need.fact for need in made.findings[0].needs] == ["license"]


def test_a_catalogued_license_without_a_rule_set_is_unknown_until_one_is_declared(resolved: Resolve) -> None:
    (made,) = resolved("  - lab/no-rules\n")
    assert (terms(made), found(made)) == ({}, UNKNOWN)
    (declared,) = resolved("  - {id: lab/no-rules, license: free}\n")
    assert (terms(declared), found(declared)) == ({"free": ["own"]}, CONFLICT)


def test_what_is_only_remembered_is_asked_for_until_it_is_declared(resolved: Resolve) -> None:
    (made,) = resolved("  - lab/memory\n")
    assert (terms(made), found(made)) == ({"free": ["own"]}, [("license-unconfirmed", "review", "medium")])
    (declared,) = resolved("  - {id: lab/memory, license: free}\n")
    assert (terms(declared), found(declared)) == ({"free": ["own"]}, [])


@pytest.mark.parametrize(("content", "message"), [
    (None, "license_text LICENSE: no such file"), ("", "license_text LICENSE: is empty"),
    ("You may use this as you like.", "license_text LICENSE is no license text we know"),
])
def test_a_license_text_that_proves_nothing_is_a_conflict(write: Write, resolved: Resolve, content: str | None,
                                                          message: str) -> None:
    if content is not None:
        write("LICENSE", content)
    (made,) = resolved("  - {id: a/b, license: free, license_text: LICENSE}\n")
    assert (terms(made), found(made)) == ({"free": ["own"]}, CONFLICT)
    assert made.findings[0].message == message


def test_every_license_whose_text_is_in_the_file_binds(with_text: Callable[..., tuple[Resolved, ...]]) -> None:
    (made,) = with_text("  - {id: a/b, license: free, license_text: LICENSE}\n", "free", "strict")
    assert (terms(made), found(made)) == ({"free": ["own"], "strict": ["own"]}, [])


def test_texts_of_a_declared_choice_stay_a_choice(with_text: Callable[..., tuple[Resolved, ...]]) -> None:
    (made,) = with_text("  - {id: a/b, license: free OR share, license_text: LICENSE}\n", "free", "share", "strict")
    assert (terms(made), len(made.choices)) == ({"strict": ["own"]}, 2)


@pytest.mark.parametrize(("facts", "expected"), [
    ("", UNKNOWN), (", base: [{id: lab/free, relation: fine-tune}]", UNKNOWN), (", license: free OR share", UNKNOWN),
    (", license: free", CONFLICT + UNKNOWN)])
def test_a_text_that_no_rule_set_holds_is_never_passed_over(with_text: Callable[..., tuple[Resolved, ...]], facts: str,
                                                            expected: list[tuple[str, str, str]]) -> None:
    (made,) = with_text(f"  - {{id: a/b, license_text: LICENSE{facts}}}\n", "unheard-of")
    assert found(made) == expected


def test_the_text_that_came_with_an_ancestor_binds_its_children(with_text: Callable[..., tuple[Resolved, ...]]) -> None:
    models = "  - {id: a/b, license_text: LICENSE}\n  - {id: a/c, license: free, base: [{id: a/b, relation: fine-tune}]}\n"
    assert terms(with_text(models, "free", "strict")[1]) == {"free": ["own", "fine-tune of a/b"], "strict": ["fine-tune of a/b"]}
    assert ("license-unknown", "review", "high") in found(with_text(models, "unheard-of")[1])


# -- names of models ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [
    "lab/free", "LAB/Free", "lab/free@main", "Lab/FREE@0123abc", "pkg:huggingface/lab/free", "pkg:huggingface/Lab/Free@0123abc",
    "pkg:huggingface/lab%2Ffree@1?x=y#z", "hf.co/lab/free", "https://huggingface.co/lab/free", "huggingface.co/lab/free/",
    "hf.co/lab/free:Q4_K_M", "tiny:8b", "tiny:8b-q4", "TINY:latest",
])
def test_the_same_model_under_many_names(resolved: Resolve, model: str) -> None:
    (made,) = resolved(f"  - '{model}'\n")
    assert (terms(made), found(made)) == ({"free": ["own"]}, [])


def test_a_bare_ollama_name_says_no_model_until_its_delivery_is_stated(resolved: Resolve) -> None:
    (made,) = resolved("  - tiny\n")
    assert (terms(made), [finding.rule for finding in made.findings]) == ({"free": ["own"]}, ["model-unknown"])
    (made,) = resolved("  - {id: tiny, delivery: self-hosted}\n")
    assert (terms(made), found(made)) == ({"free": ["own"]}, [])


@pytest.mark.parametrize("model", ["lab/free-2", "lab/freedom", "lab/fre", "free", "other/free", "lab/quant", "lab/xquant-4bit",
                                   "tiny2:8b", "xtiny", "lab", "lab/", "pkg:npm/lab/free", "lab/free/extra"])
def test_a_similar_name_is_another_model(resolved: Resolve, model: str) -> None:
    (made,) = resolved(f"  - '{model}'\n")
    assert (terms(made), found(made)) == ({}, UNKNOWN)


def test_a_family_is_no_model(resolved: Resolve) -> None:
    (made,) = resolved("  - Labby\n")
    assert ("model-unknown", "review", "high") in found(made)
    assert terms(made) == {}


@pytest.mark.parametrize("facts", ["", ", license: free", ", delivery: self-hosted", ", delivery: vendor-api, license: free"])
def test_a_model_that_was_never_released_has_no_license(resolved: Resolve, facts: str) -> None:
    (made,) = resolved(f"  - {{id: lab/never{facts}}}\n")
    assert (terms(made), found(made)) == ({}, NO_MODEL)


@pytest.mark.parametrize("delivery", ["self-hosted", "on-device", "third-party-api", "partner-api"])
def test_weights_that_nobody_has_cannot_be_held(resolved: Resolve, delivery: str) -> None:
    (made,) = resolved(f"  - {{id: lab/api-only, license: free, delivery: {delivery}}}\n")
    assert (terms(made), found(made)) == ({}, NO_MODEL)


# -- delivery and who made it --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["{id: lab/strict, delivery: vendor-api}", "{id: a/b, license: strict, delivery: vendor-api}",
                                   "{id: lab/strict, license: free, delivery: vendor-api}", "lab/api-only"])
def test_under_the_vendors_own_api_only_its_terms_bind(resolved: Resolve, model: str) -> None:
    (made,) = resolved(f"  - {model}\n")
    assert (terms(made), found(made)) == ({}, [("vendor-terms-unknown", "review", "high")])


def test_a_bare_api_name_of_open_weights_says_not_who_hosts_them(resolved: Resolve) -> None:
    """The model's license is checked, and the terms that a vendor would add stay a question until delivery is stated."""
    (made,) = resolved("  - lab-free-api\n")
    assert (set(terms(made)), found(made)) == ({"free"}, [("vendor-terms-unknown", "review", "high")])
    assert (made.delivery, made.any_host) == (None, True)
    assert [need.fact for finding in made.findings for need in finding.needs] == ["delivery"]
    (made,) = resolved("  - {id: lab-free-api, delivery: third-party-api}\n")
    assert (set(terms(made)), found(made), made.any_host) == ({"free"}, [], False)


@pytest.mark.parametrize(("model", "delivery"), [
    ("a/b", "self-hosted"), ("lab/free", "self-hosted"), ("tiny", "self-hosted"), ("unheard:7b", "self-hosted"),
    ("lab/api-only", "vendor-api"), ("pkg:huggingface/a/b", "self-hosted"), ("mystery", None),
    ("{id: a/b, delivery: on-device}", "on-device"),
])
def test_delivery_when_it_is_not_stated(resolved: Resolve, model: str, delivery: str | None) -> None:
    (made,) = resolved(f"  - {model}\n")
    assert (made.delivery.value if made.delivery else None) == delivery


@pytest.mark.parametrize(("model", "by_us"), [
    ("a/b", False), ("lab/free", False), ("others/child", False), ("{id: a/b, base: [{id: lab/free, relation: fine-tune}]}", True),
    ("{id: others/child, base: [{id: lab/free, relation: fine-tune}]}", False), ("{id: a/b, base: none}", True),
    ("{id: a/b, made_by: us}", True), ("{id: a/b, made_by: upstream, base: [{id: lab/free, relation: fine-tune}]}", False),
])
def test_who_made_a_model_when_it_is_not_stated(resolved: Resolve, model: str, by_us: bool) -> None:
    (made,) = resolved(f"  - {model}\n")
    assert made.made_by_us is by_us


def test_the_date_of_release_comes_from_the_catalogue_unless_it_is_stated(resolved: Resolve) -> None:
    known, stated = resolved("  - lab/free\n  - {id: lab/strict, released: 2020-02-02}\n")
    assert str(known.use.facts["released"].value) == "2025-01-15"
    assert known.use.facts["released"].path == ""
    assert str(stated.use.facts["released"].value) == "2020-02-02"


# -- lineage -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("relation", "reach"), [
    ("fine-tune", "base"), ("adapter", "base"), ("quantize", "base"), ("convert", "base"), ("merge", "base"), ("prune", "base"),
    ("distill", "outputs"), ("train-on-outputs", "outputs"), ("judge", "arguable"), ("tokenizer", "arguable"),
])
def test_the_terms_of_a_parent_reach_as_far_as_its_relation(resolved: Resolve, relation: str, reach: str) -> None:
    (made,) = resolved(f"  - {{id: a/b, base: [{{id: lab/strict, relation: {relation}}}]}}\n")
    assert terms(made) == {"strict": [f"{relation} of lab/strict"]}
    assert made.terms[0].reaches == {reach}
    assert made.terms[0].source == "lineage"


def test_lineage_is_walked_to_its_end_through_manifest_and_catalogue(resolved: Resolve) -> None:
    first = resolved("  - {id: a/top, base: [{id: a/middle, relation: adapter}]}\n"
                     "  - {id: a/middle, base: [{id: a/low, relation: merge}]}\n"
                     "  - {id: a/low, base: [{id: others/grandchild, relation: fine-tune}]}\n")[0]
    way = "adapter of a/middle ← merge of a/low ← fine-tune of others/grandchild"
    assert terms(first) == {
        "free": [way, f"{way} ← quantize of others/child"],
        "strict": [f"{way} ← quantize of others/child ← fine-tune of lab/strict"]}
    assert [hop.by_us for hop in first.terms[0].ways[0].hops] == [True, True, True]
    strict = next(term for term in first.terms if term.license.id == "strict")
    assert [hop.by_us for hop in strict.ways[0].hops] == [True, True, True, False, False]


def test_a_permissive_tag_on_a_child_lifts_nothing(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: a/b, license: free, base: [{id: lab/strict, relation: quantize}]}\n")
    assert set(terms(made)) == {"free", "strict"}
    assert found(made) == CONFLICT
    assert "lacks what strict of lab/strict asks for (noncommercial)" in made.findings[0].message


def test_a_tag_that_an_ancestor_forbids_fails(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: a/b, license: strict, base: [{id: lab/share, relation: fine-tune}]}\n")
    assert found(made) == [("license-conflict", "fail", "high")]


@pytest.mark.parametrize("relation", ["distill", "train-on-outputs", "judge", "tokenizer"])
def test_a_tag_is_not_looser_than_the_terms_of_outputs(resolved: Resolve, relation: str) -> None:
    (made,) = resolved(f"  - {{id: a/b, license: free, base: [{{id: lab/strict, relation: {relation}}}]}}\n")
    assert set(terms(made)) == {"free", "strict"}
    assert found(made) == []


def test_a_licensor_may_relicense_its_own_model_and_nobody_else(resolved: Resolve) -> None:
    renewed, child = resolved("  - lab/renewed\n  - others/child\n")
    assert (terms(renewed), found(renewed)) == ({"free": ["own"]}, [])
    assert terms(child) == {"free": ["own"], "strict": ["fine-tune of lab/strict"]}


def test_a_merge_of_two_is_bound_by_both(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: a/b, base: [{id: lab/free, relation: merge}, {id: lab/strict, relation: merge}]}\n")
    assert terms(made) == {"free": ["merge of lab/free"], "strict": ["merge of lab/strict"]}
    assert set(made.parents) == {"lab/free", "lab/strict"}


def test_two_ways_to_one_ancestor_are_both_told_in_one_term(resolved: Resolve) -> None:
    top = resolved("  - {id: a/top, base: [{id: a/left, relation: merge}, {id: a/right, relation: merge}]}\n"
                   "  - {id: a/left, base: [{id: lab/free, relation: fine-tune}]}\n"
                   "  - {id: a/right, base: [{id: lab/free, relation: adapter}]}\n")[0]
    assert terms(top) == {"free": ["merge of a/left ← fine-tune of lab/free", "merge of a/right ← adapter of lab/free"]}


def test_a_circle_is_reported_once_and_ends(resolved: Resolve) -> None:
    one, two = resolved("  - {id: a/one, license: free, base: [{id: a/two, relation: fine-tune}]}\n"
                        "  - {id: a/two, license: free, base: [{id: A/One, relation: fine-tune}, "
                        "{id: lab/free, relation: merge}]}\n")
    for made in (one, two):
        assert [rule for rule, _, _ in found(made)] == ["lineage-cycle"]
        assert "free" in terms(made)
    (itself,) = resolved("  - {id: a/b, license: free, base: [{id: a/b@main, relation: fine-tune}]}\n")
    assert [rule for rule, _, _ in found(itself)] == ["lineage-cycle"]


def test_a_parent_that_nothing_knows_is_asked_for(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: a/b, license: free, base: [{id: x/y, relation: fine-tune}]}\n")
    assert ("license-unknown", "review", "high") in found(made)
    (stated,) = resolved("  - {id: a/b, license: free, base: [{id: x/y, relation: fine-tune, license: free}]}\n")
    assert found(stated) == []
    (wrong,) = resolved("  - {id: a/b, license: free, base: [{id: x/y, relation: fine-tune, license: openrail}]}\n")
    assert found(wrong) == UNKNOWN


def test_a_license_stated_beside_a_parent_is_read_whole(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: a/b, base: [{id: x/y, relation: fine-tune, license: free AND strict}]}\n")
    assert set(terms(made)) == {"free", "strict"}
    (part,) = resolved("  - {id: a/b, base: [{id: x/y, relation: fine-tune, license: free AND unheard-of}]}\n")
    assert ("license-unknown", "review", "high") in found(part)


@pytest.mark.parametrize(("parent", "relation", "rule"), [
    ("lab/api-only", "fine-tune", "model-unknown"), ("lab/never", "fine-tune", "model-unknown"),
    ("lab/never", "distill", "model-unknown"), ("lab/api-only", "train-on-outputs", "vendor-terms-unknown"),
])
def test_a_parent_without_weights(resolved: Resolve, parent: str, relation: str, rule: str) -> None:
    (made,) = resolved(f"  - {{id: a/b, license: free, base: [{{id: {parent}, relation: {relation}}}]}}\n")
    assert rule in [name for name, _, _ in found(made)]


def test_a_lineage_without_end_is_cut_and_says_so(resolved: Resolve) -> None:
    layers = 11
    models = "".join(f"  - {{id: a/{side}{number}, license: free, base: [{{id: a/l{number + 1}, relation: merge}}, "
                     f"{{id: a/r{number + 1}, relation: merge}}]}}\n" for number in range(layers) for side in "lr")
    made = resolved(models + f"  - {{id: a/l{layers}, license: free}}\n  - {{id: a/r{layers}, license: free}}\n")
    assert [rule for rule, _, _ in found(made[0])] == ["lineage-too-long"]
    assert sum(len(term.ways) for term in made[0].terms) <= 501


# -- expressions ---------------------------------------------------------------------------------------------------------


def test_and_binds_both_and_or_keeps_the_choice(resolved: Resolve) -> None:
    both, either, mixed = resolved("  - {id: a/both, license: free AND strict}\n  - {id: a/either, license: free OR strict}\n"
                                   "  - {id: a/mixed, license: (free OR strict) AND MIT}\n")
    assert (set(terms(both)), both.choices) == ({"free", "strict"}, ())
    assert terms(either) == {}
    assert [[term.license.id for term in branch] for branch in either.choices] == [["free"], ["strict"]]
    assert [[term.license.id for term in branch] for branch in mixed.choices] == [["free", "mit"], ["strict", "mit"]]


def test_an_unknown_license_in_an_expression(resolved: Resolve) -> None:
    both, either = resolved("  - {id: a/both, license: free AND unheard-of}\n  - {id: a/either, license: free OR unheard-of}\n")
    assert (terms(both), found(both)) == ({"free": ["own"]}, UNKNOWN)
    assert terms(either) == {"free": ["own"]}


def test_an_exception_that_is_not_encoded_is_said(resolved: Resolve) -> None:
    (made,) = resolved("  - {id: a/b, license: free WITH Some-exception}\n")
    assert (terms(made), found(made)) == ({"free": ["own"]}, UNKNOWN)
    assert "Some-exception" in made.findings[0].message


# -- models of which the publisher's own sources disagree -------------------------------------------------------------


GUARD = """
version: 1
project: p
models: [{{id: meta-llama/Llama-Guard-3-8B{}}}]
"""


@pytest.mark.parametrize("declared", ["", ", license: llama3.1", ", license: llama3.2"])
def test_a_disputed_license_is_a_conflict_until_its_text_is_named(check_text: Examine, declared: str) -> None:
    found = [finding for finding in check_text(GUARD.format(declared)).findings if finding.rule == "license-conflict"]
    assert [finding.message for finding in found] == ["the publisher's own sources disagree on it: llama-3.1, llama-3.2"]


@pytest.mark.parametrize("base", ["{id: meta-llama/Llama-Guard-3-8B, relation: fine-tune}",
                                  "{id: meta-llama/Llama-Guard-3-8B, relation: fine-tune, license: llama3.1}"])
def test_a_disputed_ancestor_is_a_conflict_as_well(check_text: Examine, base: str) -> None:
    text = f"version: 1\nproject: p\nmodels: [{{id: acme/Llama-Guard, base: [{base}]}}]\n"
    assert "license-conflict" in {finding.rule for finding in check_text(text).findings}


def test_the_named_text_settles_a_disputed_model_and_its_children(write: Write, rules: Rules) -> None:
    text = ("version: 1\nproject: p\nmodels:\n  - {id: meta-llama/Llama-Guard-3-8B, license: llama3.2, license_text: LICENSE}\n"
            "  - {id: acme/Llama-Guard, base: [{id: meta-llama/Llama-Guard-3-8B, relation: fine-tune}]}\n")
    manifest = load(write("caveat.yaml", text), rules.vocabulary)
    document = Document("LICENSE", "", "", Identification("exact", (Match("llama-3.2", "agreement", "", True),)))
    own, child = resolve(manifest, rules, Evidence({(manifest.path, "LICENSE"): document}))
    assert (list(terms(own)), found(own)) == (["llama-3.2"], [])
    assert (list(terms(child)), found(child)) == (["llama-3.2"], [])


Conflicts: TypeAlias = Callable[[str], str | None]


@pytest.fixture
def conflicts(write: Write, cli: Cli) -> Conflicts:
    """Return the outcome of the license-conflict of one model, None where there is none."""

    def found(model: str) -> str | None:
        write("caveat.yaml", f"version: 1\nproject: p\nmodels: [{model}]\n")
        findings = json.loads(cli("check", "--format", "json").out)["projects"][0]["findings"]
        outcomes = [finding["outcome"] for finding in findings if finding["rule"] == "license-conflict"]
        return outcomes[0] if outcomes else None

    return found


# -- what an ancestor's license allows on a derivative -----------------------------------------------------------------------


@pytest.mark.parametrize(("child", "parent", "relation", "outcome"), [
    ("mit", "GPL-3.0-only OR MIT", "fine-tune", None), ("mit", "GPL-3.0-only", "fine-tune", "fail"),
    ("gpl-3.0", "cc-by-sa-4.0", "fine-tune", None), ("apache-2.0", "gpl-3.0", "adapter", "review"),
    ("apache-2.0", "gpl-3.0", "fine-tune", "fail"), ("gpl-3.0", "agpl-3.0", "fine-tune", "fail"),
    ("lgpl-3.0", "gpl-3.0", "fine-tune", "fail"), ("cc-by-nc-sa-4.0", "cc-by-sa-4.0", "fine-tune", "fail"),
    ("cc-by-sa-3.0", "cc-by-sa-4.0", "fine-tune", "fail"), ("cc-by-nc-nd-4.0", "cc-by-nc-sa-4.0", "fine-tune", "fail"),
    ("cc-by-nd-4.0", "cc-by-sa-4.0", "fine-tune", "fail"), ("gpl-3.0", "gpl-2.0", "fine-tune", "review"),
    ("apache-2.0", "cc-by-4.0", "fine-tune", "review"), ("cc-by-nc-4.0", "cc-by-4.0", "fine-tune", None),
    ("apache-2.0", "mit", "fine-tune", None), ("mit", "llama-3.1", "train-on-outputs", None),
])
def test_a_license_on_a_derivative_is_held_against_the_ancestors_words(
        conflicts: Conflicts, child: str, parent: str, relation: str, outcome: str | None) -> None:
    base = f"{{id: up/y, relation: {relation}, license: '{parent}'}}"
    assert conflicts(f"{{id: acme/x, license: {child}, base: [{base}]}}") == outcome


def test_an_exception_on_an_ancestor_binds_the_license_before_it(write: Write, cli: Cli) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nmodels: [{id: a/b, license: mit, base: [{id: c/d, relation: fine-tune, "
          "license: Apache-2.0 WITH LLVM-exception}]}]\n")
    project = json.loads(cli("check", "--format", "json").out)["projects"][0]
    assert [term["license"] for term in project["models"][0]["terms"]] == ["mit", "apache-2.0"]
    assert "license-unknown" in {finding["rule"] for finding in project["findings"]}


def test_a_model_of_ours_at_another_host_is_still_ours(write: Write, cli: Cli) -> None:
    write("caveat.yaml", "version: 1\nproject: p\nstatus: live\ndistribution: [hosted-service]\nmodels:\n"
          "  - id: a/b\n    license: agpl-3.0\n    delivery: third-party-api\n"
          "    base: [{id: c/d, relation: fine-tune, license: agpl-3.0}]\n")
    findings = json.loads(cli("check", "--format", "json").out)["projects"][0]["findings"]
    assert {finding["outcome"] for finding in findings if finding["rule"] == "agpl-3.0/network-source"} == {"fail"}
