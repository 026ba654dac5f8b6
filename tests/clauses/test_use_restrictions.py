"""What a list of forbidden uses says, and which lists are refused."""

from __future__ import annotations

import pytest

from caveat.clauses.use_restrictions import Condition, Unclear, UseRestrictions

from .conftest import Judged

RULE = "test-use-restrictions/use-restrictions"


@pytest.mark.parametrize(("word", "nearest"), [("costumer support", " (nearest: customer-support)"), ("qqqqqqqqqq", "")])
def test_the_nearest_tag_is_named_where_one_is_close(word: str, nearest: str, judged: Judged) -> None:
    found = judged(RULE, f"intended_use: [{word}]")
    assert found.readings == (f"'{word}' is no use of the vocabulary{nearest}, so a human must judge it",)


def test_the_forbidden_use_is_named_with_its_section(judged: Judged) -> None:
    assert judged(RULE, "intended_use: [fraud, customer-support]").message == "forbidden use: fraud (section 1.1)"


def test_an_undisclosed_use_is_named_with_its_section(judged: Judged) -> None:
    found = judged(RULE, "intended_use: [customer-support]\nai_disclosure: not-disclosed")
    assert found.message == "forbidden use: not-disclosed (section 1.2)"


def test_a_condition_is_named_with_what_was_stated(judged: Judged) -> None:
    found = judged(RULE, "intended_use: [{tag: medical-advice, licensed_professional: false}]")
    assert found.message == "forbidden use: medical-advice with licensed_professional: false (section 1.3)"


@pytest.mark.parametrize("condition", [
    {}, {"section": "1"}, {"unless": "consent"}, {"when": "intent"}, {"section": "1", "unless": "moonlight"},
    {"section": "1", "when": "licensed"}, {"section": "1", "when": ("intent", "licensed")}])
def test_a_condition_needs_a_section_and_facts_of_the_use(condition: Condition) -> None:
    with pytest.raises(ValueError, match="spam needs a section, and unless or when with one of consent, "):
        UseRestrictions(section="1", conditional={"spam": condition})


@pytest.mark.parametrize("entry", [{}, {"section": "1"}, {"readings": "Open."}])
def test_an_unclear_use_needs_a_section_and_both_readings(entry: Unclear) -> None:
    with pytest.raises(ValueError, match="spam needs section and readings"):
        UseRestrictions(section="1", unclear={"spam": entry})


@pytest.mark.parametrize(("prohibits", "conditional", "only_open"), [
    ({}, {}, True), ({"fraud": "1"}, {}, False), ({}, {"spam": {"section": "1", "unless": "consent"}}, False),
    ({"fraud": "1"}, {"spam": {"section": "1", "unless": "consent"}}, False)])
def test_a_list_of_nothing_but_open_uses_can_only_give_a_review(
        prohibits: dict[str, str], conditional: dict[str, Condition], only_open: bool) -> None:
    assert UseRestrictions(section="1", prohibits=prohibits, conditional=conditional).only_open is only_open
