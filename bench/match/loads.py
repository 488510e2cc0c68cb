"""What share of a load goes to a person: whole files matched as a load matches them, without the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from bench.match import by_eye, edits, gathering, practices, sampled
from tongwen.domain.catalogue.rules import comparison, deciding, keys
from tongwen.domain.catalogue.types import Band
from tongwen.standards.marc import types as marc
from tongwen.standards.marc import views


class Loaded(NamedTuple):
    """A record of a load, with the bib it came to in `bibs` and what was decided."""

    name: str
    publication: str
    band: Band
    reason: str
    bib: int


def run(records: Iterable[tuple[str, str, marc.MatchView]]) -> list[Loaded]:
    """Load records one after the other: a match joins its bib, a review or a new record makes one."""
    by_key: dict[int, list[int]] = defaultdict(list)
    bibs: dict[int, comparison.Prepared] = {}
    found = []
    for name, publication, view in records:
        hashes = [keys.hashed(key) for key in keys.keys(view)]
        shared: Counter[int] = Counter(bib for each in hashes for bib in by_key.get(each, ()))
        mine = comparison.prepared(view)
        band, reason, bib = Band.NEW, "no-candidate", 0
        if shared:
            nearest = [(number, bibs[number]) for number, _ in shared.most_common(keys.MAX_CANDIDATES)]
            bib, decision = deciding.decide_one(mine, nearest)
            band, reason = decision.band, decision.reason
        if band is not Band.AUTOMATIC:
            bib = len(bibs) + 1
            bibs[bib] = mine
            for each in hashes:
                by_key[each].append(bib)
        found.append(Loaded(name, publication, band, reason, bib))
    return found


def samples() -> dict[str, Any]:
    """Load the samples' twelve libraries in their order; every publication is known, so the bibs can be checked."""
    found = run((copy.file, copy.publication, copy.view) for copy in sampled.copies(gathering.SAMPLES))
    of_bib: dict[int, set[str]] = defaultdict(set)
    of_publication: dict[str, set[int]] = defaultdict(set)
    for one in found:
        of_bib[one.bib].add(one.publication)
        of_publication[one.publication].add(one.bib)
    return {
        **facts(found),
        "publications": len(of_publication),
        "bibs": len(of_bib),
        "bibs_of_several_publications": sum(len(each) > 1 for each in of_bib.values()),
        "publications_on_several_bibs": sum(len(each) > 1 for each in of_publication.values()),
    }


def library_of_congress(path: Path) -> dict[str, Any]:
    """Load the Library of Congress file into an empty union catalogue."""
    return facts(run((real.id, real.id, views.match_view(real.record, real.format)) for real in _loc(path, 1)))


def without_identifiers(path: Path) -> dict[str, Any]:
    """Load the same file with every identifier taken away: what merges now merges on its description alone.

    The records carry distinct LCCNs, so each merge is a book that was catalogued twice or a mistake;
    `seen` counts those that a person looked at and found to be one book.
    """
    found = run((real.id, real.id, _bare(views.match_view(real.record, real.format))) for real in _loc(path, 1))
    names = {one.bib: one.name for one in found if one.band is not Band.AUTOMATIC}
    merged = [frozenset((one.name, names[one.bib])) for one in found if one.band is Band.AUTOMATIC]
    return {**facts(found), "seen": sum(pair in by_eye.SAME for pair in merged), "unseen": _unseen(merged)}


def _unseen(merged: list[frozenset[str]]) -> list[list[str]]:
    return [sorted(pair) for pair in merged if pair not in by_eye.SAME]


def _bare(view: marc.MatchView) -> marc.MatchView:
    return view._replace(
        control_number="", control_agency="", isbns=(), wrong_isbns=(), issns=(), lccns=(), oclc_numbers=(),
        national_numbers=(), book_numbers=(), addresses=(),
    )  # fmt: skip


def second_library(path: Path, keeping_lccn: int = 0) -> dict[str, Any]:
    """Load every fifth record of the file, then the same books as a second library describes them.

    The second library's record is, by turns, copied, in another house style, brief, by RDA; a third has no ISBN. Every
    number of the first library is gone from it but the LCCN of `keeping_lccn` records in a hundred.
    Returns the figures of the second load alone.
    """
    step = 5
    makes = [practices.PRACTICES[kind] for kind in _SECOND]
    first = [(real.id, real.id, views.match_view(real.record, real.format)) for real in _loc(path, step)]
    second = []
    for place, real in enumerate(_loc(path, step)):
        made = makes[place % len(makes)](real.record, real.id)
        if made is None:
            continue
        if edits.draw(f"{real.id} lccn", 100) < keeping_lccn:
            made = edits.with_fields(made, *real.record.tagged("010"))
        second.append((f"{real.id} again", real.id, views.match_view(made, real.format)))
    found = run([*first, *second])
    home = {one.publication: one.bib for one in found[: len(first)]}
    again = found[len(first) :]
    right = sum(one.band is Band.AUTOMATIC and home[one.publication] == one.bib for one in again)
    return {**facts(again), "to_the_right_bib": right}


REAL_LCCNS = 31
"""Of a hundred monographs of real members (TRLN, Princeton: 99 of 315), those that carry an LCCN."""
_SECOND = (
    "copied record", "house style, ISBN", "brief, ISBN", "RDA beside AACR2, ISBN", "house style, no identifier",
    "RDA beside AACR2, no identifier",
)  # fmt: skip


def _loc(path: Path, step: int) -> Iterable[gathering.Real]:
    return (real for place, real in enumerate(gathering.library_of_congress(path)) if place % step == 0)


def facts(found: list[Loaded]) -> dict[str, Any]:
    bands = Counter(one.band for one in found)
    causes = Counter(one.reason for one in found if one.band is Band.REVIEW)
    return {
        "records": len(found),
        **{band.value: bands[band] for band in Band},
        "review_share": round(bands[Band.REVIEW] / len(found), 5) if found else 0.0,
        "causes": dict(causes.most_common()),
    }
