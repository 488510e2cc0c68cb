from __future__ import annotations

import re

import pytest
from django.test import Client

from .conftest import Stock  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


class TestReference:
    def test_names_all_that_the_description_has(self, client: Client) -> None:
        page = client.get("/api/v1/").text
        schema = client.get("/api/v1/openapi.json").json()
        for path, methods in schema["paths"].items():
            for operation in methods.values():
                assert f"GET {path}</code>" in page
                for parameter in operation["parameters"]:
                    assert f'name="{parameter["name"]}"' in page
        for name, one in schema["components"]["schemas"].items():
            assert f'id="object-{name}"' in page
            assert all(
                f"<code>{member}</code>" in page for member in (*one.get("properties", ()), *one.get("enum", ()))
            )

    def test_has_no_dead_link_within(self, client: Client) -> None:
        page = client.get("/api/v1/").text
        targets = set(re.findall(r'href="#([^"]+)"', page))
        assert len(targets) > 5
        assert targets <= set(re.findall(r'id="([^"]+)"', page))

    def test_needs_no_script_of_anybody_else(self, client: Client) -> None:
        answer = client.get("/api/v1/")
        assert "'self'" in answer["Content-Security-Policy"]
        assert all(source.startswith("/static/") for source in re.findall(r'<script[^>]* src="([^"]+)"', answer.text))
        assert "<script>" not in answer.text
        assert "style=" not in answer.text

    def test_leads_to_the_answer(self, client: Client, stock: Stock) -> None:
        answer = client.get("/api/v1/", {"operation": "get_bib", "bib_id": str(stock.shared)}, follow=True)
        assert answer.redirect_chain == [(f"/api/v1/bibs/{stock.shared}", 302)]
        assert answer.json()["id"] == stock.shared
        pair = {"first": stock.shared, "second": stock.doubtful, "language": ""}
        answer = client.get("/api/v1/", {"operation": "explain_pair", **pair}, follow=True)
        assert answer.redirect_chain == [
            (f"/api/v1/decisions/explain?first={stock.shared}&second={stock.doubtful}", 302)
        ]
        assert answer.status_code == 200

    @pytest.mark.parametrize("number", ["", "//evil.example", "../../..", "x y"])
    def test_leads_nowhere_else(self, client: Client, number: str) -> None:
        answer = client.get("/api/v1/", {"operation": "get_bib", "bib_id": number})
        assert answer["Location"].startswith("/api/v1/bibs/")
        assert "/" not in answer["Location"].removeprefix("/api/v1/bibs/")
