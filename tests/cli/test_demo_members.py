"""What the demo enters of its libraries."""

from __future__ import annotations

import tomllib

import pytest
from django.conf import settings

from tongwen.cli import demo
from tongwen.core import clock
from tongwen.domain.members import queries, types


@pytest.mark.django_db
class TestDemo:
    def test_enters_everything_once_however_often_it_is_begun(self) -> None:
        tables = tomllib.loads((settings.PROJECT / "samples" / "libraries.toml").read_text(encoding="utf-8"))
        for _ in range(2):
            demo._enter(tables, "a-demo-password-0815")
        library = queries.institution_by_code("D01")
        assert library.look.colour == "#7a1f2b"
        assert library.welcome.text("en").startswith("Welcome")
        assert queries.institution_of_address("192.0.2.7") == library.id
        assert queries.institution_of_address("2001:db8:5::1") == queries.institution_by_code("D05").id
        assert len(queries.calendar(library.id)) == 3
        assert queries.is_service_open(library.id, types.Service.ILL, clock.today())
        assert queries.applications(provinces={"320000"})[1] == 1
