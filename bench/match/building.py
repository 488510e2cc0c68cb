"""Build the labelled set: made pairs, natural pairs, and pairs of the samples; the same sources give the same set."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from bench.match import by_eye, edits, gathering, into_cnmarc, otherness, practices, sampled
from bench.match.gathering import Real
from bench.match.labelled import Pair, Side, divided
from tongwen.domain.catalogue.rules import keys
from tongwen.standards.marc import iso2709, views
from tongwen.standards.marc import types as marc

PER_KIND = 250
_POOL = 60
"""One record in so many is a base of made pairs (and every one in an East Asian script, and every rare kind)."""
_BY_CONSTRUCTION = "identity by construction: both describe the book of one real record"
_OTHER_BY_CONSTRUCTION = "by construction: one statement of a real record changed to another publication's"
_BY_LCCN = "distinct LCCN and a differing statement"
_COMMONEST = 60
_AGENCY = "XX-Bench"


class Pool(NamedTuple):
    """What of the Library of Congress file is used: bases by kind of record, and records that share a key."""

    bases: dict[str, list[Real]]
    natural: list[tuple[Real, Real]]


def build(loc: Path) -> list[Pair]:
    """Return the whole set, divided into its two parts."""
    pool = gather(loc)
    made = itertools.chain(
        _same(pool.bases), _across_formats(pool.bases), _across_charsets(pool.bases), _others(pool.bases)
    )
    natural = itertools.chain(_natural(pool.natural), _seen(pool.natural))
    others = itertools.chain(_consortium(), _serials(), sampled.pairs(gathering.SAMPLES))
    return divided(itertools.chain(made, natural, others))


def gather(loc: Path) -> Pool:
    """Read the file twice: for its keys, then for the records that are wanted."""
    by_key: dict[int, list[str]] = defaultdict(list)
    bases: dict[str, list[Real]] = defaultdict(list)
    for real in gathering.library_of_congress(loc):
        for key in keys.keys(views.match_view(real.record, real.format)):
            by_key[keys.hashed(key)].append(real.id)
        for group in _groups(real):
            bases[group].append(real)
    together = {
        pair
        for ids in by_key.values()
        if 1 < len(ids) <= _COMMONEST
        for pair in itertools.combinations(sorted(set(ids)), 2)
    }
    wanted = {name for pair in together for name in pair}
    found = {real.id: real for real in gathering.library_of_congress(loc) if real.id in wanted}
    return Pool(dict(bases), [(found[one], found[two]) for one, two in sorted(together)])


def _groups(real: Real) -> Iterator[str]:
    """Name the pools that a record belongs to."""
    record = real.record
    if any(edits.linked_tag(field) == "245" for field in record.fields) and edits.draw(real.id, 4) == 0:
        yield "script"
    if edits.first(record, "245", "n") and edits.draw(real.id, 4) == 0:
        yield "volumes"
    if record.tagged("111") and edits.draw(real.id, 4) == 0:
        yield "conference"
    if record.tagged("502") and edits.draw(real.id, 4) == 0:
        yield "thesis"
    if re.search(r"(?:19|20)\d\d", edits.first(record, "245", "a")) and edits.draw(real.id, 8) == 0:
        yield "dated"
    year = record.control("008")[7:11]
    if year.isdigit() and int(year) < 1912:
        yield "rare"
    if re.match(r"\W*[2-9]\s*v\.", edits.first(record, "300", "a")):
        yield "sets"
    if edits.draw(real.id, _POOL) == 0:
        yield "any"


_GROUP = {
    "volume, numbered otherwise": "volumes", "next volume": "volumes", "part of another name": "volumes",
    "romanised beside original script": "script", "romanised beside original script, no identifier": "script",
    "traditional beside simplified": "script", "traditional beside simplified, no identifier": "script",
    "set beside one volume": "sets", "yearbook or report of the next year": "dated",
    "conference of the next year": "conference",
}  # fmt: skip
_OF_SPECIAL = ("copied record", "house style, ISBN", "house style, no identifier", "brief, no identifier")
_SPECIAL = {"conference": "conference", "thesis": "thesis", "rare": "printed before 1912", "sets": "set",
            "dated": "dated title", "script": "record with original script"}  # fmt: skip


def _chosen(bases: Iterable[Real], kind: str) -> list[Real]:
    """Return bases in an order of their own for each kind, so that kinds do not share all their books."""
    return sorted(bases, key=lambda real: edits.draw(f"{kind} {real.id}", 1 << 60))


def _same(bases: dict[str, list[Real]]) -> Iterator[Pair]:
    for kind, practice in practices.PRACTICES.items():
        yield from _made(bases[_GROUP.get(kind, "any")], kind, practice, _BY_CONSTRUCTION, same=True, limit=PER_KIND)
    for group, words in _SPECIAL.items():
        for kind in _OF_SPECIAL:
            name = f"{words}: {kind}"
            practice = practices.PRACTICES[kind]
            yield from _made(bases[group], name, practice, _BY_CONSTRUCTION, same=True, limit=PER_KIND // 4)
    yield from _two_bindings(bases["any"])


def _made(
    bases: list[Real], kind: str, practice: practices.Practice, label: str, *, same: bool, limit: int
) -> Iterator[Pair]:
    count = 0
    for real in _chosen(bases, kind):
        made = practice(real.record, f"{kind} {real.id}")
        if made is None or not edits.first(made, "245", "a"):
            continue
        left = edits.unidentified(real.record) if kind.endswith("no identifier") and same else real.record
        yield Pair(kind, same, label, (real.id, real.id), Side(left, real.format), Side(made, real.format))
        count += 1
        if count == limit:
            return


def _two_bindings(bases: list[Real]) -> Iterator[Pair]:
    kind = "ISBN of the other binding"
    made = ((real, practices.with_other_binding(real.record, f"{kind} {real.id}")) for real in _chosen(bases, kind))
    for real, both in itertools.islice(((real, both) for real, both in made if both), PER_KIND):
        sides = [Side(record, real.format) for record in both]
        yield Pair(kind, True, _BY_CONSTRUCTION, (real.id, real.id), sides[0], sides[1])


def _across_formats(bases: dict[str, list[Real]]) -> Iterator[Pair]:
    for kind, with_isbn, romanised in (
        ("CNMARC beside MARC 21, ISBN", True, False),
        ("CNMARC beside MARC 21, no identifier", False, False),
        ("CNMARC in Han beside romanised MARC 21, ISBN", True, True),
        ("CNMARC in Han beside romanised MARC 21, no identifier", False, True),
    ):
        count = 0
        for real in _chosen(bases["script"], kind):
            made = into_cnmarc.written(real.record, real.id, with_isbn=with_isbn)
            left = practices.romanised_only(real.record, real.id) if romanised else real.record
            if made is None or left is None or (with_isbn and not edits.first(made, "010", "a")):
                continue
            left = left if with_isbn else edits.unidentified(left)
            sides = Side(left, marc.Format.MARC21), Side(made, marc.Format.CNMARC)
            yield Pair(kind, True, _BY_CONSTRUCTION, (real.id, real.id), *sides)
            count += 1
            if count == PER_KIND:
                break


def _across_charsets(bases: dict[str, list[Real]]) -> Iterator[Pair]:
    """Send one side through GB18030 as CNMARC and the other through MARC-8, as two older systems would."""
    kind, count = "GB18030 CNMARC beside MARC-8 MARC 21", 0
    for real in _chosen(bases["script"], kind):
        made = into_cnmarc.written(real.record, real.id, with_isbn=True)
        if made is None:
            continue
        try:
            chinese = iso2709.encode(made, charset=marc.Charset.GB18030)
            western = iso2709.encode(real.record, charset=marc.Charset.MARC_8)
        except iso2709.Unwritable:
            continue
        right = iso2709.decode(chinese, charset=marc.Charset.GB18030, format=marc.Format.CNMARC).record
        left = iso2709.decode(western, charset=marc.Charset.MARC_8, format=marc.Format.MARC21).record
        sides = Side(left, marc.Format.MARC21), Side(right, marc.Format.CNMARC)
        yield Pair(kind, True, _BY_CONSTRUCTION, (real.id, real.id), *sides)
        count += 1
        if count == PER_KIND // 2:
            return


def _others(bases: dict[str, list[Real]]) -> Iterator[Pair]:
    for kind, change in otherness.CHANGES.items():
        # What is changed must not stand unchanged in another script beside it.
        group = [real for real in bases[_GROUP.get(kind, "any")] if not real.record.tagged("880")]
        yield from _made(group, kind, change, _OTHER_BY_CONSTRUCTION, same=False, limit=PER_KIND)
    for kind, both in otherness.CHINESE.items():
        yield from _chinese(bases["script"], kind, both)


def _chinese(bases: list[Real], kind: str, both: otherness.Both) -> Iterator[Pair]:
    count = 0
    for real in _chosen(bases, kind):
        written = into_cnmarc.written(real.record, real.id, with_isbn=False)
        sides = both(written, f"{kind} {real.id}") if written is not None else None
        if sides is None:
            continue
        left, right = (Side(side, marc.Format.CNMARC) for side in sides)
        yield Pair(kind, False, _OTHER_BY_CONSTRUCTION, (real.id, real.id), left, right)
        count += 1
        if count == PER_KIND:
            return


def _natural(together: list[tuple[Real, Real]]) -> Iterator[Pair]:
    """Yield pairs that share a blocking key, carry distinct LCCNs and contradict each other in a plain statement."""
    for one, two in together:
        told = otherness.difference(one.record, two.record)
        if not told or frozenset((one.id, two.id)) in by_eye.SAME:
            continue
        shared = " and ISBN" if _share_isbn(one, two) else ""
        seed = f"{one.id} {two.id}"
        make = otherness.styled if edits.draw(seed, 2) else otherness.full
        sides = Side(one.record, one.format), Side(make(two.record, seed), two.format)
        yield Pair(f"natural: same key{shared}, other {told}", False, _BY_LCCN, (one.id, two.id), *sides)


def _share_isbn(one: Real, two: Real) -> bool:
    isbns = [set(views.match_view(real.record, real.format).isbns) for real in (one, two)]
    return not isbns[0].isdisjoint(isbns[1])


def _seen(together: list[tuple[Real, Real]]) -> Iterator[Pair]:
    """Yield the natural pairs that a person looked at."""
    for one, two in together:
        ids = frozenset((one.id, two.id))
        if ids in by_eye.SAME or ids in by_eye.DIFFERENT:
            same = ids in by_eye.SAME
            kind = "natural: catalogued twice" if same else "natural: alike but another"
            right = Side(practices.copied(two.record, f"{one.id} {two.id}"), two.format)
            yield Pair(kind, same, "by eye, ids in by_eye.py", (one.id, two.id), Side(one.record, one.format), right)


def _consortium() -> Iterator[Pair]:
    """Yield records of different members that carry the same OCLC number, and map sheets of one series that do not.

    The OCLC number, which gives the label, is taken from the right side.
    """
    by_number: dict[str, list[Real]] = defaultdict(list)
    for real in gathering.shared("marc21/trln") + gathering.shared("marc21/princeton"):
        view = views.match_view(real.record, real.format)
        for number in view.oclc_numbers:
            by_number[number].append(real)
    for number, found in sorted(by_number.items()):
        for one, two in itertools.combinations(found, 2):
            houses = {real.id.split("__")[2] if "__" in real.id else real.id for real in (one, two)}
            if len(houses) > 1 and edits.first(one.record, "245", "a") and edits.first(two.record, "245", "a"):
                right = Side(practices.copied(two.record, number), two.format)
                ids = (one.id, two.id)
                yield Pair("consortium: two members, same OCLC number", True, "same OCLC number", ids,
                           Side(one.record, one.format), right)  # fmt: skip


def _serials() -> Iterator[Pair]:
    """Yield serials and maps of the Government Publishing Office: copies, and what is linked or looks like them."""
    found = gathering.shared("marc21/gpo_D.mrc")
    serials = [real for real in found if real.record.leader[7:8] in {"s", "i"}]
    maps = [real for real in found if real.record.leader[6:7] == "e"]
    yield from _made(serials, "serial: copied record", practices.copied, _BY_CONSTRUCTION, same=True, limit=PER_KIND)
    yield from _made(serials, "serial: brief", practices.brief, _BY_CONSTRUCTION, same=True, limit=PER_KIND // 2)
    yield from _made(maps, "map: copied record", practices.copied, _BY_CONSTRUCTION, same=True, limit=PER_KIND // 2)
    by_key: dict[keys.Key, list[Real]] = defaultdict(list)
    for real in found:
        for key in keys.keys(views.match_view(real.record, real.format)):
            by_key[key].append(real)
    label = "distinct record number and OCLC number of one agency"
    seen: set[tuple[str, str]] = set()
    for key in sorted(by_key, key=lambda each: (each.kind, each.text)):
        for one, two in itertools.islice(itertools.combinations(by_key[key], 2), _COMMONEST):
            ids = (one.id, two.id)
            if ids in seen or _oclc(one) & _oclc(two) or not _oclc(one) or not _oclc(two):
                continue
            seen.add(ids)
            right = Side(practices.copied(two.record, f"{one.id} {two.id}"), two.format)
            yield Pair(f"documents: other {_sort(one)}", False, label, ids, Side(one.record, one.format), right)


def _oclc(real: Real) -> set[str]:
    return set(views.match_view(real.record, real.format).oclc_numbers)


def _sort(real: Real) -> str:
    if real.record.leader[6:7] == "e":
        return "map sheet"
    return "serial" if real.record.leader[7:8] in {"s", "i"} else "document"
