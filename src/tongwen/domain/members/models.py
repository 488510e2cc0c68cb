"""Tables of membership. They are the installation's own: every library may see who the members are."""

from __future__ import annotations

from django.db import models

from tongwen.domain.members import types


class Place(models.Model):
    """A province or city of GB/T 2260."""

    code = models.CharField(max_length=6, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_zh_hant = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        db_table = "place"


class Institution(models.Model):
    code = models.CharField(max_length=20, unique=True)
    isil = models.CharField(max_length=16, blank=True)
    name_zh = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    type = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in types.InstitutionType])
    province = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    city = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")

    class Meta:
        db_table = "institution"


class SharingDomain(models.Model):
    code = models.CharField(max_length=20, unique=True)
    name_zh = models.CharField(max_length=200)
    name_zh_hant = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in types.SharingDomainKind])
    institutions = models.ManyToManyField(Institution, related_name="sharing_domains")

    class Meta:
        db_table = "sharing_domain"
