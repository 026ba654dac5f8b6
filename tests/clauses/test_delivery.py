"""What a call at another company leaves out of a license, and what not."""

from __future__ import annotations

import pytest

from .conftest import Judged


@pytest.mark.parametrize(("clause", "called", "passed_on"), [
    ("user-cap", "review", "fail"), ("cap-exempt", "not-applicable", "fail"), ("attribution", "not-applicable", "fail"),
    ("phrase-open", "review", "fail")])
def test_whoever_passes_the_weights_on_holds_a_copy(judged: Judged, clause: str, called: str, passed_on: str) -> None:
    text = ("mau: 2000\nstatus: live\ndistribution: [weights]\n"
            "models: [{{id: a/b, license: test-through-api, delivery: third-party-api{}}}]\n")
    assert judged(f"test-through-api/{clause}", text.format("")).outcome == called
    assert judged(f"test-through-api/{clause}", text.format(", distribution: [weights]")).outcome == passed_on


@pytest.mark.parametrize(("delivery", "outcome"), [("", "review"), (", delivery: self-hosted", "fail")])
def test_a_bare_api_name_leaves_open_who_holds_a_copy(judged: Judged, delivery: str, outcome: str) -> None:
    text = f"mau: {{2024-11: 800_000_000}}\nmodels: [{{id: llama-3.3-70b-versatile{delivery}}}]\n"
    assert judged("llama-3.3/user-cap", text).outcome == outcome
