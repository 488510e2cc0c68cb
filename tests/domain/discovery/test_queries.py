"""Search through the public door, on a real index, with a catalogue and members that live in memory."""

from __future__ import annotations

import datetime as dt
import itertools

import pytest

from tongwen.core.search import port
from tongwen.core.search.tantivy_engine import TantivyEngine
from tongwen.domain.catalogue import types as catalogue
from tongwen.domain.discovery import queries, types
from tongwen.domain.discovery.rules import document, schema
from tongwen.domain.discovery.types import Search, SearchField, Sort, Tier
from tongwen.domain.members import types as members
from tongwen.standards.marc import types as marc

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PLACES = {1: ("320100", "320000"), 2: ("320100", "320000"), 3: ("320200", "320000"), 4: ("330100", "330000")}
WORDS = ("tea", "茶", "history", "历史", "music", "garden")


def institution(number: int) -> members.Institution:
    if number not in PLACES:
        raise members.UnknownInstitution(number)
    city, province = PLACES[number]
    name = f"Library {number}"
    return members.Institution(
        number, f"L{number}", name, name, name, members.InstitutionType.UNIVERSITY, province, city
    )


def bib(number: int) -> catalogue.Bib:
    word = WORDS[number % len(WORDS)]
    view = marc.DisplayView(
        marc.Format.MARC21,
        title=marc.Text(f"{word} {number % 5}"),
        names=(marc.Name(marc.Text(f"Author {number % 9}")),),
        subjects=(marc.Subject((word, f"part {number % 3}")),),
        year=1970 + number % 40 if number % 11 else None,
        languages=("chi",) if number % 2 else ("eng",),
        classifications=(marc.Classification("ddc", f"{number % 10}10"),),
        material=marc.Material.TEXT if number % 7 else marc.Material.MAP,
        level=marc.Level.MONOGRAPH,
    )
    return catalogue.Bib(
        id=number,
        format=marc.Format.MARC21,
        version=1,
        raw=b"",
        charset=marc.Charset.UTF_8,
        record=marc.Record("", ()),
        view=view,
        created_at=NOW,
        updated_at=NOW,
    )


BIBS = {number: bib(number) for number in range(1, 241)}
HELD = {number: tuple(sorted({1 + number % 4, 1 + number // 3 % 4, 4 - number % 3})) for number in BIBS}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> TantivyEngine:
    engine = TantivyEngine(tmp_path_factory.mktemp("index"), schema.SCHEMA)
    engine.create()
    with engine.writer() as writer:
        for number, one in BIBS.items():
            places = [PLACES[library] for library in HELD[number]]
            held = document.holding_fields(
                institution_ids=HELD[number],
                cities=[city for city, _ in places],
                provinces=[province for _, province in places],
            )
            packed = document.pack(document.bib_fields(one.view))
            writer.add(document.document(number, packed, document.held(held)))
        writer.commit()
    return TantivyEngine(engine._folders.folder, schema.SCHEMA)


@pytest.fixture(autouse=True)
def _memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def within(place: int) -> object:
        return lambda code: tuple(number for number, places in PLACES.items() if places[place] == code)

    monkeypatch.setattr(queries.members, "institution", institution)
    monkeypatch.setattr(queries.members, "institution_ids_in_city", within(0))
    monkeypatch.setattr(queries.members, "institution_ids_in_province", within(1))
    monkeypatch.setattr(
        queries.catalogue, "bibs", lambda ids: {number: BIBS[number] for number in ids if number in BIBS}
    )
    monkeypatch.setattr(queries.catalogue, "library_ids", lambda ids: {number: HELD[number] for number in ids})


def search(engine: port.Engine, **asked: object) -> types.Results:
    return queries.search(Search(**asked), engine=engine)  # type: ignore[arg-type]


class TestTiers:
    def test_are_counted_exactly_for_one_question(self, engine: port.Engine) -> None:
        for text, tier in itertools.product(("", "tea", "历史"), Tier):
            found = search(engine, text=text, tier=tier, library=2)
            assert set(found.tiers) == set(Tier)
            assert found.total == found.tiers[tier]
        everything = search(engine, library=2).tiers
        assert everything[Tier.LIBRARY] == sum(2 in held for held in HELD.values())
        assert everything[Tier.CITY] == sum(bool({1, 2} & set(held)) for held in HELD.values())
        assert everything[Tier.PROVINCE] == sum(bool({1, 2, 3} & set(held)) for held in HELD.values())
        assert everything[Tier.NATION] == len(BIBS)

    def test_are_only_the_nation_without_an_own_library(self, engine: port.Engine) -> None:
        assert search(engine, text="tea").tiers == {Tier.NATION: 40}
        with pytest.raises(types.SearchProblem, match="city"):
            search(engine, text="tea", tier=Tier.CITY)

    def test_need_a_library_that_is_a_member(self, engine: port.Engine) -> None:
        with pytest.raises(members.UnknownInstitution):
            search(engine, text="tea", library=99)


class TestHits:
    def test_say_where_the_book_is(self, engine: port.Engine) -> None:
        for hit in search(engine, text="tea", library=2, page_size=100).hits:
            held = set(HELD[hit.bib.id])
            assert hit.library_ids == HELD[hit.bib.id]
            assert hit.held_here == (2 in held)
            assert (hit.in_city, hit.in_province, hit.in_nation) == (
                len(held & {1, 2}),
                len(held & {1, 2, 3}),
                len(held),
            )

    def test_leave_out_a_bib_that_is_gone_since_the_last_commit(
        self, engine: port.Engine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(queries.catalogue, "bibs", lambda _: {})
        assert search(engine, text="tea").hits == ()

    @pytest.mark.parametrize("sort", Sort)
    def test_come_once_over_all_pages(self, engine: port.Engine, sort: Sort) -> None:
        found: list[int] = []
        for page in range(1, 14):
            found += [hit.bib.id for hit in search(engine, sort=sort, page=page).hits]
        assert sorted(found) == sorted(BIBS)

    def test_come_by_year_in_both_directions_with_the_undated_last(self, engine: port.Engine) -> None:
        newest = [hit.bib.view.year for hit in search(engine, sort=Sort.NEWEST, page_size=200).hits]
        oldest = [hit.bib.view.year for hit in search(engine, sort=Sort.OLDEST, page_size=200).hits]
        assert newest[0] == 2009
        assert oldest[0] == 1970
        dated = [year for year in newest if year is not None]
        assert dated == sorted(dated, reverse=True)
        last = search(engine, sort=Sort.OLDEST, page_size=40, page=6).hits
        assert all(hit.bib.view.year is None for hit in last[-20:])


class TestFacets:
    @pytest.mark.parametrize(
        "asked",
        [
            {},
            {"text": "tea"},
            {"text": "历史", "library": 2, "tier": Tier.CITY},
            {"filters": (("type", "book"), ("year", "1980s"))},
            {"filters": (("author", "Author 3"), ("author", "Author 4"), ("language", "chi"))},
            {"year_from": 1975, "year_to": 1990},
        ],
    )
    def test_count_what_choosing_the_value_finds(self, engine: port.Engine, asked: dict[str, object]) -> None:
        found = search(engine, **asked)
        assert tuple(found.facets) == types.FACETS
        checked = 0
        for facet, values in found.facets.items():
            others = tuple(pair for pair in asked.get("filters", ()) if pair[0] != facet)  # type: ignore[attr-defined]
            for value, count, chosen in values:
                assert chosen == ((facet, value) in asked.get("filters", ()))  # type: ignore[operator]
                narrowed = search(engine, **{**asked, "filters": (*others, (facet, value))})
                assert narrowed.total == count, (facet, value)
                checked += 1
        assert checked > 10

    def test_take_values_of_one_facet_as_alternatives(self, engine: port.Engine) -> None:
        one, other = (search(engine, filters=(("author", f"Author {number}"),)).total for number in (3, 4))
        both = search(engine, filters=(("author", "Author 3"), ("author", "Author 4"))).total
        assert both == one + other > 0

    def test_find_a_whole_heading_and_its_main_part(self, engine: port.Engine) -> None:
        whole = search(engine, filters=(("subject", "tea -- part 0"),)).total
        part = search(engine, filters=(("subject", "tea"),)).total
        assert 0 < whole < part or part == whole == 40

    def test_take_a_single_year(self, engine: port.Engine) -> None:
        found = search(engine, filters=(("year", "1984"),))
        assert {hit.bib.view.year for hit in found.hits} == {1984}
        assert ("1984", found.total, True) in found.facets["year"]


class TestProblems:
    @pytest.mark.parametrize(
        ("asked", "code"),
        [
            ({"text": "x" * 10_000}, "too-long"),
            ({"text": "!?"}, "nothing-to-search"),
            ({"filters": (("colour", "red"),)}, "unknown-facet"),
            ({"page": 0}, "bad-page"),
            ({"page_size": 0}, "bad-page"),
            ({"page_size": 100_000}, "bad-page"),
            ({"page": 501}, "too-deep"),
        ],
    )
    def test_are_named(self, engine: port.Engine, asked: dict[str, object], code: str) -> None:
        with pytest.raises(types.SearchProblem) as caught:
            search(engine, **asked)
        assert caught.value.code == code

    def test_are_noted_where_the_question_can_be_answered(self, engine: port.Engine) -> None:
        assert search(engine, text='"tea').notes == ("quotes-unbalanced",)
        assert search(engine, text="te\ud800a").notes == ("characters-dropped",)

    def test_years_beyond_all_bounds_find_nothing_or_everything(self, engine: port.Engine) -> None:
        assert search(engine, year_from=10**30).total == 0
        assert search(engine, year_to=-(10**30)).total == 0
        assert search(engine, year_from=2000, year_to=1990).total == 0

    def test_any_field_may_be_asked(self, engine: port.Engine) -> None:
        for field in SearchField:
            assert search(engine, text="tea", field=field).total >= 0
