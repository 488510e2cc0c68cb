"""Persons, where they belong, and how their libraries recognise them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from tongwen.core import tenancy
from tongwen.domain.identity import types


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
    """A human being. The password is that of the local source only; passwords of libraries are never kept."""

    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        db_table = "person"


class Affiliation(models.Model):
    """One role of a person in one place: an institution, a sharing domain, or (neither) the installation."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="affiliations")
    role = models.CharField(max_length=30, choices=[(role.value, role.value) for role in types.Role])
    institution = models.ForeignKey("members.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey("members.SharingDomain", null=True, on_delete=models.PROTECT, related_name="+")
    begins_on = models.DateField()
    expires_on = models.DateField(null=True)
    given_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "affiliation"
        constraints = [
            models.CheckConstraint(
                name="affiliation_has_one_place", condition=Q(institution__isnull=True) | Q(domain__isnull=True)
            ),
            models.UniqueConstraint(
                name="affiliation_once",
                fields=["person", "role", "institution", "domain"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="affiliation_of_institution", fields=["institution", "role"])]


class Source(models.Model):
    """A library's way to recognise its people; `secrets` holds sealed texts (core.secrets), never plain ones."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in types.SourceKind])
    name_zh = models.CharField(max_length=100)
    name_zh_hant = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    settings = models.JSONField(default=dict)
    secrets = models.JSONField(default=dict)
    is_enabled = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "identity_source"


class Link(models.Model):
    """A person as a source knows her: by an identifier that never changes there. E-mail links nobody."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=255)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    linked_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "identity_link"
        constraints = [models.UniqueConstraint(name="link_once", fields=["source", "subject"])]
