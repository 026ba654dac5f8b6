"""What an information clause says to those for whom a human must look at it."""

from __future__ import annotations

from .conftest import Judged


def test_both_readings_are_named_where_the_license_gives_them(judged: Judged) -> None:
    found = judged("test-info/for-some-with-readings", "organization: {kind: government}")
    assert found.readings == ("public bodies may not be able to accept a foreign court",)
    assert found.message.endswith("(public bodies may not be able to accept a foreign court)")


def test_a_general_reading_is_named_where_it_gives_none(judged: Judged) -> None:
    found = judged("test-info/for-some", "organization: {kind: government}")
    assert found.readings == ("this kind of organization may not be able to accept it",)
    assert found.message == "The licensee indemnifies the licensor. (this kind of organization may not be able to accept it)"
