from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from tongwen.core import audit
from tongwen.core.models import AuditEntry

pytestmark = pytest.mark.django_db

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


class TestTrail:
    def test_keeps_who_did_what_to_which_thing(self) -> None:
        audit.record(
            at=NOON, actor="li", action="batch.revert", subject="batch 12", institution_id=3, reason="wrong file"
        )
        entry = AuditEntry.objects.get()
        assert (entry.at, entry.actor, entry.action, entry.subject) == (NOON, "li", "batch.revert", "batch 12")
        assert (entry.institution_id, entry.detail) == (3, {"reason": "wrong file"})

    @pytest.mark.parametrize("act", [lambda rows: rows.update(actor="wang"), lambda rows: rows.delete()])
    def test_can_be_neither_changed_nor_removed(self, act: Callable[[QuerySet[AuditEntry]], object]) -> None:
        audit.record(at=NOON, actor="li", action="batch.revert", subject="batch 12")
        with pytest.raises(DatabaseError, match="audit"), transaction.atomic():
            act(AuditEntry.objects.all())
        assert AuditEntry.objects.get().actor == "li"
