"""What the ways of deciding make of a labelled set: figures for JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.match import deciders, measures
from bench.match.deciders import Judged
from bench.match.labelled import DEVELOPMENT, PARTS, Pair
from tongwen.domain.catalogue.rules.policy import RULES
from tongwen.domain.catalogue.types import Band

WAYS = {
    "Tongwen": deciders.by_tongwen,
    "Gold Rush keys": deciders.by_gold_rush,
    "ISBN alone": deciders.by_isbn,
}
_PROCESSES = 2
_PIECE = 200


def judged(pairs: list[Pair]) -> list[Judged]:
    """Decide every pair every way, on two cores."""
    with ProcessPoolExecutor(_PROCESSES) as workers:
        return list(workers.map(deciders.judge, pairs, chunksize=_PIECE))


def facts(found: list[Judged]) -> dict[str, Any]:
    """Return all figures: the parts whole, by kind, and beside the other ways.

    Gold Rush reads MARC 21 only: `marc21` holds all ways on the pairs of two MARC 21 records, `all` counts a pair
    with CNMARC as one that Gold Rush does not find.
    """
    of_part = {part: [one for one in found if one.pair.part == part] for part in PARTS}
    return {
        "rules": RULES.version,
        "parts": {part: _part(of_part[part]) for part in PARTS},
        "kinds": _kinds(found),
        "causes": _causes(of_part[DEVELOPMENT]),
    }


def _part(found: list[Judged]) -> dict[str, Any]:
    western = [one for one in found if one.gold_rush is not None]
    bare = [one for one in found if not _identified(one)]
    return {
        "pairs": len(found),
        "proposed": measures.proposed(found).facts(),
        "all": {name: measures.count(found, choose).facts() for name, choose in WAYS.items()},
        "marc21": {name: measures.count(western, choose).facts() for name, choose in WAYS.items()},
        "without_identifier": {name: measures.count(bare, choose).facts() for name, choose in WAYS.items()},
    }


def _identified(one: Judged) -> bool:
    return any(feature[:2] in RULES.strong for feature in one.decision.features)


def _kinds(found: list[Judged]) -> list[dict[str, Any]]:
    grouped: dict[tuple[bool, str], list[Judged]] = defaultdict(list)
    for one in found:
        grouped[one.pair.same, one.pair.kind].append(one)
    rows = []
    for (same, kind), of_kind in sorted(grouped.items(), key=lambda item: (not item[0][0], item[0][1])):
        row: dict[str, Any] = {"kind": kind, "same": same, "label": of_kind[0].pair.label}
        for part in PARTS:
            inside = [one for one in of_kind if one.pair.part == part]
            bands = Counter(one.band for one in inside)
            row[part] = {
                "pairs": len(inside),
                **{band.value: bands[band] for band in Band},
                "proposed": sum(one.proposed for one in inside),
                "isbn": sum(one.isbn for one in inside),
                "gold_rush": sum(bool(one.gold_rush) for one in inside),
            }
        rows.append(row)
    return rows


def _causes(found: list[Judged]) -> list[dict[str, Any]]:
    """Return why pairs of the development part went where they should not."""
    causes: Counter[tuple[bool, str, str]] = Counter()
    for one in found:
        right = Band.AUTOMATIC if one.pair.same else Band.NEW
        if one.band is not right:
            reason = one.decision.reason if one.proposed else "no key in common"
            causes[one.pair.same, one.band.value, reason] += 1
    return [
        {"same": same, "band": band, "reason": reason, "pairs": number}
        for (same, band, reason), number in causes.most_common()
    ]
