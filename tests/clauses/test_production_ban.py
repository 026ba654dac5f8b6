"""What a ban on production says it bans."""

from __future__ import annotations

import pytest

from .conftest import Judged


@pytest.mark.parametrize(("clause", "message"), [
    ("environment-only", "production use is not allowed"),
    ("production-ban", "production use, or use by people outside the organization, is not allowed")])
def test_the_message_names_only_what_is_banned(judged: Judged, clause: str, message: str) -> None:
    assert judged(f"test-bans/{clause}", "environment: production\nend_users: employees").message == message
