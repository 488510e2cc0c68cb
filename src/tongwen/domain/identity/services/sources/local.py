"""The installation's own accounts: invited staff, and readers whom a library has brought in by a list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.db.models import Q

from tongwen.domain.identity import models, queries
from tongwen.domain.identity.types import Denial, Denied


@dataclass(frozen=True, slots=True)
class LocalSource:
    """Knows people by their reader number (a link of this source) or by their log-in name, in one institution."""

    source_id: int
    institution_id: int

    def person(self, name: str, password: str, today: dt.date) -> int:
        """Return who it is; as long is spent on a name that nobody has as on a wrong password.

        Raises:
            Denied
        """
        if not name or not password:
            raise Denied(Denial.BLANK)
        row = self._known(name)
        if row is None:
            make_password(password)
            raise Denied(Denial.WRONG)
        if not row.check_password(password):
            raise Denied(Denial.WRONG)
        if not row.is_active:
            raise Denied(Denial.INACTIVE)
        if not any(one.place.institution_id == self.institution_id for one in queries.affiliations(row.pk, today)):
            raise Denied(Denial.EXPIRED)
        return row.pk

    def _known(self, name: str) -> models.Person | None:
        """Return the person of this institution: a name that is known elsewhere only is not known here."""
        link = models.Link.objects.filter(source_id=self.source_id, subject=name).select_related("person").first()
        if link is not None:
            return link.person
        here = models.Affiliation.objects.filter(institution_id=self.institution_id, ended_at=None)
        return models.Person.objects.filter(Q(username__iexact=name), pk__in=here.values("person_id")).first()
