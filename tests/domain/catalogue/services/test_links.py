from __future__ import annotations

import pytest

from factories.files import marc_file
from marc_lines import cnmarc, record
from tongwen.core import tenancy
from tongwen.domain.catalogue import queries, types

pytestmark = pytest.mark.django_db

SERIAL_LEADER = "00000nas a2200000 a 4500"
CNMARC_SET_LEADER = "00000nam0 2200000   450 "


def serial(number: str, title: str, issn: str, *more: str):
    return record(
        f"001    {number}",
        "008    700101c19709999enkqr p       0   a0eng d",
        f"022    $a{issn}",
        f"245 00 $a{title}.",
        "260    $aLondon :$bDemo Society,$c1970-",
        *more,
        "852    $bSerials",
        leader=SERIAL_LEADER,
    )


def volume(number: str, part: str, *more: str):
    return cnmarc(
        f"001    {number}",
        "100    $a20080101d1982    em y0chiy50      ea",
        "101 0  $achi",
        f"200 1  $a红楼梦$h{part}$f曹雪芹著",
        "210    $a北京$c人民文学出版社$d1982",
        "215    $a500页$d21cm",
        *more,
        "905    $aDEMO$dI242.4",
    )


def whole_set(number: str):
    return cnmarc(
        f"001    {number}",
        "100    $a20080101d1982    em y0chiy50      ea",
        "101 0  $achi",
        "200 1  $a红楼梦$f曹雪芹著",
        "210    $a北京$c人民文学出版社$d1982",
        "215    $a3册$d21cm",
        "905    $aDEMO$dI242.4",
        leader=CNMARC_SET_LEADER,
    )


def bibs_by_number(library: int, batch: types.Batch) -> dict[str, int]:
    with tenancy.scope(library):
        found = [
            one
            for outcome in (types.Outcome.NEW, types.Outcome.REVIEW)
            for one in queries.batch_bibs(batch.id, outcome)[0]
        ]
    return {one.control_number: one.bib_id for one in found}


def relations(bib_id: int) -> dict[int, str]:
    return {one.bib_id: one.relation.value for one in queries.linked_bibs(bib_id)}


class TestTitleHistory:
    def test_is_found_from_both_sides_whichever_record_came_first(self, lending_library: int, load) -> None:
        old = serial("1", "Quarterly of demonstration", "0000-0019", "785 00 $tDemonstration today$x0000-0027")
        new = serial("2", "Demonstration today", "0000-0027")
        ids = bibs_by_number(lending_library, load(lending_library, marc_file(old, new)))
        assert relations(ids["1"]) == {ids["2"]: "later"}
        assert relations(ids["2"]) == {ids["1"]: "earlier"}


class TestSet:
    def test_knows_its_volumes_and_they_know_it(self, lending_library: int, load) -> None:
        file = marc_file(volume("v1", "上册"), whole_set("s"), volume("v2", "下册"))
        ids = bibs_by_number(lending_library, load(lending_library, file))
        assert relations(ids["s"]) == {ids["v1"]: "volume", ids["v2"]: "volume"}
        assert relations(ids["v1"]) == {ids["s"]: "set"}

    def test_of_another_publisher_is_not_linked(self, lending_library: int, load) -> None:
        other = whole_set("s")._replace(
            fields=tuple(
                field._replace(subfields=(field.subfields[0], ("c", "岳麓书社"))) if field.tag == "210" else field
                for field in whole_set("s").fields
            )
        )
        ids = bibs_by_number(lending_library, load(lending_library, marc_file(volume("v1", "上册"), other)))
        assert relations(ids["v1"]) == {}


class TestLinks:
    def test_leave_with_a_withdrawn_bib(self, lending_library: int, load) -> None:
        from tongwen.domain.catalogue import services

        one = load(lending_library, marc_file(volume("v1", "上册")))
        two = load(lending_library, marc_file(whole_set("s")))
        ids = bibs_by_number(lending_library, one)
        with tenancy.scope(lending_library):
            services.revert_batch_now(batch_id=two.id, actor="cataloguer")
        assert relations(ids["v1"]) == {}

    def test_are_again_those_of_the_record_that_a_revert_brings_back(self, lending_library: int, load) -> None:
        from tongwen.domain.catalogue import services

        new = serial("2", "Demonstration today", "0000-0027")
        before, more = serial("1", "Quarterly of demonstration", "0000-0019"), "785 00 $tDemonstration today$x0000-0027"
        ids = bibs_by_number(lending_library, load(lending_library, marc_file(before, new)))
        linked = serial("1", "Quarterly of demonstration", "0000-0019", more)
        two = load(lending_library, marc_file(linked, new))
        assert relations(ids["2"]) == {ids["1"]: "earlier"}
        with tenancy.scope(lending_library):
            services.revert_batch_now(batch_id=two.id, actor="cataloguer")
        assert relations(ids["2"]) == {}
