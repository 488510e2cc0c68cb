from __future__ import annotations

import pytest
from django.test import Client

from .conftest import Stock  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


class TestDecisions:
    def test_are_listed_with_features_and_words(self, program: Client, stock: Stock) -> None:
        newest, joined = program.get(f"/api/v1/bibs/{stock.shared}/decisions").json()
        assert (newest["bib"], newest["candidate"], newest["band"]) == (stock.doubtful, stock.shared, "review")
        assert newest["words"][0].endswith("a person must decide")
        assert {"isbn", "title", "authors"} <= {feature["name"] for feature in newest["features"]}
        assert (joined["bib"], joined["candidate"], joined["band"]) == (stock.shared, stock.shared, "automatic")

    def test_of_a_merged_bib_are_found_under_both_numbers(self, program: Client, stock: Stock) -> None:
        before = program.get(f"/api/v1/bibs/{stock.doubtful}/decisions").json()
        from tongwen.domain.catalogue import services

        services.merge_bibs_as_operator(kept_id=stock.kept, merged_id=stock.doubtful, actor="operator")
        assert program.get(f"/api/v1/bibs/{stock.doubtful}/decisions").json() == before
        assert program.get(f"/api/v1/bibs/{stock.kept}/decisions").json()[: len(before)] == before

    def test_of_an_unknown_bib_are_a_problem(self, program: Client) -> None:
        assert program.get("/api/v1/bibs/999999/decisions").status_code == 404


class TestExplain:
    def ask(self, program: Client, stock: Stock, words: str = "", **headers: str):
        return program.get(
            f"/api/v1/decisions/explain?first={stock.doubtful}&second={stock.shared}{words}", headers=headers
        )

    def test_compares_any_two_bibs_by_todays_rules(self, program: Client, stock: Stock) -> None:
        found = self.ask(program, stock).json()
        assert found["band"] == "review"
        assert found["said_different"] is False
        assert found["cause"]

    def test_speaks_the_language_that_is_asked_for(self, program: Client, stock: Stock) -> None:
        answer = self.ask(program, stock, "&language=zh-hans")
        assert "人工" in answer.json()["words"][0]
        assert "ISBN 相同" in self.ask(program, stock, **{"Accept-Language": "zh-CN"}).json()["words"][0]

    def test_prefers_the_parameter_to_the_header(self, program: Client, stock: Stock) -> None:
        answer = self.ask(program, stock, "&language=en", **{"Accept-Language": "zh-TW"})
        assert "a person must decide" in answer.json()["words"][0]
        assert answer["Content-Language"] == "en"

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("?first=1", "second"),
            ("?first=x&second=2", "first"),
            ("?first=1&second=2&language=fr", "language"),
            (f"?first=1&second={10**20}", "second"),
        ],
    )
    def test_names_the_parameter_that_is_wrong(self, program: Client, query: str, parameter: str) -> None:
        answer = program.get(f"/api/v1/decisions/explain{query}")
        assert answer.status_code == 422
        assert answer["Content-Type"] == "application/problem+json"
        assert [one["parameter"] for one in answer.json()["errors"]] == [parameter]
