"""By which sources an institution recognises its people, and which settings they have."""

from __future__ import annotations

from tongwen.domain.identity import models, types
from tongwen.domain.identity.rules import source_settings


def sources() -> tuple[types.Source, ...]:
    """Return all sources of the institution in scope, in their order."""
    return tuple(_source(row) for row in models.Source.objects.order_by("position", "pk"))


def open_sources() -> tuple[types.Source, ...]:
    """Return the sources by which people of the institution in scope may come in, in their order."""
    return tuple(one for one in sources() if one.is_enabled)


def source(source_id: int) -> types.Source:
    """Return a source of the institution in scope; raises UnknownSource."""
    row = models.Source.objects.filter(pk=source_id).first()
    if row is None:
        raise types.UnknownSource(f"there is no source {source_id}")
    return _source(row)


def secrets_kept(source_id: int) -> frozenset[str]:
    """Return which secrets of a source are kept, by name: the page says so and shows none."""
    row = models.Source.objects.filter(pk=source_id).first()
    return frozenset(row.secrets) if row else frozenset()


def source_settings_of(kind: types.SourceKind) -> tuple[types.Setting, ...]:
    """Return the fields of a kind of source, in the order in which they are asked for."""
    return source_settings.TABLE[kind]


def people_of_source(source_id: int) -> int:
    """Return how many people have come in by a source."""
    return models.Link.objects.filter(source_id=source_id).count()


def _source(row: models.Source) -> types.Source:
    kind = types.SourceKind(row.kind)
    return types.Source(
        id=row.pk,
        institution_id=row.institution_id,
        kind=kind,
        name_zh=row.name_zh,
        name_zh_hant=row.name_zh_hant,
        name_en=row.name_en,
        is_enabled=row.is_enabled,
        position=row.position,
        settings=source_settings.whole(kind, row.settings),
    )
