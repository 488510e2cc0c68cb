"""The tables of the audit trail and of the limits."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One act of one person. The database refuses to change or remove a row (migration 0002)."""

    at = models.DateTimeField(db_index=True)
    institution_id = models.IntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"
        indexes = [models.Index(name="audit_of_institution", fields=["institution_id", "-id"])]


class FailedAttempts(models.Model):
    """Failures of one account since its last success; `digest` stands for its name, `shown` is the name's beginning."""

    kind = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    institution_id = models.IntegerField(null=True)
    shown = models.CharField(max_length=10)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "failed_attempts"
        constraints = [models.UniqueConstraint(name="failed_attempts_once", fields=["kind", "digest"])]


class LimitBucket(models.Model):
    """Tokens that are left for a key at a moment; they grow back with time."""

    key = models.CharField(max_length=100, primary_key=True)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    class Meta:
        db_table = "limit_bucket"


class Mail(models.Model):
    """A notice that is to be sent, or was; `sealed` holds its text until then. The job knows its number only."""

    WAITING, SENT, DEAD = "waiting", "sent", "dead"

    kind = models.CharField(max_length=60)
    recipient = models.CharField(max_length=254)
    sealed = models.TextField()
    institution_id = models.IntegerField(null=True)
    state = models.CharField(max_length=10, default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")

    class Meta:
        db_table = "mail"
        indexes = [models.Index(name="mail_not_sent", fields=["due_at"], condition=~models.Q(state="sent"))]
