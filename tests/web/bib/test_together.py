from __future__ import annotations

import re

import pytest
from django.test import Client

from factories.files import marc_file
from marc_lines import cnmarc
from tongwen.domain.catalogue import queries

pytestmark = pytest.mark.django_db


def part(number: str, designation: str, leader: str = "00000nam0 2200000   450 "):
    return cnmarc(
        f"001    {number}",
        "100    $a20080101d1982    em y0chiy50      ea",
        "101 0  $achi",
        f"200 1  $a红楼梦{designation and '$h' + designation}$f曹雪芹著",
        "210    $a北京$c人民文学出版社$d1982",
        "215    $a500页$d21cm" if designation else "215    $a3册$d21cm",
        "905    $aDEMO$dI242.4",
        leader=leader,
    )


class TestTogether:
    def test_lists_the_volumes_of_a_set_in_their_order(
        self, reader: Client, load, lending_library: int, index_folder
    ) -> None:
        from tongwen.domain.discovery import services as discovery

        order = ("第一卷", "第二卷", "第十卷")
        load(lending_library, marc_file(*(part(f"v{n}", word) for n, word in enumerate(reversed(order)))))
        load(lending_library, marc_file(part("s", "")))
        discovery.reindex()
        bibs = queries.bibs(list(range(1, 100_000)))
        whole = next(number for number, bib in bibs.items() if not bib.view.parts)
        page = reader.get(f"/bib/{whole}").text
        section = page[page.index("Belongs together") :]
        assert "Volumes of this set" in section
        assert re.findall(r"红楼梦\. (第.卷)</a>", section) == list(order)
        volume = next(number for number, bib in bibs.items() if bib.view.parts)
        assert "Belongs to the set" in reader.get(f"/bib/{volume}").text
