from __future__ import annotations

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(load, lending_library: int, distant_library: int) -> tuple[int, int]:
    load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600")))
    load(distant_library, marc_file(book("x1", "Flush", year="1933", more=("650  0 $aDogs.",))))
    first, second = sorted(queries.bibs(list(range(1, 100_000))))
    return first, second


def merge(pair: tuple[int, int]) -> int:
    return services.merge_bibs(kept_id=pair[0], merged_id=pair[1], actor="cataloguer")


class TestHolderOfOneBib:
    @pytest.mark.parametrize("library", ["lending_library", "distant_library"])
    def test_may_merge_and_take_it_back(
        self, library: str, pair: tuple[int, int], request: pytest.FixtureRequest
    ) -> None:
        with tenancy.scope(request.getfixturevalue(library)):
            number = merge(pair)
            services.unmerge_bibs(merge_id=number, actor="cataloguer")
        assert queries.merges(pair[0]) == ()

    def test_may_restore_a_version_of_its_own_bib_only(self, pair: tuple[int, int], lending_library: int) -> None:
        with tenancy.scope(lending_library):
            assert services.restore_version(bib_id=pair[0], version=1, seen=1, actor="cataloguer") == 1
            with pytest.raises(types.NotPermitted):
                services.restore_version(bib_id=pair[1], version=1, seen=1, actor="cataloguer")


class TestHolderOfNeither:
    def test_is_refused_in_words(self, pair: tuple[int, int], neighbouring_library: int) -> None:
        with tenancy.scope(neighbouring_library), pytest.raises(types.NotPermitted, match="only libraries that hold"):
            merge(pair)

    def test_cannot_take_a_merge_back(
        self, pair: tuple[int, int], lending_library: int, neighbouring_library: int
    ) -> None:
        with tenancy.scope(lending_library):
            number = merge(pair)
        with tenancy.scope(neighbouring_library), pytest.raises(types.NotPermitted):
            services.unmerge_bibs(merge_id=number, actor="cataloguer")
        assert len(queries.merges(pair[0])) == 1


class TestNobodysScope:
    def test_is_no_right(self, pair: tuple[int, int]) -> None:
        with tenancy.scope(None), pytest.raises(tenancy.NoScope):
            merge(pair)
