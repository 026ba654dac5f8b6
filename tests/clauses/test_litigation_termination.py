"""What stands in the reasons of a litigation clause, and suits over another model of the same manifest."""

from __future__ import annotations

import pytest

from .conftest import Judged

RULE = "test-litigation-termination/any-claim"


@pytest.mark.parametrize(("against", "value"), [("", "plaintiff against somebody"), ("against: Acme, ", "plaintiff against Acme")])
def test_the_suit_is_named_with_the_other_side(against: str, value: str, judged: Judged) -> None:
    found = judged(RULE, f"organization: {{litigation: [{{role: plaintiff, {against}about: example/model, alleging: patent}}]}}")
    assert [because.value for because in found.because] == [value]


def test_a_suit_over_another_model_of_the_manifest_under_the_license_counts(judged: Judged) -> None:
    found = judged(RULE, """
organization: {litigation: [{role: plaintiff, about: [lab/second], alleging: patent}]}
models:
  - {id: lab/first, license: test-litigation-termination}
  - {id: lab/second, license: test-litigation-termination}
""", model="lab/first")
    assert found.outcome == "fail"
    assert found.message == "a suit over the model was brought: all rights end"


def test_what_is_missing_is_asked(judged: Judged) -> None:
    found = judged(RULE, "organization: {litigation: [{role: plaintiff, alleging: patent}]}")
    assert found.outcome == "review"
    assert found.severity == "medium"
    assert len(found.questions) == 1
