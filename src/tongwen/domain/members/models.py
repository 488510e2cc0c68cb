"""Tables of membership. They are the installation's own: every library may see who the members are."""

from __future__ import annotations

import ipaddress
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from tongwen.domain.members import types


def _choices(kind: Any) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]


class NetworkField(models.Field):  # type: ignore[type-arg]
    """A network of PostgreSQL's type cidr; in Python an IPv4Network or IPv6Network."""

    def db_type(self, connection: Any) -> str:  # noqa: ARG002  Django hands it over.
        """Return the column's type."""
        return "cidr"

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> types.Network | None:
        """Return a network; the connection hands out its written form."""
        return None if value is None else ipaddress.ip_network(value)

    def get_prep_value(self, value: Any) -> Any:
        """Take networks and their written form."""
        return None if value is None else str(ipaddress.ip_network(value))


class Place(models.Model):
    """A province or city of GB/T 2260."""

    code = models.CharField(max_length=6, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_zh_hant = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        db_table = "place"


class Portal(models.Model):
    """What an institution's and a sharing domain's own portal says and looks like."""

    welcome_zh = models.TextField(blank=True, default="")
    welcome_zh_hant = models.TextField(blank=True, default="")
    welcome_en = models.TextField(blank=True, default="")
    colour = models.CharField(max_length=7, blank=True, default="")
    accent = models.CharField(max_length=7, blank=True, default="")

    class Meta:
        abstract = True


class Institution(Portal):
    code = models.CharField(max_length=20, unique=True)
    isil = models.CharField(max_length=16, blank=True)
    name_zh = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=_choices(types.InstitutionType))
    tier = models.CharField(max_length=20, choices=_choices(types.MemberTier), default=types.MemberTier.MEMBER)
    status = models.CharField(
        max_length=20, choices=_choices(types.InstitutionStatus), default=types.InstitutionStatus.ACTIVE
    )
    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    homepage = models.CharField(max_length=500, blank=True, default="")
    contact_mail = models.CharField(max_length=254, blank=True, default="")
    contact_phone = models.CharField(max_length=50, blank=True, default="")
    open_weekdays = models.CharField(max_length=7, default="12345")
    forms = models.TextField(blank=True, default="")

    class Meta:
        db_table = "institution"
        constraints = [
            models.UniqueConstraint(Lower("code"), name="institution_code_any_case"),
            models.UniqueConstraint(Lower("isil"), condition=~Q(isil=""), name="institution_isil"),
            models.CheckConstraint(
                condition=Q(status__in=[one.value for one in types.InstitutionStatus]), name="institution_status"
            ),
        ]


class InstitutionLogo(models.Model):
    institution = models.OneToOneField(Institution, on_delete=models.CASCADE, related_name="logo", primary_key=True)
    content = models.BinaryField()
    media_type = models.CharField(max_length=20)
    digest = models.CharField(max_length=16)

    class Meta:
        db_table = "institution_logo"


class SharingDomain(Portal):
    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=_choices(types.SharingDomainKind))
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    centre = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    institutions = models.ManyToManyField(Institution, related_name="sharing_domains")

    class Meta:
        db_table = "sharing_domain"
        constraints = [
            models.UniqueConstraint(fields=["place"], condition=Q(kind="province"), name="sharing_domain_of_province")
        ]


class PortalHost(models.Model):
    """A host name that answers as the portal of one institution or one sharing domain."""

    host_name = models.CharField(max_length=253, unique=True)
    institution = models.OneToOneField(Institution, null=True, on_delete=models.CASCADE, related_name="portal_host")
    domain = models.OneToOneField(SharingDomain, null=True, on_delete=models.CASCADE, related_name="portal_host")

    class Meta:
        db_table = "portal_host"
        constraints = [
            models.CheckConstraint(
                condition=Q(institution__isnull=True, domain__isnull=False)
                | Q(institution__isnull=False, domain__isnull=True),
                name="portal_host_has_one_owner",
            )
        ]


class Subscription(models.Model):
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="subscriptions")
    service = models.CharField(max_length=30, choices=_choices(types.Service))
    begins_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        db_table = "subscription"
        constraints = [
            models.UniqueConstraint(fields=["institution", "service", "begins_on"], name="subscription_begins_once"),
            models.UniqueConstraint(
                fields=["institution", "service"], condition=Q(ends_on__isnull=True), name="subscription_open_once"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("begins_on")), name="subscription_dates"
            ),
        ]


class DomainService(models.Model):
    """Whether a sharing domain has a service on for its members; without a row it has."""

    domain = models.ForeignKey(SharingDomain, on_delete=models.CASCADE, related_name="services")
    service = models.CharField(max_length=30, choices=_choices(types.Service))
    is_on = models.BooleanField()

    class Meta:
        db_table = "domain_service"
        constraints = [models.UniqueConstraint(fields=["domain", "service"], name="domain_service_once")]


class AddressRange(models.Model):
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="address_ranges")
    network = NetworkField()

    class Meta:
        db_table = "address_range"
        constraints = [models.UniqueConstraint(fields=["network"], name="address_range_once")]


class CalendarEntry(models.Model):
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="calendar")
    begins_on = models.DateField()
    ends_on = models.DateField()
    kind = models.CharField(max_length=20, choices=_choices(types.CalendarKind))
    label = models.CharField(max_length=100, blank=True)

    class Meta:
        db_table = "calendar_entry"
        indexes = [models.Index(fields=["institution", "ends_on"], name="calendar_entry_ends")]
        constraints = [
            models.UniqueConstraint(fields=["institution", "begins_on", "ends_on"], name="calendar_entry_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="calendar_entry_dates"),
        ]


class MembershipApplication(models.Model):
    """An application as it was sent in; what became of it stands in its steps."""

    submission = models.UUIDField(unique=True)
    secret_hash = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=20, choices=_choices(types.ApplicationState))
    name_zh = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=_choices(types.InstitutionType))
    city = models.CharField(max_length=6)
    province = models.CharField(max_length=6, db_index=True)
    isil = models.CharField(max_length=16, blank=True)
    homepage = models.CharField(max_length=500, blank=True)
    services = models.JSONField(default=list)
    contact_name = models.CharField(max_length=100)
    contact_mail = models.CharField(max_length=254)
    contact_phone = models.CharField(max_length=50, blank=True)
    message = models.TextField(blank=True)
    language = models.CharField(max_length=10, blank=True, default="")
    submitted_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    institution = models.OneToOneField(Institution, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "membership_application"
        indexes = [models.Index(fields=["state", "changed_at"], name="application_queue")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in types.ApplicationState]), name="application_state"
            ),
            models.CheckConstraint(
                condition=Q(state="approved", institution__isnull=False)
                | (~Q(state="approved") & Q(institution__isnull=True)),
                name="application_approved_has_institution",
            ),
        ]


class ApplicationStep(models.Model):
    application = models.ForeignKey(MembershipApplication, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    actor = models.CharField(max_length=150, blank=True)
    step = models.CharField(max_length=20, choices=_choices(types.ApplicationStep))
    text = models.TextField(blank=True)

    class Meta:
        db_table = "application_step"
        indexes = [models.Index(fields=["application", "at"], name="application_step_order")]


class RegisterMark(models.Model):
    """One row whose mark changes with every change of the register: a process that kept it reads anew."""

    mark = models.UUIDField()

    class Meta:
        db_table = "register_mark"
