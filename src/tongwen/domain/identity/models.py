"""Persons."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person by log-in name; case does not count."""
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None = None, **facts: Any) -> Person:
        """Enter a person; without a password nobody can sign in as her."""
        person = self.model(username=username.lower(), **facts)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):
    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    institution = models.ForeignKey("members.Institution", null=True, blank=True, on_delete=models.PROTECT)
    is_operator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        db_table = "person"
