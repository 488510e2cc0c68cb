"""The vocabulary of the union catalogue: bibs, holdings, batches, decisions and reviews."""

from __future__ import annotations

import datetime as dt
import enum
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from tongwen.standards.marc import holdings
from tongwen.standards.marc import types as marc

DISPLAY_VIEW_TOPIC = "catalogue.display_view"
"""Functions registered under this topic (core.derivations) are applied to the display view of every loaded record."""


class Band(enum.StrEnum):
    """What a match decision leads to."""

    AUTOMATIC = "automatic"
    REVIEW = "review"
    NEW = "new"


class BatchState(enum.StrEnum):
    """Where a load stands. A batch that a crash left in LOADING resumes; in PREVIEWING it starts over;
    PAUSED keeps its place until a person lets it go on.
    """

    WAITING = "waiting"
    PREVIEWING = "previewing"
    PREVIEWED = "previewed"
    LOADING = "loading"
    PAUSED = "paused"
    LOADED = "loaded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    REVERTING = "reverting"
    REVERTED = "reverted"


class Priority(enum.IntEnum):
    """Which of the batches that wait runs next. FIRST goes before those of every library and is for operators."""

    LATER = -1
    NORMAL = 0
    SOONER = 1
    FIRST = 2


class Overlay(enum.StrEnum):
    """What a delivered record that matches gives to the union record beside its holding."""

    ATTACH = "attach"
    """Nothing."""
    FILL = "fill"
    """What the field rules take from it (rules.merging.compose)."""
    UPGRADE = "upgrade"
    """As FILL; a better record (rules.merging.better) becomes the base, and what was there fills it."""


class WithoutItems(enum.StrEnum):
    """What becomes of a record that speaks of no copy: held without copies, or rejected as `items-missing`."""

    HOLD = "hold"
    REJECT = "reject"


class Deletions(enum.StrEnum):
    """What a record that says that it is deleted (LDR/05 d) does: end the holding of its number, or what any does."""

    OBEY = "obey"
    IGNORE = "ignore"


class Outcome(enum.StrEnum):
    """What became of one record of a batch."""

    NEW = "new"
    MATCHED = "matched"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REVIEW = "review"
    REJECTED = "rejected"
    DELETED = "deleted"


class Verdict(enum.StrEnum):
    """What a reviewer said of a pair."""

    SAME = "same"
    DIFFERENT = "different"


class UnknownBib(LookupError):
    """No bib has this number."""


class UnknownBatch(LookupError):
    """No batch of this institution has this number."""


class UnknownProfile(LookupError):
    """No profile of this institution has this name or number."""


class BadProfile(ValueError):
    """A profile cannot be so; `field` is what is wrong, `code` a stable word for why, `detail` what was given."""

    def __init__(self, field: str, code: str, detail: str = "") -> None:
        super().__init__(f"{field}: {code}{f' ({detail})' if detail else ''}")
        self.field, self.code, self.detail = field, code, detail


class UnknownReview(LookupError):
    """No open review of this institution has this number."""


class UnknownMerge(LookupError):
    """No merge has this number."""


class UnknownVersion(LookupError):
    """The bib has no version of this number."""


class NotPermitted(PermissionError):
    """The institution in scope has no right to this; the message says whose right it is."""


class NotAllowedNow(ValueError):
    """The batch or review is not in a state that allows this; the message says which it is in."""


class UnreadableRules(ValueError):
    """A file of match rules lacks something or says what nobody understands; the message names file and place."""


class EditConflict(ValueError):
    """Two people changed the same fields; nothing was saved. `tags` names the fields of `mine` that met a change."""

    def __init__(
        self, *, base: marc.Record, mine: marc.Record, theirs: marc.Record, tags: tuple[marc.Field, ...]
    ) -> None:
        self.base, self.mine, self.theirs = base, mine, theirs
        self.tags = tuple(sorted({field.tag for field in tags}))
        super().__init__(f"somebody else has changed the same fields: {', '.join(self.tags)}")


class UnreadableFile(ValueError):
    """The file holds no records; `code` is a stable word, `detail` says what was found and at which byte."""

    def __init__(self, code: str, detail: str, offset: int = 0) -> None:
        super().__init__(f"{detail} (byte {offset})")
        self.code = code
        self.detail = detail
        self.offset = offset


class Item(NamedTuple):
    """One copy or group of copies at one place."""

    location: str = ""
    call_number: str = ""
    barcode: str = ""
    copies: int = 1
    note: str = ""


class Feature(NamedTuple):
    """One observation of a comparison. `weight` adds to the score; `veto` ends the comparison.
    `mine` and `theirs` are what was compared, in the records' words.
    """

    name: str
    """A stable word: isbn, title, volume, authors, edition, publisher, place, year, extent, language, material,
    carrier, level, identifiers, series, host, translation, same-source …"""
    outcome: str
    """A stable word: equal, similar, different, one-missing, both-missing, disjoint, shared …"""
    weight: float = 0.0
    veto: bool = False
    mine: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided of a pair of records, with everything that led to it."""

    band: Band
    score: float
    features: tuple[Feature, ...]
    reason: str
    """A stable word for the cause that decided, by which reviews are grouped: `veto-volume`, `full-description` …"""
    rules_version: str

    @property
    def vetoes(self) -> tuple[Feature, ...]:
        """Return the features that veto."""
        return tuple(feature for feature in self.features if feature.veto)


@dataclass(frozen=True, slots=True)
class Bib:
    """A record of the union catalogue in its current version."""

    id: int
    format: marc.Format
    version: int
    raw: bytes
    """The native record as delivered: ISO 2709 in `charset`."""
    charset: marc.Charset
    record: marc.Record
    view: marc.DisplayView
    created_at: dt.datetime
    updated_at: dt.datetime
    merged_into: int | None = None


@dataclass(frozen=True, slots=True)
class Holding:
    """What one library holds of a bib, with its own record's number and local fields."""

    id: int
    bib_id: int
    institution_id: int
    source_id: str
    items: tuple[Item, ...]
    local_fields: tuple[marc.Field, ...] = ()
    updated_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class HeldBib:
    """A bib with all its holdings, as the record page and the index need it."""

    bib: Bib
    holdings: tuple[Holding, ...]


class MadeBib(NamedTuple):
    """What is known of a bib at the moment it is made: what the registered derivations gave, and its call numbers."""

    derived: dict[str, bytes]
    call_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BibsChanged:
    """Told after a commit that changed bibs. `position` is the change's number in the feed, which says which bibs.

    `made` holds, for bibs that this change has made and that have `institution_id` as their only holder, what came
    with them; whoever has no use for it reads the bibs from the catalogue.
    """

    position: int
    made: dict[int, MadeBib]
    institution_id: int | None
    derived: dict[int, dict[str, bytes]] = field(default_factory=dict)
    """Of bibs that got another holding only: what the registered derivations gave of their record."""


@dataclass(frozen=True, slots=True)
class BibsMerged:
    """Told after two bibs have become one."""

    merge_id: int
    kept_id: int
    merged_id: int


@dataclass(frozen=True, slots=True)
class BibsUnmerged:
    """Told after a merge was taken back; `kept_id` is the bib that had the holdings until now."""

    merge_id: int
    kept_id: int
    merged_id: int


class Change(NamedTuple):
    """One entry of the change feed."""

    position: int
    added: tuple[int, ...]
    changed: tuple[int, ...]
    removed: tuple[int, ...]


class Relation(enum.StrEnum):
    """How another bib stands to this one."""

    SET = "set"
    VOLUME = "volume"
    HOST = "host"
    COMPONENT = "component"
    EARLIER = "earlier"
    LATER = "later"
    SERIES = "series"
    IN_SERIES = "in-series"


class LinkedBib(NamedTuple):
    """Another bib of the union that a bib is linked with, and how."""

    relation: Relation
    bib_id: int
    title: marc.Text
    parts: tuple[marc.Text, ...]
    date: str


class BatchCounts(NamedTuple):
    """How many records of a batch became what. `read` is the sum of the others."""

    read: int = 0
    new: int = 0
    matched: int = 0
    updated: int = 0
    unchanged: int = 0
    review: int = 0
    rejected: int = 0
    mended: int = 0
    warnings: int = 0
    deleted: int = 0


@dataclass(frozen=True, slots=True)
class Batch:
    id: int
    institution_id: int
    file_name: str
    size: int
    """Bytes of the file."""
    format: marc.Format | None
    """None: told from the records."""
    charset: marc.Charset | None
    """None: told from the bytes, with evidence."""
    state: BatchState
    counts: BatchCounts
    preview_counts: BatchCounts | None
    offset: int
    """Bytes of the file that are committed (or read, while previewing)."""
    message: str
    """Why it failed, in words; "" otherwise."""
    evidence: dict[str, Any]
    """What was found out about the file: serialization, format, charset, each with its reason."""
    created_by: str
    created_at: dt.datetime
    started_at: dt.datetime | None
    finished_at: dt.datetime | None
    rate: float
    """Records per second of the last run."""
    priority: Priority = Priority.NORMAL
    profile: str = ""
    """Name of the profile that it is loaded by; "" for none."""

    @property
    def is_waiting(self) -> bool:
        """True while it is to be previewed or loaded and nobody has begun."""
        return self.is_to_run and self.started_at is None

    @property
    def is_to_run(self) -> bool:
        """True while a process previews or loads it, or is to do so."""
        return self.state in (BatchState.PREVIEWING, BatchState.LOADING)


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A finding of a load about one record, with where it stands."""

    ordinal: int
    offset: int
    """Byte offset of the record in the file."""
    control_number: str
    code: str
    severity: marc.Severity
    tag: str
    position: int
    """Byte offset inside the record, -1 where it makes no sense."""
    detail: str
    has_bytes: bool = False
    """True for a rejected record, whose bytes are kept and can be downloaded."""


@dataclass(frozen=True, slots=True)
class Review:
    """A pair that a person must decide: the bib that a load made, and the bib it may be the same as."""

    id: int
    batch_id: int | None
    institution_id: int
    bib_id: int
    candidate_id: int
    decision: Decision
    created_at: dt.datetime
    verdict: Verdict | None = None
    decided_by: str = ""
    decided_at: dt.datetime | None = None
    undoable: bool = False


@dataclass(frozen=True, slots=True)
class ReviewPair:
    """A review with both records, for the page that shows them side by side."""

    review: Review
    incoming: HeldBib
    candidate: HeldBib
    explanation: tuple[str, ...] = field(default_factory=tuple)
    """The decision in words, in the active language, most telling first."""


@dataclass(frozen=True, slots=True)
class Profile:
    """How a library's files are loaded: what they are, where their copies stand, what they give to the union record."""

    name: str
    """Also the name of its pick-up folder: letters, digits, `_` and `-`, at most 40."""
    format: marc.Format | None = None
    charset: marc.Charset | None = None
    layouts: dict[str, holdings.Layout] = field(default_factory=dict)
    """Where copies stand, by tag, the first that a record has counts; empty: as `standards.marc.holdings` knows."""
    overlay: Overlay = Overlay.ATTACH
    without_items: WithoutItems = WithoutItems.HOLD
    deletions: Deletions = Deletions.OBEY
    is_picked_up: bool = False
    """True when a worker takes files from its folder (`TONGWEN_HOME/pickup/<library>/<name>`)."""
    id: int = 0
    institution_id: int = 0


@dataclass(frozen=True, slots=True)
class TriedRecord:
    """What a profile would make of one record; nothing is written."""

    ordinal: int
    offset: int
    control_number: str
    title: marc.Text
    items: tuple[Item, ...]
    problems: tuple[marc.Problem, ...]
    is_rejected: bool = False
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Trial:
    """What a profile would make of the first records of a file; `evidence` as a batch has it."""

    evidence: dict[str, Any]
    records: tuple[TriedRecord, ...]

    @property
    def items(self) -> int:
        """Return how many copies the records speak of."""
        return sum(item.copies for record in self.records for item in record.items)

    @property
    def without_items(self) -> int:
        """Return how many records that can be read speak of no copy."""
        return sum(not record.items and not record.is_unreadable for record in self.records)


@dataclass(frozen=True, slots=True)
class PickupFolder:
    """A folder that files are taken from, and how it stands. `waiting` are file names."""

    institution_id: int
    profile: str
    path: str
    waiting: tuple[str, ...]
    running: tuple[int, ...]
    """Batches of files that were taken and are not done."""


class MissingFile(NamedTuple):
    """A batch whose file is not kept any more; `is_needed` where it cannot be gone on with without it."""

    batch_id: int
    file_name: str
    is_needed: bool


class HoldingAstray(NamedTuple):
    """A holding that stands at `bib_id` although its home leads to `survivor_id`."""

    id: int
    bib_id: int
    survivor_id: int


class BibFacts(NamedTuple):
    """What of a bib its index document depends on, without its record."""

    bib_id: int
    version: int
    institution_ids: tuple[int, ...]
    call_numbers: tuple[str, ...]
