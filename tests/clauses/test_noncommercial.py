"""How a noncommercial clause says what it allows."""

from __future__ import annotations

import pytest

from .conftest import Judged


@pytest.mark.parametrize(("clause", "message"), [
    ("noncommercial", "commercial purposes are excluded (section 1)"),
    ("some-purposes", "only research, personal is allowed (section 2)")])
def test_what_is_allowed_is_named(clause: str, message: str, judged: Judged) -> None:
    assert judged(f"test-noncommercial/{clause}", "purpose: commercial").message == message


@pytest.mark.parametrize(("model", "licensor", "outcome"), [
    ("testlab/voice-1b", "Test Lab GmbH", "pass"), ("testlab/voice-1b", "Otherlab", "fail"), ("acme/unknown", "Acme", "review"),
])
def test_a_license_of_no_licensor_is_lifted_by_the_publisher(model: str, licensor: str, outcome: str, judged: Judged) -> None:
    agreed = f"{{licensor: {licensor}, covers: [noncommercial]}}"
    models = f"models: [{{id: {model}, license: test-free, separate_license: {agreed}}}]"
    assert judged("test-free/noncommercial", f"purpose: commercial\n{models}").outcome == outcome
