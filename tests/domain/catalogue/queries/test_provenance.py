from __future__ import annotations

import pytest

from factories.files import book, marc_file
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, services, types

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared(load, lending_library: int, distant_library: int) -> int:
    """A bib that two libraries hold with records that differ in their subject."""
    isbn = "9780156701600"
    load(lending_library, marc_file(book("1", "Orlando", isbn=isbn, more=("650  0 $aBiography.",))))
    load(distant_library, marc_file(book("x1", "Orlando", isbn=isbn, more=("650  0 $aSatire.",))))
    (number,) = queries.bibs(list(range(1, 100_000)))
    return number


def origins(bib_id: int) -> dict[str, queries.Origin]:
    return {f"{one.field.tag} {one.field.first('a')}".strip(): one for one in queries.provenance(bib_id)}


class TestProvenance:
    def test_names_all_libraries_that_have_the_very_field(
        self, shared: int, lending_library: int, distant_library: int
    ) -> None:
        found = origins(shared)
        assert found["020 9780156701600"].institution_ids == tuple(sorted((lending_library, distant_library)))
        assert found["650 Biography."].institution_ids == (lending_library,)
        assert "852" not in {tag.split()[0] for tag in found}

    def test_knows_which_library_a_merged_field_is_of(
        self, shared: int, load, distant_library: int, lending_library: int
    ) -> None:
        """Two holdings of one library at one bib count both, not the newest alone."""
        load(distant_library, marc_file(book("x2", "Flush", year="1933", more=("650  0 $aDogs.",))))
        services.merge_bibs_as_operator(kept_id=shared, merged_id=max(queries.bibs(range(1, 100_000))), actor="x")
        assert origins(shared)["650 Dogs."].institution_ids == (distant_library,)

    def test_names_the_version_in_which_a_field_came_by_hand(self, shared: int) -> None:
        for number in (0, 4):
            bib = queries.bib(shared)
            note = book("n", "x", more=(f"50{number}    $aBy hand.",)).tagged(f"50{number}")
            record = bib.record._replace(fields=(*bib.record.fields, *note))
            services.edit_bib(bib_id=shared, version=bib.version, record=record, actor=f"editor {number}")
        found = origins(shared)
        for number, version in ((0, 2), (4, 3)):
            came = found[f"50{number} By hand."]
            assert came.institution_ids == ()
            assert came.version is not None
            assert (came.version.number, came.version.reason, came.version.actor) == (
                version,
                "edited",
                f"editor {number}",
            )

    def test_remembers_the_library_whose_holding_has_gone(
        self, load, lending_library: int, distant_library: int
    ) -> None:
        first = load(lending_library, marc_file(book("1", "Orlando", isbn="9780156701600", more=("650  0 $aLives.",))))
        load(distant_library, marc_file(book("x1", "Orlando", isbn="9780156701600")))
        (number,) = queries.bibs(list(range(1, 100_000)))
        with tenancy.scope(lending_library):
            services.revert_batch_now(batch_id=first.id, actor="cataloguer")
        came = origins(number)["650 Lives."]
        assert came.institution_ids == ()
        assert came.version is not None
        assert came.version.institution_id == lending_library


class TestVersions:
    def test_are_told_with_the_library_whose_load_wrote_them(self, shared: int, lending_library: int) -> None:
        (version,) = queries.versions(shared)
        assert (version.number, version.reason, version.institution_id) == (1, "loaded", lending_library)

    def test_of_an_unknown_bib_are_refused(self, shared: int) -> None:
        with pytest.raises(types.UnknownBib):
            queries.versions(shared + 1)
        with pytest.raises(types.UnknownVersion):
            queries.version_changes(shared, 1, 2)
