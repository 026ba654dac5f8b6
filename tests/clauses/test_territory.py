"""How a territory clause says whom it gives nothing."""

from __future__ import annotations

import pytest

from .conftest import Judged


@pytest.mark.parametrize(("rule", "facts", "message"), [
    ("test-territory/offered-in-the-eu", "region: [DE]", "no rights are granted in: EU"),
    ("test-territory/offered-in-two-countries", "region: [KR]", "no rights are granted in: FR, KR"),
    ("test-territory/eu-companies", "organization: {kind: company, domicile: DE}",
     "no rights are granted to company licensees in: EU"),
    ("test-territory/multimodal-in-the-eu", "region: [DE]\nmodels: [testlab/vision-7b]",
     "no rights are granted for its multimodal models in: EU"),
    ("llama-3.2/eu-multimodal-exclusion",
     "organization: {kind: company, domicile: DE}\nmodels: [meta-llama/Llama-3.2-11B-Vision]",
     "no rights are granted to individual or company licensees for its multimodal models in: EU")])
def test_whom_and_what_and_where_are_named(rule: str, facts: str, message: str, judged: Judged) -> None:
    found = judged(rule, facts)
    assert found.outcome == "fail"
    assert found.message == message


def test_only_the_places_that_are_excluded_are_reasons(judged: Judged) -> None:
    found = judged("test-territory/offered-in-the-eu", "region: [US, DE, FR, GB]")
    assert [because.value for because in found.because] == ["DE, FR"]


def test_the_catalogue_is_named_as_the_reason_for_the_modality(judged: Judged) -> None:
    found = judged("test-territory/multimodal-in-the-eu", "region: [DE]\nmodels: [testlab/vision-7b]")
    assert ("multimodal", True, "testlab/vision-7b", "catalogue") in {(b.fact, b.value, b.detail, b.source) for b in found.because}
