"""What surrounds every change of the register: changes take turns, and every process learns of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from tongwen.domain.members import models
from tongwen.domain.members.queries import register


@contextmanager
def register_changes() -> Iterator[None]:
    """Change the register in a transaction of its own turn; afterwards every process reads it anew."""
    with transaction.atomic():
        # The one row is locked until the end of the transaction: what is checked stays so.
        if not models.RegisterMark.objects.update(mark=uuid.uuid4()):
            models.RegisterMark.objects.create(mark=uuid.uuid4())
        transaction.on_commit(register.trust_no_longer)
        yield
        register.forget()
