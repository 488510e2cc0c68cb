from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, transaction

from tongwen.core import audit
from tongwen.core.models import AuditEntry

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class TestTrail:
    def test_keeps_who_did_what_to_which_thing(self) -> None:
        audit.record(at=NOON, actor="li", action="batch.revert", subject="batch 12", institution_id=3, reason="wrong file")
        entry = AuditEntry.objects.get()
        assert (entry.at, entry.actor, entry.action, entry.subject) == (NOON, "li", "batch.revert", "batch 12")
        assert (entry.institution_id, entry.detail) == (3, {"reason": "wrong file"})

    @pytest.mark.parametrize("act", ["change", "remove"])
    def test_can_be_neither_changed_nor_removed(self, act: str) -> None:
        audit.record(at=NOON, actor="li", action="batch.revert", subject="batch 12")
        with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
            if act == "change":
                AuditEntry.objects.update(actor="wang")
            else:
                AuditEntry.objects.all().delete()
        assert AuditEntry.objects.get().actor == "li"
