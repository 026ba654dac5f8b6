"""How a user cap says which number and which month it is about, and what it asks."""

from __future__ import annotations

import pytest

from caveat.clauses.user_cap import UserCap

from .conftest import Judged


@pytest.mark.parametrize(("rule", "facts", "message"), [
    ("llama-3.2/user-cap", "mau: {2024-08: 800_000_000}\nmodels: [meta-llama/Llama-3.2-3B]",
     "more than 700,000,000 monthly users in 2024-08: no rights without the licensor's express grant"),
    ("test-user-cap/at-least", "mau: 1_000_000",
     "at least 1,000,000 monthly users: no rights without the licensor's express grant"),
    ("test-user-cap/daily", "dau: 30_000",
     "more than 20,000 daily users: no rights without the licensor's express grant"),
    ("test-user-cap/before-release", "mau: {2024-12: 1_000_001}\nmodels: [testlab/capped-7b]",
     "more than 1,000,000 monthly users: no rights without the licensor's express grant")])
def test_number_and_month_are_named(rule: str, facts: str, message: str, judged: Judged) -> None:
    found = judged(rule, facts)
    assert found.outcome == "fail"
    assert found.message == message


def test_the_month_before_the_release_is_asked_for(judged: Judged) -> None:
    found = judged("test-user-cap/before-release", "models: [testlab/capped-7b]")
    assert found.message == "cannot be decided: not stated: mau (2024-12)"


def test_the_day_of_release_is_asked_for_where_nothing_states_it(judged: Judged) -> None:
    found = judged("test-user-cap/before-release", "mau: 5")
    assert found.message == "cannot be decided: not stated: released"


def test_why_a_separate_license_does_not_help_is_said(judged: Judged) -> None:
    separate = "separate_license: {licensor: Test Lab, covers: [user-cap], until: 2026-11-21}"
    found = judged("test-user-cap/at-least",
                   f"mau: 2_000_000\nmodels: [{{id: example/model, license: test-user-cap, {separate}}}]")
    assert found.outcome == "fail"
    assert found.message.endswith("(the separate license ended on 2026-11-21)")


@pytest.mark.parametrize("numbers", [{}, {"more_than": 5, "at_least": 5}])
def test_a_cap_has_one_number(numbers: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="one of more_than and at_least"):
        UserCap(section="1", **numbers)  # type: ignore[arg-type]


@pytest.mark.parametrize("numbers", [{"more_than": 0}, {"at_least": 0}, {"more_than": 5}, {"at_least": 5}])
def test_the_number_may_be_any(numbers: dict[str, int]) -> None:
    assert UserCap(section="1", **numbers).section == "1"  # type: ignore[arg-type]
