"""The languages of the interface: gathering what is to be said, finding what is not said yet, compiling.

Message ids stand in English in Python and in templates. `locale/<language>/LC_MESSAGES/django.po` holds what is said
in each language; the compiled catalogues are made at set-up and are not kept with the source.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

LANGUAGES = ("zh_Hans", "zh_Hant", "en")
TRANSLATED = ("zh_Hans", "zh_Hant")
_KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "translate": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


class Gap(NamedTuple):
    """A message that a language does not say yet; `why` is missing, fuzzy, unused or placeholders."""

    language: str
    msgid: str
    why: str


def catalogue_path(root: Path, language: str) -> Path:
    """Return where the catalogue of a language lies in the project folder `root`."""
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_catalogues(root: Path) -> int:
    """Compile each catalogue of the project folder `root` that is newer than its compiled form.

    Returns how many messages the catalogues have in all.
    """
    total = 0
    for language in LANGUAGES:
        source = catalogue_path(root, language)
        catalogue = read_catalogue(source)
        total += len(catalogue)
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        compiled = io.BytesIO()
        write_mo(compiled, catalogue)
        # A process that starts at this moment must not read half a file.
        scratch = target.with_suffix(".mo.new")
        scratch.write_bytes(compiled.getvalue())
        scratch.replace(target)
    return total


def read_catalogue(path: Path) -> Catalog:
    """Read a catalogue; raises what babel raises on a damaged one, with its line."""
    with path.open("rb") as file:
        return read_po(file, abort_invalid=True)


def messages(package: Path) -> Catalog:
    """Gather every message of the Python modules and templates below `package`."""
    found = Catalog(project="Tongwen", charset="utf-8")
    for path in sorted((*package.rglob("*.py"), *package.rglob("*.html"))):
        place = path.relative_to(package.parent.parent).as_posix()
        for line, message, comments, context in _extracted(path):
            found.add(message, None, [(place, line)], auto_comments=comments, context=context)
    return found


def _extracted(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        source = _as_python(source, path.name)
    file = io.BytesIO(source.encode())
    yield from extract("python", file, keywords=_KEYWORDS, options={"encoding": "utf-8"})


def _as_python(template: str, name: str) -> str:
    """Turn a template into lines that Python's tokenizer takes; only the calls of gettext matter."""
    from django.utils.translation.template import templatize

    lines = templatize(template, origin=name).splitlines()
    return "\n".join(line.strip() for line in lines) + "\n"


def gaps(root: Path, package: Path) -> list[Gap]:
    """Return what is not yet, or not any more, as it should be in the catalogues of the translated languages."""
    used = messages(package)
    found = []
    for language in TRANSLATED:
        said = read_catalogue(catalogue_path(root, language))
        for message in used:
            if message.id:
                found += _gaps_of(language, message.id, message.context, said)
        known = {(message.id, message.context) for message in used}
        found += [
            Gap(language, _first(one.id), "unused") for one in said if one.id and (one.id, one.context) not in known
        ]
    return found


def _gaps_of(language: str, msgid: str | tuple[str, ...] | list[str], context: str | None, said: Catalog) -> list[Gap]:
    message = said.get(_first(msgid), context)
    if message is None or message.id != msgid or not all(_strings(message.string)):
        return [Gap(language, _first(msgid), "missing")]
    if message.fuzzy:
        return [Gap(language, _first(msgid), "fuzzy")]
    return [Gap(language, _first(msgid), "placeholders") for _error in message.check(said)]


def _strings(value: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [""])


def _first(msgid: str | tuple[str, ...] | list[str]) -> str:
    return msgid if isinstance(msgid, str) else msgid[0]


def update_catalogues(root: Path, package: Path) -> None:
    """Bring the catalogues up to what is used: new messages come in empty, unused ones go."""
    used = messages(package)
    for language in TRANSLATED:
        path = catalogue_path(root, language)
        said = read_catalogue(path)
        said.update(used, no_fuzzy_matching=True)
        said.obsolete.clear()
        said.msgid_bugs_address = said.last_translator = said.language_team = "Tongwen"
        with path.open("wb") as file:
            write_po(
                file, said, width=110, sort_output=True, omit_header=False, ignore_obsolete=True, include_lineno=False
            )
