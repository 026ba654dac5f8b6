"""What stands in the reasons of an attribution clause."""

from __future__ import annotations

import pytest

from .conftest import Judged

RULE = "test-attribution/attribution"
MODEL = ("distribution: [weights]\n"
         "models: [{{id: example/model, license: test-attribution, evidence: {{attribution: [{}]}}}}]")


@pytest.mark.parametrize(("entry", "value", "detail"), [
    ("{text: Powered by Test Lab}", "Powered by Test Lab (place not stated)", ""),
    ("{text: Powered by Test Lab, where: ui}", "Powered by Test Lab (ui)", ""),
    ("{text: Made by Acme, where: blog, path: site/blog.html}", "Made by Acme (blog)", "site/blog.html")])
def test_the_entry_is_named_with_its_place_and_file(entry: str, value: str, detail: str, judged: Judged) -> None:
    reasons = {(because.value, because.detail) for because in judged(RULE, MODEL.format(entry)).because
               if because.fact == "evidence.attribution"}
    assert reasons == {(value, detail)}


def test_what_is_owed_is_named(judged: Judged) -> None:
    assert judged(RULE, "distribution: [weights]").message == "'Powered by Test Lab' must be shown, and no place is stated"
