"""Tables of the union catalogue.

Bibs, versions, keys and the change feed belong to the union and are everybody's to read. Batches, their journal
and reviews belong to the library that loads. Holdings belong to their library and are read by all (unscoped, with
the reason). Loading writes most of these tables with COPY (services/loading), so defaults live in the database.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from tongwen.core import tenancy
from tongwen.domain.catalogue import types


class Bib(models.Model):
    """A record of the union catalogue; its text stands in its versions."""

    class State(models.TextChoices):
        ACTIVE = "active"
        MERGED = "merged"
        WITHDRAWN = "withdrawn"

    version = models.IntegerField(db_default=1)
    state = models.CharField(max_length=10, choices=State.choices, db_default=State.ACTIVE)
    base_holding_id = models.BigIntegerField(null=True)
    """The holding whose library delivered the record this bib is made of."""
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "bib"
        constraints = [
            models.CheckConstraint(
                name="bib_merged_has_target",
                condition=models.Q(state="merged", merged_into__isnull=False)
                | (~models.Q(state="merged") & models.Q(merged_into__isnull=True)),
            )
        ]


class BibVersion(models.Model):
    """One state of a bib's record, never changed: ISO 2709 as delivered, compressed, with the charset it is in."""

    pk = models.CompositePrimaryKey("bib_id", "version")
    bib = models.ForeignKey(Bib, on_delete=models.PROTECT, db_index=False, db_constraint=False, related_name="versions")
    version = models.IntegerField()
    format = models.CharField(max_length=8)
    charset = models.CharField(max_length=16)
    record = models.BinaryField()
    actor = models.CharField(max_length=150)
    batch_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "bib_version"


class Holding(models.Model):
    """What one library holds of one bib, with its own record as delivered.

    The database checks `bib` only: a check costs 4 µs a row, and home, institution and the versions' bibs are written
    by the same statement that makes them (`tongwen doctor` finds what would contradict it).
    """

    institution = models.ForeignKey(
        "members.Institution", on_delete=models.PROTECT, db_index=False, db_constraint=False
    )
    bib = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="holdings")
    """Where the holding stands now, after all merges."""
    home_bib = models.ForeignKey(Bib, on_delete=models.PROTECT, db_constraint=False, related_name="+")
    """Where the library's record led when it was delivered; merges do not touch it, so every un-merge finds home."""
    source_id = models.CharField(max_length=100)
    """The library's own number for the record (001), or a digest of the record where it has none."""
    content = models.BigIntegerField()
    """xxh3 of the record's bytes as delivered, by which an unchanged record is known."""
    base_version = models.IntegerField(null=True)
    """The home bib's version that is this library's record; null where `record` holds it."""
    format = models.CharField(max_length=8)
    charset = models.CharField(max_length=16)
    record = models.BinaryField(null=True)
    items = models.JSONField(db_default=[])
    """Copies as lists [location, call number, barcode, copies, note]."""
    batch_id = models.BigIntegerField(null=True)
    updated_at = models.DateTimeField(db_default=Now())

    objects = tenancy.PubliclyReadManager()

    class Meta:
        db_table = "holding"
        constraints = [
            models.UniqueConstraint(name="holding_once_per_source", fields=["institution", "source_id"]),
            models.CheckConstraint(
                name="holding_record_once",
                condition=models.Q(base_version__isnull=True) | models.Q(record__isnull=True),
            ),
        ]


class Batch(models.Model):
    """One file that a library loads."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT)
    file_name = models.CharField(max_length=255)
    blob = models.CharField(max_length=80)
    size = models.BigIntegerField()
    format = models.CharField(max_length=8, blank=True)
    charset = models.CharField(max_length=16, blank=True)
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in types.BatchState])
    counts = models.JSONField(default=dict)
    preview_counts = models.JSONField(null=True)
    offset = models.BigIntegerField(default=0)
    ordinal = models.IntegerField(default=0)
    message = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0.0)
    priority = models.SmallIntegerField(default=0, db_default=0)
    profile = models.JSONField(null=True)
    """The profile as it was when the file was handed in, so that a resumed batch goes on by the same rules."""

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "batch"
        indexes = [models.Index(name="batch_of_institution", fields=["institution", "-id"])]


class LoadProfile(models.Model):
    """How a library's files are loaded (types.Profile)."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, db_index=False)
    name = models.CharField(max_length=40)
    format = models.CharField(max_length=8, blank=True)
    charset = models.CharField(max_length=16, blank=True)
    layouts = models.JSONField(default=list)
    """Lists [tag, parts of holdings.Layout]; their order counts, which an object of PostgreSQL would lose."""
    overlay = models.CharField(max_length=8)
    without_items = models.CharField(max_length=8)
    deletions = models.CharField(max_length=8, default=types.Deletions.OBEY, db_default=types.Deletions.OBEY)
    is_picked_up = models.BooleanField(default=False)

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "load_profile"
        constraints = [models.UniqueConstraint(name="load_profile_once", fields=["institution", "name"])]


class PickedUp(models.Model):
    """A file that was taken from a pick-up folder, until it lies in `done` or `failed` and afterwards."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT)
    profile_name = models.CharField(max_length=40)
    file_name = models.CharField(max_length=255)
    blob = models.CharField(max_length=80)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE)
    is_settled = models.BooleanField(default=False)

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "picked_up"
        indexes = [
            models.Index(name="picked_up_open", fields=["institution"], condition=models.Q(is_settled=False)),
        ]


class BatchOverlay(models.Model):
    """What a record of a batch changed in a union record it matched (types.Overlay), so that a revert takes it out."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, db_index=False)
    ordinal = models.IntegerField()
    bib = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="+")
    version_before = models.IntegerField()
    version_after = models.IntegerField()
    base_holding_before = models.BigIntegerField(null=True)

    class Meta:
        db_table = "batch_overlay"
        indexes = [models.Index(name="batch_overlay_order", fields=["batch", "ordinal"])]


class BatchEntry(models.Model):
    """The journal of a batch: what became of each record, and what is needed to take it back."""

    pk = models.CompositePrimaryKey("batch_id", "ordinal")
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, db_index=False, db_constraint=False)
    ordinal = models.IntegerField()
    outcome = models.CharField(max_length=9)
    bib_id = models.BigIntegerField()
    holding_id = models.BigIntegerField()
    source_id = models.CharField(max_length=100)
    prior = models.JSONField(null=True)
    """For an update or a deletion: the holding as it was (services.redelivering.KnownHolding)."""
    reverted = models.CharField(max_length=20, db_default="")
    """`done`, or why the record was left as it is (`changed-since`)."""

    class Meta:
        db_table = "batch_entry"


class BatchProblem(models.Model):
    """A finding about one record of a batch; a rejected record keeps its bytes."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, db_index=False)
    ordinal = models.IntegerField()
    offset = models.BigIntegerField()
    control_number = models.CharField(max_length=100)
    code = models.CharField(max_length=60)
    severity = models.CharField(max_length=8)
    tag = models.CharField(max_length=3)
    position = models.IntegerField()
    detail = models.TextField()
    raw = models.BinaryField(null=True)

    class Meta:
        db_table = "batch_problem"
        indexes = [models.Index(name="batch_problem_order", fields=["batch", "ordinal"])]


class MatchDecision(models.Model):
    """What was decided of a record that had candidates: the pair that decided, with its features."""

    batch_id = models.BigIntegerField(null=True)
    ordinal = models.IntegerField(null=True)
    bib_id = models.BigIntegerField()
    candidate_id = models.BigIntegerField()
    band = models.CharField(max_length=9)
    score = models.FloatField()
    reason = models.CharField(max_length=60)
    rules_version = models.CharField(max_length=20)
    features = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "match_decision"
        indexes = [
            models.Index(name="match_decision_batch", fields=["batch_id", "ordinal"]),
            models.Index(name="match_decision_bib", fields=["bib_id"]),
            # Most decisions are about a record that joined its candidate: those are found by `bib_id`.
            models.Index(
                name="match_decision_candidate",
                fields=["candidate_id"],
                condition=~models.Q(candidate_id=models.F("bib_id")),
            ),
        ]


class Review(models.Model):
    """A pair that waits for a person, or that a person has decided."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT)
    batch_id = models.BigIntegerField(null=True)
    bib = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="+")
    candidate = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(MatchDecision, on_delete=models.PROTECT)
    created_at = models.DateTimeField(db_default=Now())
    verdict = models.CharField(max_length=9, blank=True, db_default="")
    """Empty while open; `same`, `different`, or `obsolete` where the pair no longer exists."""
    decided_by = models.CharField(max_length=150, blank=True, db_default="")
    decided_at = models.DateTimeField(null=True)
    merge = models.ForeignKey("Merge", null=True, on_delete=models.PROTECT, related_name="+")

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "review"
        constraints = [models.UniqueConstraint(name="review_pair_once", fields=["bib", "candidate"])]
        indexes = [
            models.Index(name="review_open", fields=["institution", "id"], condition=models.Q(verdict="")),
        ]


class DistinctPair(models.Model):
    """Two bibs that a person said are not the same; remembered for ever, the lower number first."""

    pk = models.CompositePrimaryKey("lower_id", "higher_id")
    lower = models.ForeignKey(Bib, on_delete=models.PROTECT, db_index=False, related_name="+")
    higher = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="+")
    decided_by = models.CharField(max_length=150)
    decided_at = models.DateTimeField()

    class Meta:
        db_table = "distinct_pair"


class Merge(models.Model):
    """Two bibs made one. While it is not undone, the merged bib's number leads to the kept one's."""

    kept = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Bib, on_delete=models.PROTECT, related_name="+")
    version_before = models.IntegerField()
    """The kept bib's version before the merge, and the one that the merge wrote (the same where nothing was added)."""
    version_after = models.IntegerField()
    policy_version = models.CharField(max_length=20)
    moved_holdings = models.IntegerField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, blank=True, db_default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "merge"
        constraints = [
            models.UniqueConstraint(
                name="merge_once_at_a_time", fields=["merged"], condition=models.Q(undone_at__isnull=True)
            )
        ]


class BibChange(models.Model):
    """The change feed. Rows are written under the catalogue's write lock, so their numbers follow the commits."""

    added = ArrayField(models.BigIntegerField())
    changed = ArrayField(models.BigIntegerField())
    removed = ArrayField(models.BigIntegerField())
    at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "bib_change"
