"""The folders from which files are taken, and how they stand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tongwen.domain.catalogue import types
from tongwen.domain.catalogue.models import LoadProfile, PickedUp
from tongwen.domain.catalogue.queries.profiles import profile_of_row
from tongwen.domain.members import queries as members

_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".writing")
_UPKEEP = "the installation's worker looks into the folders of every library"


def pickup_folder(profile: types.Profile) -> Path:
    """Return the pick-up folder of a library's profile: `<TONGWEN_HOME>/pickup/<library>/<profile>`."""
    library = members.institution(profile.institution_id)
    home: Path = settings.TONGWEN_HOME
    return home / "pickup" / library.code / profile.name


def files(path: Path) -> Iterator[Path]:
    """Yield what lies in a folder by name; hidden files and those that a program still writes are left out."""
    for entry in sorted(path.iterdir()):
        if not entry.name.startswith(".") and not entry.name.casefold().endswith(_UNFINISHED):
            yield entry


def picked_up_profiles() -> tuple[types.Profile, ...]:
    """Return the profiles of all libraries whose folders are looked into."""
    rows = LoadProfile.objects.unscoped(_UPKEEP).filter(is_picked_up=True).order_by("pk")
    return tuple(profile_of_row(row) for row in rows)


def pickup_folders() -> tuple[types.PickupFolder, ...]:
    """Return all folders that are looked into, with what lies there."""
    return tuple(_folder(profile) for profile in picked_up_profiles())


def _folder(profile: types.Profile) -> types.PickupFolder:
    path = pickup_folder(profile)
    waiting = tuple(entry.name for entry in files(path) if entry.is_file()) if path.is_dir() else ()
    notes = PickedUp.objects.unscoped(_UPKEEP).filter(institution_id=profile.institution_id, is_settled=False)
    running = notes.filter(profile_name=profile.name).order_by("batch_id").values_list("batch_id", flat=True)
    return types.PickupFolder(profile.institution_id, profile.name, str(path), waiting, tuple(running))
