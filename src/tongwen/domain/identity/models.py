"""Persons, where they belong, and how their libraries recognise them."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from oauth2_provider.models import AbstractApplication, ApplicationManager

from tongwen.core import tenancy
from tongwen.domain.identity import types
from tongwen.domain.identity.rules import searching


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person by log-in name; case does not count."""
        return self.get(username__iexact=username)

    def create_user(self, username: str, password: str | None = None, **facts: Any) -> Person:
        """Enter a person; without a password nobody can sign in as her."""
        name_keys = searching.person_keys(facts.get("display_name", ""), username, facts.get("email", ""))
        person = self.model(username=username.lower(), name_keys=name_keys, **facts)
        person.set_password(password)
        person.save()
        return person


class Person(AbstractBaseUser):  # type: ignore[django-manager-missing]  # Of the toolkit's relation from Client.
    """A human being. The password is that of the local source only; passwords of libraries are never kept."""

    username = models.CharField(max_length=150, unique=True)
    display_name = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    language = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    name_keys = models.CharField(max_length=1000, blank=True)
    erased_at = models.DateTimeField(null=True)

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


class Invitation(models.Model):
    """A request to take roles in a place, sent by mail. Its link is kept as a hash: it is as good as a password."""

    email = models.CharField(max_length=254)
    display_name = models.CharField(max_length=150)
    language = models.CharField(max_length=10, blank=True)
    institution = models.ForeignKey("members.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    domain = models.ForeignKey("members.SharingDomain", null=True, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField()
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "invitation"
        constraints = [
            models.CheckConstraint(
                name="invitation_has_one_place", condition=Q(institution__isnull=True) | Q(domain__isnull=True)
            ),
            models.UniqueConstraint(
                name="invitation_open_once",
                fields=["email", "institution", "domain"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                nulls_distinct=False,
            ),
        ]


class Ticket(models.Model):
    """A link of another kind than an invitation, sent to one person: a new address, a first log-in."""

    purpose = models.CharField(max_length=12, choices=[(one.value, one.value) for one in types.TicketPurpose])
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    reader = models.ForeignKey("identity.Reader", null=True, on_delete=models.SET_NULL, related_name="+")
    email = models.CharField(max_length=254)
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_ticket"


class Reader(models.Model):
    """A reader as her library's file names her. She becomes a person when she first signs in."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=64)
    display_name = models.CharField(max_length=150)
    category = models.CharField(max_length=60, blank=True)
    department = models.CharField(max_length=100, blank=True)
    email = models.CharField(max_length=254, blank=True)
    expires_on = models.DateField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    keys = SearchVectorField()
    entered_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "reader"
        constraints = [models.UniqueConstraint(name="reader_number_once", fields=["institution", "number"])]
        indexes = [
            GinIndex(name="reader_keys", fields=["keys"]),
            models.Index(name="reader_expiry", fields=["expires_on"], condition=Q(expires_on__isnull=False)),
        ]


class ReaderImport(models.Model):
    """A file of readers on its way in: checked first, then taken over as a whole or not at all."""

    institution = models.ForeignKey("members.Institution", on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=255)
    blob_key = models.CharField(max_length=80)
    size = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in types.ImportState])
    missing = models.CharField(max_length=10, choices=[(one.value, one.value) for one in types.Missing], blank=True)
    offset = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    findings = models.JSONField(default=dict)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "reader_import"


class StagedReader(models.Model):
    """A line of a file of readers, until it is taken over. Filled by COPY, compared by SQL."""

    reader_import = models.ForeignKey(ReaderImport, on_delete=models.CASCADE, related_name="+", db_index=False)
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=64)
    display_name = models.CharField(max_length=150)
    category = models.CharField(max_length=60)
    department = models.CharField(max_length=100)
    email = models.CharField(max_length=254)
    expires_on = models.DateField(null=True)
    keys = models.TextField()

    class Meta:
        db_table = "reader_staged"
        indexes = [models.Index(name="reader_staged_number", fields=["reader_import", "number", "line"])]


class ReaderProblem(models.Model):
    """What is wrong with a line of a file of readers."""

    reader_import = models.ForeignKey(ReaderImport, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    column = models.CharField(max_length=60)
    code = models.CharField(max_length=20)
    value = models.CharField(max_length=100)

    class Meta:
        db_table = "reader_problem"


class Consent(models.Model):
    """That a person agreed to a purpose, or to what a client is told of her, in the wording of a version."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=200)
    version = models.CharField(max_length=40)
    given_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "consent"
        constraints = [
            models.UniqueConstraint(
                name="consent_once", fields=["person", "purpose"], condition=Q(withdrawn_at__isnull=True)
            )
        ]


class Erasure(models.Model):
    """A person's wish to be forgotten; it is carried out when its days of grace have passed."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="erasure")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "erasure"


class Client(AbstractApplication):  # type: ignore[misc]
    """A service or program of a library, or (without one) of the centre. Lists of addresses are parted by spaces.

    Whoever logs in must find it, so its manager is not scoped; `queries.clients` keeps the pages to their own.
    `client_secret` is a digest (`services.clients`), which the toolkit is told not to hash again.
    """

    institution = models.ForeignKey("members.Institution", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in types.ClientKind])
    name_zh = models.CharField(max_length=100)
    name_zh_hant = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    home_url = models.CharField(max_length=2000, blank=True)
    is_enabled = models.BooleanField(default=True)
    scopes = models.CharField(max_length=500, blank=True)
    sector = models.CharField(max_length=255, blank=True)
    services = models.TextField(blank=True)
    saml_entity_id = models.CharField(max_length=1024, blank=True)
    saml_metadata = models.TextField(blank=True)
    backchannel_uri = models.CharField(max_length=2000, blank=True)
    entry = models.CharField(max_length=10, choices=[(entry.value, entry.value) for entry in types.Entry])
    admitted_ids = models.JSONField(default=list)
    roles = models.CharField(max_length=500, blank=True)

    objects: ClassVar[ApplicationManager] = ApplicationManager()

    class Meta:
        db_table = "identity_client"
        constraints = [
            models.UniqueConstraint(
                name="client_saml_entity_once", fields=["saml_entity_id"], condition=~Q(saml_entity_id="")
            ),
        ]

    def is_usable(self, request: object) -> bool:
        """Tell the toolkit whether the client is switched on."""
        del request
        return self.is_enabled


class Visit(models.Model):
    """A person's log-in to a service within one session here. It is hers: no institution sees it.

    `digest` is that of the code or ticket by which the service took it up, `session_index` what the service knows the
    session by, `token_family` that of its refresh tokens.
    """

    sid = models.CharField(max_length=43, db_index=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    place = models.CharField(max_length=40)
    subject = models.CharField(max_length=64)
    scopes = models.CharField(max_length=500, blank=True)
    issuer = models.CharField(max_length=300)
    service = models.CharField(max_length=2000, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    session_index = models.CharField(max_length=255, blank=True)
    token_family = models.UUIDField(null=True, unique=True)
    is_fresh = models.BooleanField(default=False)
    authenticated_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    taken_up_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "identity_visit"
        indexes = [models.Index(name="visit_of_person", fields=["person", "client"])]


class SessionRecord(models.Model):
    """A log-in, for its person to see and to end. The address is kept without its last part."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, blank=True)
    method = models.CharField(max_length=20)
    device = models.CharField(max_length=60)
    network = models.CharField(max_length=50)
    near_id = models.IntegerField(null=True)
    begun_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_why = models.CharField(max_length=20, blank=True)

    class Meta:
        db_table = "session_record"
        constraints = [
            models.UniqueConstraint(name="session_key_once", fields=["session_key"], condition=~Q(session_key="")),
        ]
        indexes = [models.Index(name="session_of_person", fields=["person", "ended_at"])]


class Authenticator(models.Model):
    """An app that shows numbers (TOTP, RFC 6238). `last_step` is the time step of the last number that was taken."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=64)
    confirmed = models.BooleanField(default=False)
    sealed_key = models.TextField()
    drift = models.SmallIntegerField(default=0)
    last_step = models.BigIntegerField(default=-1)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "authenticator"


class RecoveryCode(models.Model):
    """A code for the day the phone is lost: kept as a keyed digest, and gone once used."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()

    class Meta:
        db_table = "recovery_code"
        constraints = [models.UniqueConstraint(name="recovery_code_once", fields=["person", "digest"])]


class Safety(models.Model):
    """What the safety rules remember of a person: when she was asked to enrol, and her last passwords' hashes."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    first_asked_at = models.DateTimeField(null=True)
    put_off_at = models.DateTimeField(null=True)
    password_changed_at = models.DateTimeField(null=True)
    former_passwords = models.JSONField(default=list)

    class Meta:
        db_table = "person_safety"


class InstitutionPolicy(models.Model):
    """What an institution asks of its staff beyond the installation's policy."""

    institution = models.OneToOneField("members.Institution", on_delete=models.CASCADE, related_name="+")
    second_factor = models.CharField(max_length=10, choices=[(one.value, one.value) for one in types.FactorPolicy])

    objects = tenancy.ScopedManager()

    class Meta:
        db_table = "institution_policy"
