"""The audit trail's table."""

from __future__ import annotations

from django.db import models


class AuditEntry(models.Model):
    """One act of one person. The database refuses to change or remove a row (migration 0001)."""

    at = models.DateTimeField(db_index=True)
    institution_id = models.IntegerField(null=True, db_index=True)
    actor = models.CharField(max_length=150)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=100)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_entry"
