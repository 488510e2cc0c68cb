"""Every address of the portal stands in `permissions.toml`; `test_isolation` asks each as everybody."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.urls import path

from architecture import portal
from architecture.portal import TABLE, named_patterns


class TestTable:
    def test_names_every_address(self) -> None:
        nameless = [str(pattern.pattern) for pattern in named_patterns() if not pattern.name]
        assert nameless == []
        served = {pattern.name for pattern in named_patterns()}
        developers = {name for name, rule in TABLE.items() if rule["who"] == "developers"}
        assert served | developers == set(TABLE)

    def test_keeps_pages_for_developers_from_being_served(self) -> None:
        served = {pattern.name for pattern in named_patterns()}
        assert not served & {name for name, rule in TABLE.items() if rule["who"] == "developers"}

    def test_knows_six_kinds_of_people(self) -> None:
        assert {rule["who"] for rule in TABLE.values()} <= portal.KINDS

    def test_would_miss_an_address_in_a_nested_configuration(self) -> None:
        nested = path("more/", ([path("secret", lambda _request: HttpResponse(), name="secret")], "", ""))
        assert [pattern.name for pattern in named_patterns(nested)] == ["secret"]

    @pytest.mark.parametrize("name", sorted(TABLE))
    def test_agrees_with_what_the_page_asks_for(self, name: str) -> None:
        """Pages of staff ask for a right; pages for all, and for whoever has logged in, ask for none."""
        who = TABLE[name]["who"]
        if who != "developers":
            assert bool(portal.permissions(name)) == (who in ("staff", "owner", "holder"))
