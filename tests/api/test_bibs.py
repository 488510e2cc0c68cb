from __future__ import annotations

import json

import pytest
from django.test import Client

from .conftest import Stock  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


class TestBib:
    def test_is_described_with_its_record_and_holdings(self, program: Client, stock: Stock) -> None:
        found = program.get(f"/api/v1/bibs/{stock.shared}").json()
        assert found["description"]["title"]["value"] == "Orlando"
        assert found["description"]["names"][0]["heading"]["value"] == "Woolf, Virginia"
        assert [holding["library"] for holding in found["holdings"]] == ["L1", "L3"]
        assert found["holdings"][0]["items"][0]["call_number"] == "PR6045"
        assert {"001": "1"} in found["record"]["fields"]

    def test_keeps_local_fields_and_barcodes_to_itself(self, program: Client, stock: Stock) -> None:
        text = program.get(f"/api/v1/bibs/{stock.shared}").text
        assert "852" not in {tag for field in json.loads(text)["record"]["fields"] for tag in field}
        assert "barcode" not in text

    def test_of_a_merged_number_leads_on_while_the_merge_stands(self, program: Client, stock: Stock) -> None:
        answer = program.get(f"/api/v1/bibs/{stock.merged}")
        assert answer.status_code == 307
        assert answer["Location"] == f"/api/v1/bibs/{stock.kept}"
        assert program.get(answer["Location"]).json()["merged_numbers"] == [stock.merged]

    @pytest.mark.parametrize("number", ["999999", "0", "1" * 25])
    def test_that_is_not_there_is_a_problem_in_words(self, program: Client, stock: Stock, number: str) -> None:
        answer = program.get(f"/api/v1/bibs/{number}")
        assert answer.status_code == 404
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["instance"] == f"/api/v1/bibs/{number}"
