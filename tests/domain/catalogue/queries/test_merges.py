from __future__ import annotations

import pytest

from factories.files import book, chinese_book, marc_file
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db


def bib_of(title: str) -> int:
    found = queries.bibs(list(range(1, 100_000)))
    return next(number for number, bib in found.items() if bib.view.title.value == title)


@pytest.fixture
def pair(load, lending_library: int, distant_library: int) -> tuple[int, int]:
    load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600", more=("520    $aA biography.",))))
    load(distant_library, marc_file(book("x1", "Flush", year="1933", more=("650  0 $aDogs.",))))
    return bib_of("Orlando"), bib_of("Flush")


class TestMergePreview:
    @pytest.mark.parametrize("turned", [False, True])
    def test_shows_the_very_record_that_the_merge_writes(self, pair: tuple[int, int], turned: bool) -> None:
        kept, merged = reversed(pair) if turned else pair
        found = queries.merge_preview(kept, merged)
        assert found.base_is_merged is turned
        services.merge_bibs_as_operator(kept_id=kept, merged_id=merged, actor="operator")
        from tongwen.standards.marc import holdings

        bib = queries.bib(kept)
        assert [part.field for part in found.parts] == list(holdings.without_local(bib.record, bib.format).fields)

    def test_of_two_formats_mixes_nothing(self, pair: tuple[int, int], load, lending_library: int) -> None:
        load(lending_library, marc_file(chinese_book("c1", "红楼梦")))
        found = queries.merge_preview(bib_of("红楼梦"), pair[0])
        assert not found.mixed
        assert not any(part.in_merged for part in found.parts) or not any(part.in_kept for part in found.parts)

    def test_of_what_cannot_be_merged_is_refused(self, pair: tuple[int, int]) -> None:
        with pytest.raises(types.NotAllowedNow, match="itself"):
            queries.merge_preview(pair[0], pair[0])
        with pytest.raises(types.UnknownBib):
            queries.merge_preview(pair[0], 999_999)
        services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="operator")
        with pytest.raises(types.NotAllowedNow, match=f"merged into {pair[0]}"):
            queries.merge_preview(pair[0], pair[1])


class TestUnmergePreview:
    def test_says_what_the_unmerge_then_does(self, pair: tuple[int, int], distant_library: int) -> None:
        number = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="operator")
        before = queries.bib(pair[0]).record
        found = queries.unmerge_preview(number)
        tags = services.unmerge_bibs_as_operator(merge_id=number, actor="operator")
        after = queries.bib(pair[0]).record
        assert found.institution_ids == (distant_library,)
        assert set(found.leaving) == set(before.fields) - set(after.fields)
        assert set(found.coming_back) == set(after.fields) - set(before.fields)
        assert found.tags == tags

    def test_of_an_undone_merge_is_refused(self, pair: tuple[int, int]) -> None:
        number = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="operator")
        services.unmerge_bibs_as_operator(merge_id=number, actor="operator")
        with pytest.raises(types.NotAllowedNow, match="undone already"):
            queries.unmerge_preview(number)
        with pytest.raises(types.UnknownMerge):
            queries.unmerge_preview(number + 1)


class TestMerges:
    def test_of_a_chain_are_all_behind_the_last_bib(self, pair: tuple[int, int], load, lending_library: int) -> None:
        load(lending_library, marc_file(book("9", "The years", year="1937")))
        last = bib_of("The years")
        inner = services.merge_bibs_as_operator(kept_id=pair[0], merged_id=pair[1], actor="operator")
        outer = services.merge_bibs_as_operator(kept_id=last, merged_id=pair[0], actor="operator")
        assert [one.id for one in queries.merges(last)] == [outer, inner]
        assert queries.bibs_below(last) == (last, *sorted(pair))
        services.unmerge_bibs_as_operator(merge_id=outer, actor="operator")
        assert [one.id for one in queries.merges(last)] == []
        assert [one.id for one in queries.merges(pair[0])] == [inner]
        assert [one.id for one in queries.undone_merges(pair[0])] == [outer]
