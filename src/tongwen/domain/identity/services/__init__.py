"""Entering persons and giving them passwords."""

from __future__ import annotations

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import transaction

from tongwen.domain.identity import models


class WeakPassword(ValueError):
    """The password does not meet the installation's rules; the message says which."""


@transaction.atomic
def register_person(
    *, username: str, display_name: str, institution_id: int | None, password: str | None, is_operator: bool = False
) -> int:
    """Enter a person (or update her, with a new password where one is given) and return her number.

    Raises:
        WeakPassword
    """
    if password is not None:
        try:
            password_validation.validate_password(password)
        except ValidationError as error:
            raise WeakPassword(" ".join(error.messages)) from None
    facts = {"display_name": display_name, "institution_id": institution_id, "is_operator": is_operator}
    person = models.Person.objects.filter(username__iexact=username).first()
    if person is None:
        return models.Person.objects.create_user(username, password, **facts).pk
    for name, value in facts.items():
        setattr(person, name, value)
    if password is not None:
        person.set_password(password)
    person.save()
    return person.pk
