from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tongwen.domain.discovery.types import Search, SearchField, Sort, Tier
from tongwen.domain.members import queries as members
from tongwen.web.search import parameters

pytestmark = pytest.mark.django_db


def reread(search: Search, own=None) -> Search:
    return parameters.read(QueryDict(urlsplit(parameters.link(search, page=search.page)).query), own)


class TestReading:
    def test_takes_everything_the_page_can_ask(self, lending_library: int) -> None:
        own = members.institution(lending_library)
        query = "q= 红楼梦 &in=title&tier=city&sort=newest&page=3&language=chi&language=eng&library=L1"
        query += "&year_from=1980&year_to=1999"
        found = parameters.read(QueryDict(query), own)
        assert found == Search(
            text="红楼梦",
            field=SearchField.TITLE,
            tier=Tier.CITY,
            library=lending_library,
            filters=(("library", str(lending_library)), ("language", "chi"), ("language", "eng")),
            year_from=1980,
            year_to=1999,
            sort=Sort.NEWEST,
            page=3,
            page_size=parameters.PAGE_SIZE,
        )

    def test_takes_what_it_does_not_understand_as_absent(self) -> None:
        query = QueryDict("in=x&tier=moon&sort=%00&page=-3&year_from=abc&year_to=99999&nothing=1")
        assert parameters.read(query, None) == Search(page_size=parameters.PAGE_SIZE)

    def test_turns_years_that_stand_the_wrong_way_round(self) -> None:
        found = parameters.read(QueryDict("year_from=2005&year_to=1999"), None)
        assert (found.year_from, found.year_to) == (1999, 2005)

    def test_searches_the_nation_without_an_own_library(self) -> None:
        assert parameters.read(QueryDict("tier=city"), None).tier is Tier.NATION

    def test_finds_nothing_in_a_library_that_is_not_known(self) -> None:
        assert parameters.read(QueryDict("library=gone"), None).filters == (("library", "0"),)


class TestLinks:
    def test_begin_again_at_the_first_page(self) -> None:
        search = Search(text="x", page=7)
        assert "page" not in parse_qs(urlsplit(parameters.with_filter(search, "language", "chi")).query)

    def test_name_the_library_where_the_tier_depends_on_it(self, lending_library: int) -> None:
        search = Search(text="x", tier=Tier.CITY, library=lending_library)
        assert "at=L1" in parameters.link(search)
        assert "at=" not in parameters.link(search, tier=Tier.NATION)

    def test_take_one_value_away(self) -> None:
        search = Search(filters=(("language", "chi"), ("language", "eng")))
        assert parameters.without_filter(search, "language", "chi") == "/search?language=eng"

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
    @given(
        text=st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(str.strip),
        field=st.sampled_from(SearchField),
        sort=st.sampled_from(Sort),
        values=st.lists(
            st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8), unique=True, max_size=3
        ),
        page=st.integers(1, 500),
    )
    def test_say_the_whole_question(self, text, field, sort, values, page) -> None:
        search = Search(
            text=text,
            field=field,
            sort=sort,
            filters=tuple(("subject", value) for value in values),
            page=page,
            page_size=parameters.PAGE_SIZE,
        )
        assert reread(search) == search
