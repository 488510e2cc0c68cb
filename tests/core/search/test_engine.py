"""The contract of the search port, for every engine there is."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tongwen.core.search import headings, nodes, port
from tongwen.core.search.port import Field, FieldKind
from tongwen.core.search.tantivy_engine import TantivyEngine

SCHEMA = port.Schema(
    name="trial",
    fields=(
        Field("text", FieldKind.TEXT),
        Field("other", FieldKind.TEXT),
        Field("bag", FieldKind.BAG),
        Field("whole", FieldKind.EXACT),
        Field("kind", FieldKind.KEYWORD),
        Field("library", FieldKind.INTEGER),
        Field("year", FieldKind.INTEGER),
        Field("newest", FieldKind.RANK),
        Field("name", FieldKind.HEADING),
        Field("order", FieldKind.ORDER),
        Field("mark", FieldKind.STAMP),
    ),
    tie_break="newest",
)

ENGINES: dict[str, Callable[[Path], port.Engine]] = {
    "tantivy": lambda folder: TantivyEngine(folder, SCHEMA, look_every=0.0)
}


@pytest.fixture(params=sorted(ENGINES))
def make_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], port.Engine]:
    return lambda: ENGINES[request.param](tmp_path / "index")


@pytest.fixture
def engine(make_engine: Callable[[], port.Engine]) -> Iterator[port.Engine]:
    engine = make_engine()
    engine.create()
    yield engine
    engine.close()


def document(number: int, text: str | list[str] = "", **fields: object) -> str:
    year = fields.setdefault("year", 2000)
    assert isinstance(year, int)
    names = fields.pop("name", [])
    assert isinstance(names, list)
    order = f"{text}{number:06d}"
    return json.dumps(
        {"id": number, "text": text, "newest": (year << 40) | (2**40 - number), "order": order}
        | fields
        | headings.headings("name", names)
    )


def fill(engine: port.Engine, *documents: str) -> None:
    with engine.writer() as writer:
        for one in documents:
            writer.add(one)
        writer.commit()


def ids(engine: port.Engine, query: nodes.Node, **rest: object) -> list[int]:
    return [hit.id for hit in engine.search(port.Request(query=query, limit=100, **rest)).hits]  # type: ignore[arg-type]


def pages(engine: port.Engine, size: int, **rest: object) -> list[int]:
    found: list[int] = []
    while True:
        answer = engine.search(port.Request(offset=len(found), limit=size, **rest))  # type: ignore[arg-type]
        if not answer.hits:
            return found
        found += [hit.id for hit in answer.hits]


class TestMatching:
    @pytest.fixture(autouse=True)
    def _documents(self, engine: port.Engine) -> None:
        fill(
            engine,
            document(1, "red chamber dream", bag="a b", whole="redchamberdream", library=[1, 2]),
            document(2, ["dream of", "red mansions"], other="dream", library=[2], year=1990),
            document(3, "茶 文化", bag="茶", whole="茶文化", kind="book", year=2010),
            document(4, "chamber music", whole="chambermusic", kind="score", name=["Bach", "Bach, J. S."]),
        )

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            (nodes.Everything(), {1, 2, 3, 4}),
            (nodes.Nothing(), set()),
            (nodes.Term("text", "dream"), {1, 2}),
            (nodes.Term("bag", "茶"), {3}),
            (nodes.Term("library", 2), {1, 2}),
            (nodes.Term("name", "Bach"), {4}),
            (nodes.OneOf("kind", ("book", "score")), {3, 4}),
            (nodes.OneOf("library", ()), set()),
            (nodes.OneOf("library", (1, 7)), {1}),
            (nodes.OneOf("name", ("Bach, J. S.", "nobody")), {4}),
            (nodes.Phrase("text", ("red", "chamber")), {1}),
            (nodes.Phrase("text", ("chamber", "red")), set()),
            (nodes.Phrase("text", ("dream",)), {1, 2}),
            (nodes.Phrase("text", ()), set()),
            (nodes.Prefix("text", "cham"), {1, 4}),
            (nodes.Prefix("whole", "茶文"), {3}),
            (nodes.Near("text", "chmaber", 1), {1, 4}),
            (nodes.Near("text", "chanberr", 1), set()),
            (nodes.Near("text", "chanberr", 2), {1, 4}),
            (nodes.Prefix("whole", "redcham."), set()),
            (nodes.Range("year", 1995, 2005), {1, 4}),
            (nodes.Range("year", None, 1990), {2}),
            (nodes.Range("year"), {1, 2, 3, 4}),
            (nodes.Range("year", 2005, 1995), set()),
            (nodes.Range("year", -(10**40), 10**40), {1, 2, 3, 4}),
            (nodes.Range("year", 10**40), set()),
            (nodes.Every((nodes.Term("text", "red"), nodes.Term("text", "mansions"))), {2}),
            (nodes.Every(()), {1, 2, 3, 4}),
            (nodes.Some((nodes.Term("text", "red"), nodes.Term("text", "music"))), {1, 2, 4}),
            (nodes.Some(tuple(nodes.Term("text", word) for word in ("red", "chamber", "music")), 2), {1, 4}),
            (nodes.Best((nodes.Term("text", "music"), nodes.Term("other", "dream")), 0.01), {2, 4}),
            (nodes.Without(nodes.Term("text", "dream"), nodes.Term("text", "mansions")), {1}),
            (nodes.Without(nodes.Everything(), nodes.Term("text", "dream")), {3, 4}),
            (nodes.Prefer(nodes.Term("text", "dream"), (nodes.Term("text", "music"),)), {1, 2}),
            (nodes.Boosted(nodes.Term("text", "dream"), 2.0), {1, 2}),
            (nodes.Constant(nodes.Term("text", "dream"), 2.0), {1, 2}),
        ],
    )
    def test_finds_what_the_node_says(self, engine: port.Engine, query: nodes.Node, expected: set[int]) -> None:
        assert set(ids(engine, query)) == expected
        assert engine.search(port.Request(query=query, limit=0)).total == len(expected)
        assert engine.search(port.Request(query=nodes.bare(query), limit=0)).total == len(expected)

    def test_names_the_best_without_counting(self, engine: port.Engine) -> None:
        dreams = nodes.Prefer(nodes.Term("text", "dream"), (nodes.Term("text", "mansions"),))
        assert engine.best(dreams, 10) == (2, 1)
        assert engine.best(dreams, 1) == (2,)
        assert engine.best(nodes.Nothing(), 5) == ()
        with pytest.raises(port.QueryRefused):
            engine.best(nodes.Near("library", "two", 1), 5)

    def test_finds_no_phrase_across_two_values(self, engine: port.Engine) -> None:
        assert ids(engine, nodes.Phrase("text", ("of", "red"))) == []

    @pytest.mark.parametrize(
        "query",
        [
            nodes.Term("nowhere", "x"),
            nodes.Term("library", "two"),
            nodes.Term("text", 2),
            nodes.Phrase("bag", ("a", "b")),
            nodes.Range("text", 1, 2),
        ],
    )
    def test_refuses_what_the_schema_does_not_have(self, engine: port.Engine, query: nodes.Node) -> None:
        with pytest.raises(port.QueryRefused):
            ids(engine, query)

    def test_refuses_an_unknown_order_and_an_unknown_facet(self, engine: port.Engine) -> None:
        with pytest.raises(port.QueryRefused):
            ids(engine, nodes.Everything(), sort=port.Sort("nowhere"))
        with pytest.raises(port.QueryRefused):
            ids(engine, nodes.Everything(), facets=(port.Facet("x", "nowhere"),))


class TestOrder:
    def test_puts_the_preferred_first(self, engine: port.Engine) -> None:
        fill(engine, document(1, "tea house", year=2020), document(2, "tea", whole="tea"), document(3, "green tea"))
        better = (nodes.Constant(nodes.Term("whole", "tea"), 50.0),)
        assert ids(engine, nodes.Prefer(nodes.Term("text", "tea"), better))[0] == 2

    def test_parts_equal_scores_by_the_tie_break(self, engine: port.Engine) -> None:
        fill(engine, *(document(number, "tea", year=1900 + number % 7) for number in range(1, 60)))
        expected = sorted(range(1, 60), key=lambda number: (-(1900 + number % 7), number))
        assert ids(engine, nodes.Term("text", "tea")) == expected

    @pytest.mark.parametrize("size", [1, 7, 20])
    @pytest.mark.parametrize(
        ("query", "sort"),
        [
            (nodes.Term("text", "tea"), port.Sort()),
            (nodes.Some((nodes.Term("text", "tea"), nodes.Term("text", "cup"))), port.Sort()),
            (nodes.Everything(), port.Sort()),
            (nodes.Everything(), port.Sort("newest", descending=True)),
            (nodes.Everything(), port.Sort("order")),
        ],
    )
    def test_gives_pages_without_doubles_or_gaps(
        self, engine: port.Engine, query: nodes.Node, sort: port.Sort, size: int
    ) -> None:
        numbers = list(range(1, 231))
        random.Random(3).shuffle(numbers)
        for start in range(0, 230, 40):  # Several segments, so that the order is not that of one.
            part = numbers[start : start + 40]
            fill(engine, *(document(number, "tea cup" if number % 3 else "tea", year=2000) for number in part))
        found = pages(engine, size, query=query, sort=sort)
        assert sorted(found) == sorted(numbers)
        assert found == pages(engine, 100, query=query, sort=sort)

    def test_refuses_pages_beyond_the_deepest(self, engine: port.Engine) -> None:
        engine.search(port.Request(offset=port.DEEPEST - 20, limit=20))
        with pytest.raises(port.TooDeep):
            engine.search(port.Request(offset=port.DEEPEST - 19, limit=20))


def hall(count: int = 300) -> list[str]:
    """Return documents with many-valued facets."""
    rnd = random.Random(11)
    return [
        document(
            number,
            rnd.choice(["tea", "tea house", "house"]),
            library=sorted(rnd.sample(range(1, 13), rnd.randint(1, 4))),
            kind=rnd.sample(["book", "map", "score"], rnd.randint(0, 2)),
            year=rnd.randint(1950, 1960),
            name=[f"Author {rnd.randint(1, 40)}" for _ in range(rnd.randint(0, 3))],
        )
        for number in range(1, count + 1)
    ]


class TestFacets:
    FACETS = (
        port.Facet("library", "library", 50),
        port.Facet("kind", "kind", 50),
        port.Facet("year", "year", 50),
        port.Facet("name", "name", 20),
    )

    @pytest.mark.parametrize("query", [nodes.Everything(), nodes.Term("text", "tea")])
    @pytest.mark.parametrize("scope", [nodes.Everything(), nodes.Term("library", 3)])
    def test_counts_what_choosing_the_value_finds(
        self, engine: port.Engine, query: nodes.Node, scope: nodes.Node
    ) -> None:
        fill(engine, *hall())
        answer = engine.search(port.Request(query=query, scope=scope, facets=self.FACETS))
        values = [(name, value, count) for name in answer.facets for value, count in answer.facets[name]]
        assert len(values) > 40
        for name, value, count in values:
            narrowed = port.Filter(name, nodes.OneOf(name, (value,)))
            chosen = engine.search(port.Request(query=query, scope=scope, filters=(narrowed,), limit=0))
            assert chosen.total == count, (name, value)

    def test_counts_the_values_of_a_chosen_facet_as_if_it_were_not_chosen(self, engine: port.Engine) -> None:
        fill(engine, *hall())
        free = engine.search(port.Request(facets=self.FACETS))
        chosen = port.Filter("kind", nodes.OneOf("kind", ("map",)))
        narrowed = engine.search(port.Request(filters=(chosen,), facets=self.FACETS))
        assert narrowed.facets["kind"] == free.facets["kind"]
        assert narrowed.total == dict(free.facets["kind"])["map"] < free.total
        assert sum(count for _, count in narrowed.facets["year"]) == narrowed.total

    def test_counts_rightly_after_deletions(self, engine: port.Engine) -> None:
        fill(engine, *hall())
        with engine.writer() as writer:
            writer.delete(range(1, 151))
            writer.commit()
        answer = engine.search(
            port.Request(facets=self.FACETS, counts=(port.Count("three", nodes.Term("library", 3)),))
        )
        assert answer.counts["three"] == dict(answer.facets["library"]).get(3, 0)
        assert answer.total == 150
        for value, count in answer.facets["name"]:
            assert len(ids(engine, nodes.Term("name", value))) == count

    def test_counts_headings_exactly_across_segments(self, engine: port.Engine) -> None:
        rnd = random.Random(2)
        for start in range(0, 9000, 3000):
            names = ([f"N{int(rnd.paretovariate(0.4)) % 5000}", f"M{rnd.randint(1, 4000)}"] for _ in range(3000))
            fill(engine, *(document(start + place + 1, "tea", name=pair) for place, pair in enumerate(names)))
        answer = engine.search(port.Request(facets=(port.Facet("name", "name", 20, include=("M77", "nobody")),)))
        values = dict(answer.facets["name"])
        assert len(values) >= 21
        assert "M77" in values
        for value, count in values.items():
            assert engine.search(port.Request(query=nodes.Term("name", value), limit=0)).total == count

    def test_counts_several_scopes_at_once(self, engine: port.Engine) -> None:
        fill(engine, *hall())
        wanted = {
            "one": nodes.Term("library", 1),
            "park": nodes.OneOf("library", (1, 2, 3)),
            "old": nodes.Range("year", None, 1955),
            "all": nodes.Everything(),
        }
        counts = tuple(port.Count(name, node) for name, node in wanted.items())
        query = nodes.Term("text", "tea")
        answer = engine.search(port.Request(query=query, scope=wanted["one"], counts=counts))
        assert answer.total == answer.counts["one"]
        for name, node in wanted.items():
            assert answer.counts[name] == engine.search(port.Request(query=query, scope=node, limit=0)).total


class TestStamps:
    def test_are_read_back_by_id_within_a_range(self, engine: port.Engine) -> None:
        fill(engine, *(document(number, mark=number * 10) for number in (5, 1, 3, 900)))
        assert engine.stamps("mark", 1, 5) == [(1, 10), (3, 30), (5, 50)]
        assert engine.stamps("mark", 6, (1 << 62) - 1) == [(900, 9000)]
        assert engine.stamps("mark", 901, 950) == []

    def test_come_twice_where_the_index_has_an_id_twice(self, engine: port.Engine) -> None:
        fill(engine, document(1, mark=1), document(2, mark=2))
        fill(engine, document(2, mark=7))
        assert engine.stamps("mark", 1, 2) == [(1, 1), (2, 2), (2, 7)]

    def test_keep_52_bits_and_all_of_many(self, engine: port.Engine) -> None:
        most = (1 << 52) - 1
        fill(engine, *(document(number, mark=most - number) for number in range(1, 3001)))
        assert engine.stamps("mark", 1, 5000) == [(number, most - number) for number in range(1, 3001)]

    def test_show_what_was_committed_before(self, engine: port.Engine) -> None:
        fill(engine, document(1, mark=1))
        assert engine.stamps("mark", 1, 9) == [(1, 1)]
        with engine.writer() as writer:
            writer.replace(1, document(1, mark=2))
            writer.commit()
        assert engine.stamps("mark", 1, 9) == [(1, 2)]


class TestWriting:
    def test_replaces_and_deletes(self, engine: port.Engine) -> None:
        fill(engine, *(document(number, "tea") for number in range(1, 11)))
        with engine.writer() as writer:
            writer.replace(3, document(3, "coffee"))
            writer.replace(11, document(11, "coffee"))
            writer.delete([4, 99])
            writer.commit()
        assert engine.document_count() == 10
        assert ids(engine, nodes.Term("text", "coffee")) == [3, 11]
        assert 3 not in ids(engine, nodes.Term("text", "tea"))
        assert ids(engine, nodes.Term("id", 4)) == []

    def test_forgets_what_was_rolled_back_or_never_committed(self, engine: port.Engine) -> None:
        with engine.writer() as writer:
            writer.add(document(1, "tea"))
            writer.rollback()
            writer.add(document(2, "tea"))
            writer.commit()
            writer.add(document(3, "tea"))
        assert ids(engine, nodes.Everything()) == [2]

    @pytest.mark.parametrize("text", ['{"id": "one"}', '{"id": 1, "library": "x"}', "not json", "[]"])
    def test_goes_on_after_a_document_that_does_not_fit(self, engine: port.Engine, text: str) -> None:
        with engine.writer() as writer:
            with pytest.raises(port.DocumentRefused):
                writer.add(text)
            writer.add(document(2, "tea", library=[-5]))
            writer.commit()
        assert ids(engine, nodes.Everything()) == [2]

    def test_takes_one_writer_at_a_time(self, engine: port.Engine) -> None:
        with engine.writer(), pytest.raises(port.WriterBusy):
            engine.writer()
        engine.writer().close()

    def test_commits_by_time(self, engine: port.Engine) -> None:
        with engine.writer() as writer:
            assert not writer.commit_if_due(0.0)
            writer.add(document(1, "tea"))
            assert not writer.commit_if_due(60.0)
            assert writer.commit_if_due(0.0)
            assert not writer.commit_if_due(0.0)

    def test_is_seen_by_an_open_reader_within_a_second(self, engine: port.Engine, tmp_path: Path) -> None:
        reader = TantivyEngine(tmp_path / "index", SCHEMA)
        assert reader.document_count() == 0
        with engine.writer() as writer:
            writer.add(document(1, "tea"))
            writer.commit()
            deadline = time.monotonic() + 1.0
            while reader.document_count() == 0 and time.monotonic() < deadline:
                time.sleep(0.02)
        assert reader.document_count() == 1


class TestGenerations:
    def test_serves_the_old_one_until_the_new_one_is_switched_to(self, engine: port.Engine) -> None:
        fill(engine, document(1, "old"))
        before = engine.generation()
        with engine.build() as build:
            build.writer.add(document(1, "new"))
            build.writer.add(document(2, "new"))
            build.writer.commit()
            assert engine.document_count() == 1
            build.switch()
        assert ids(engine, nodes.Term("text", "new")) == [1, 2]
        assert engine.generation() == build.generation != before

    def test_never_fails_a_search_while_it_switches(self, engine: port.Engine) -> None:
        fill(engine, *(document(number, "tea") for number in range(1, 51)))
        stop, counts, errors = threading.Event(), set(), []

        def read() -> None:
            while not stop.is_set():
                try:
                    counts.add(engine.search(port.Request(query=nodes.Term("text", "tea"))).total)
                except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
                    errors.append(error)

        reader = threading.Thread(target=read)
        reader.start()
        for size in (60, 70, 80):
            with engine.build() as build:
                for number in range(1, size + 1):
                    build.writer.add(document(number, "tea"))
                build.switch()
            time.sleep(0.3)
        stop.set()
        reader.join()
        assert not errors
        assert counts == {50, 60, 70, 80}

    def test_keeps_the_old_one_when_a_build_is_given_up(self, engine: port.Engine) -> None:
        fill(engine, document(1, "old"))
        with engine.build() as build:
            build.writer.add(document(2, "new"))
        assert ids(engine, nodes.Everything()) == [1]
        with engine.build() as build:
            build.switch()

    def test_builds_one_at_a_time(self, engine: port.Engine) -> None:
        with engine.build(), pytest.raises(port.WriterBusy):
            engine.build()

    def test_makes_an_empty_one_only_where_there_is_none(self, make_engine: Callable[[], port.Engine]) -> None:
        engine = make_engine()
        with pytest.raises(port.IndexMissing, match="tongwen reindex"):
            engine.document_count()
        assert engine.create()
        assert not engine.create()
        assert engine.document_count() == 0
