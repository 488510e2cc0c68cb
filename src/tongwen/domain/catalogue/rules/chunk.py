"""What the storing of a chunk gathers before it writes: rows of tables, and what is to be told of them; no database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.rules import deciding, extracts, preparation


@dataclass(slots=True)
class Chunk:
    """What a chunk's transaction gathers before it writes; each list holds rows of the table of its name."""

    batch_id: int
    institution_id: int
    actor: str
    counts: dict[str, int] = field(default_factory=dict)
    bibs: list[tuple[Any, ...]] = field(default_factory=list)
    versions: list[tuple[Any, ...]] = field(default_factory=list)
    holdings: list[tuple[Any, ...]] = field(default_factory=list)
    keys: list[tuple[int, int, int]] = field(default_factory=list)
    links: list[tuple[int, int, int]] = field(default_factory=list)
    entries: list[tuple[Any, ...]] = field(default_factory=list)
    problems: list[tuple[Any, ...]] = field(default_factory=list)
    decisions: list[tuple[Any, ...]] = field(default_factory=list)
    reviews: list[tuple[int, int, int]] = field(default_factory=list)
    """(bib, candidate, index into `decisions`)"""
    added: dict[int, types.MadeBib] = field(default_factory=dict)
    derived: dict[int, dict[str, bytes]] = field(default_factory=dict)
    """Of bibs that got a holding whose record is theirs, byte for byte: what was derived from it."""
    rewritten: dict[int, dict[str, bytes]] = field(default_factory=dict)
    """Of bibs whose record this chunk replaces: what was derived from the new one."""
    overlaid: set[int] = field(default_factory=set)
    """Bibs that got a version composed of several records (services.overlay); nothing is derived from it yet."""
    advanced: list[tuple[int, int]] = field(default_factory=list)
    """(bib, version) of bibs that have a newer version now."""
    relinked: list[tuple[int, int, int]] = field(default_factory=list)
    """What the links of the bibs in `advanced` are to be."""
    forgotten: list[tuple[int, int]] = field(default_factory=list)
    """(key, bib) of keys that the records of bibs have no more."""
    replaced: list[tuple[Any, ...]] = field(default_factory=list)
    """Holdings that get another record."""
    deleted: list[int] = field(default_factory=list)
    """Holdings that go."""
    left: set[int] = field(default_factory=set)
    """Bibs from which a holding has gone; those that nobody holds are withdrawn."""
    matched: list[tuple[preparation.Prepared, int, int]] = field(default_factory=list)
    """(record, bib, holding) of records that met a union record which is not this library's."""
    rejoined: list[tuple[preparation.Prepared, Any]] = field(default_factory=list)
    """(record, holding as it was) of this library's union records that others have changed since."""
    extracts: dict[int, tuple[int, extracts.Extract]] = field(default_factory=dict)
    """(version, extract) of bibs that were joined and had none."""
    derivable: int = 0
    """Records that became a bib's, so that what is derived from them is of use."""
    changed: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)

    def count(self, outcome: str) -> None:
        """Add one to an outcome."""
        self.counts[outcome] = self.counts.get(outcome, 0) + 1

    def add_bib(self, record: preparation.Prepared, bib_id: int, holding_id: int) -> None:
        """Make a bib of the record, with its first version and its keys."""
        self.bibs.append((bib_id, holding_id))
        self.add_version(record, bib_id, 1, "loaded")
        self.keys += [(key, kind, bib_id) for key, kind in zip(record.keys, record.kinds, strict=True)]
        if record.links:
            self.links += [(bib_id, role, key) for role, key in record.links]
        call_numbers = tuple([item[1] for item in record.items if item[1]])
        self.derivable += 1
        self.added[bib_id] = types.MadeBib(record.derived or {}, call_numbers)

    def rewrite_bib(
        self, record: preparation.Prepared, bib_id: int, version: int, former_keys: Sequence[int] | None
    ) -> None:
        """Make the record the bib's newest version; `former_keys` is None where its keys stay as they are."""
        self.add_version(record, bib_id, version, "redelivered")
        self.advanced.append((bib_id, version))
        self.relinked.extend((bib_id, role, key) for role, key in record.links)
        self._use_derived(self.rewritten, record, bib_id)
        if former_keys is not None:
            kept = set(former_keys).intersection(record.keys)
            self.forgotten.extend((key, bib_id) for key in former_keys if key not in kept)
            fresh = zip(record.keys, record.kinds, strict=True)
            self.keys.extend((key, kind, bib_id) for key, kind in fresh if key not in kept)

    def join_twin(self, record: preparation.Prepared, bib_id: int) -> None:
        """Note that the bib's record is this very one: what was derived from it is that of the bib."""
        self._use_derived(self.derived, record, bib_id)

    def _use_derived(self, found: dict[int, dict[str, bytes]], record: preparation.Prepared, bib_id: int) -> None:
        self.derivable += 1
        if record.derived is not None:
            found[bib_id] = record.derived

    def add_version(self, record: preparation.Prepared, bib_id: int, version: int, reason: str) -> None:
        """Write the record as a version of the bib."""
        self.versions.append(
            (bib_id, version, record.format, record.charset, record.record, self.actor, self.batch_id, reason)
        )

    def add_holding(
        self, record: preparation.Prepared, bib_id: int, holding_id: int, *, base_version: int | None
    ) -> None:
        """Attach the record to the bib as this library's holding; its bytes are kept once (see Holding)."""
        self.holdings.append(
            (
                holding_id,
                self.institution_id,
                bib_id,
                bib_id,
                record.source_id,
                record.content,
                base_version,
                record.format,
                record.charset,
                None if base_version else record.record,
                list(record.items),
                self.batch_id,
            )
        )

    def replace_holding(
        self, record: preparation.Prepared, holding_id: int, place: tuple[int, int], *, base_version: int | None
    ) -> None:
        """Put the record in a holding's place; `place` is (bib, home bib)."""
        self.replaced.append(
            (
                holding_id,
                *place,
                record.content,
                base_version,
                record.format,
                record.charset,
                None if base_version else record.record,
                orjson.dumps(record.items).decode(),
            )
        )

    def add_decision(self, ordinal: int, bib_id: int, candidate: int, decision: deciding.Settled) -> None:
        """Keep a decision with its features."""
        self.decisions.append(
            (
                self.batch_id,
                ordinal,
                bib_id,
                candidate,
                decision.band.value,
                decision.score,
                decision.reason,
                decision.rules_version,
                decision.features,
            )
        )

    def enter(
        self,
        record: preparation.Prepared,
        outcome: types.Outcome,
        bib_id: int,
        holding_id: int,
        prior: dict[str, Any] | None = None,
    ) -> None:
        """Write the journal's line of the record."""
        self.count(outcome.value)
        self.entries.append((self.batch_id, record.ordinal, outcome.value, bib_id, holding_id, record.source_id, prior))

    def add_problems(self, record: preparation.Prepared) -> None:
        """Keep what was found about the record; the last finding of a rejected one carries its bytes."""
        last = len(record.problems) - 1
        self.problems.extend(
            (
                self.batch_id,
                record.ordinal,
                record.offset,
                record.source_id.replace("\0", ""),
                problem.code,
                problem.severity.value,
                problem.tag.replace("\0", "")[:3],
                problem.offset,
                problem.detail.replace("\0", "\\0").encode("utf-8", "backslashreplace").decode(),
                record.rejected if number == last else None,
            )
            for number, problem in enumerate(record.problems)
        )

    def derived_at_hand(self) -> dict[int, dict[str, bytes]]:
        """Return what was derived from the records that bibs have now, of those that are not new and this library's."""
        joined = self.changed.intersection(self.added)
        made = {bib_id: derived for bib_id in joined if (derived := self.added[bib_id].derived)}
        found = made | self.derived | self.rewritten
        return {bib_id: derived for bib_id, derived in found.items() if bib_id not in self.overlaid}
