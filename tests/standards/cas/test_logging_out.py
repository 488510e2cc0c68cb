from __future__ import annotations

import datetime as dt

import pytest

from tongwen.standards import cas


class TestLogoutRequest:
    def test_names_the_ticket(self) -> None:
        at = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
        request = cas.logout_request(identifier="LR-1", at=at, ticket="ST-1-abc")
        assert cas.logout_ticket(request) == "ST-1-abc"
        assert 'IssueInstant="2026-03-01T00:00:00Z"' in request

    @pytest.mark.parametrize("content", ["", "<a/>", "x" * 70_000])
    def test_is_refused_where_it_names_none(self, content: str) -> None:
        with pytest.raises(cas.Malformed):
            cas.logout_ticket(content)
