"""How far the index has followed the catalogue."""

from __future__ import annotations

from django.db import models


class IndexPosition(models.Model):
    """The last change of the catalogue that a generation of the index has taken in."""

    generation = models.CharField(max_length=40, primary_key=True)
    position = models.BigIntegerField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "index_position"
