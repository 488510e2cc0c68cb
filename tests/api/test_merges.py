from __future__ import annotations

import pytest
from django.test import Client

from tongwen.domain.catalogue import services

from .conftest import Stock  # type: ignore[import-not-found]

pytestmark = pytest.mark.django_db


class TestMerges:
    def test_that_stand_behind_a_bib_are_listed(self, program: Client, stock: Stock) -> None:
        (found,) = program.get(f"/api/v1/bibs/{stock.kept}/merges").json()
        assert (found["id"], found["kept"], found["merged"]) == (stock.merge, stock.kept, stock.merged)
        assert found["merged_title"] == "The years"
        assert found["undone_at"] is None

    def test_that_were_taken_back_are_told_under_both_numbers(self, program: Client, stock: Stock) -> None:
        services.unmerge_bibs_as_operator(merge_id=stock.merge, actor="operator")
        for number in (stock.kept, stock.merged):
            (found,) = program.get(f"/api/v1/bibs/{number}/merges").json()
            assert found["undone_at"] is not None

    def test_name_nobody(self, program: Client, stock: Stock) -> None:
        assert "operator" not in program.get(f"/api/v1/bibs/{stock.kept}/merges").text
