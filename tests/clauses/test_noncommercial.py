"""How a noncommercial clause says what it allows."""

from __future__ import annotations

import pytest

from .conftest import Judged


@pytest.mark.parametrize(("clause", "message"), [
    ("noncommercial", "commercial purposes are excluded (section 1)"),
    ("some-purposes", "only research, personal is allowed (section 2)")])
def test_what_is_allowed_is_named(clause: str, message: str, judged: Judged) -> None:
    assert judged(f"test-noncommercial/{clause}", "purpose: commercial").message == message
