from __future__ import annotations

import pytest
from django.test import Client

from tongwen.web.shared import own_library

pytestmark = pytest.mark.django_db


class TestChoosing:
    def test_keeps_the_library_and_returns(self, reader: Client, lending_library: int) -> None:
        answer = reader.get("/library?code=L1&next=/login")
        assert answer["Location"] == "/login"
        assert "Demo L1" in reader.get("/login").text

    def test_forgets_the_library(self, reader: Client, lending_library: int) -> None:
        reader.get("/library?code=L1")
        reader.get("/library?code=")
        assert "Choose your library" in reader.get("/login").text

    @pytest.mark.parametrize(
        "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
    )
    def test_leads_nowhere_else(self, reader: Client, lending_library: int, target: str) -> None:
        assert reader.get("/library", {"code": "L1", "next": target})["Location"] == "/"

    def test_takes_the_link_of_a_librarys_own_site(self, reader: Client, lending_library: int, index_folder) -> None:
        assert reader.get("/?library=L1")["Location"] == "/"
        assert reader.cookies[own_library.COOKIE].value == "L1"


class TestUnknownLibrary:
    def test_is_as_if_none_was_chosen(self, reader: Client, lending_library: int) -> None:
        reader.cookies[own_library.COOKIE] = "gone"
        assert "Choose your library" in reader.get("/login").text
