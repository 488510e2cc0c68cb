"""Whether a password is good enough. The numbers stand in `passwords.toml`."""

from __future__ import annotations

import datetime as dt
import enum
import tomllib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.auth import password_validation

_SHORTEST_NAME = 4
_ROW = ("0123456789", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_SERVICE = ("tongwen", "同文")


class Weakness(enum.StrEnum):
    """What is wrong with a password."""

    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_FEW_KINDS = "too_few_kinds"
    COMMON = "common"
    NAME = "name"
    ROW = "row"
    FORMER = "former"


@dataclass(frozen=True, slots=True)
class Rules:
    """One set of rules; see passwords.toml for what each number means."""

    shortest: int
    longest: int
    kinds: int
    oldest_days: int
    former: int


@cache
def rules(name: str) -> Rules:
    """Return a set of rules by its name; a name that stands in no table is a KeyError."""
    tables = tomllib.loads(Path(__file__).with_name("passwords.toml").read_text(encoding="utf-8"))
    return Rules(**tables[name])


def weaknesses(password: str, rules: Rules, names: Iterable[str] = ()) -> tuple[Weakness, ...]:
    """Return what is wrong with a password, in the order in which people are told. `names` may not stand in it."""
    plain = _plain(password)
    found = {
        Weakness.TOO_SHORT: len(password) < rules.shortest,
        Weakness.TOO_LONG: len(password) > rules.longest,
        Weakness.TOO_FEW_KINDS: _kinds(password) < rules.kinds,
        Weakness.COMMON: plain in _common(),
        Weakness.NAME: any(name in plain for name in _parts(names)),
        Weakness.ROW: _is_row(plain),
    }
    return tuple(weakness for weakness, is_so in found.items() if is_so)


def is_too_old(changed_at: dt.datetime | None, rules: Rules, now: dt.datetime) -> bool:
    """Tell whether a password has to be renewed; one whose age nobody knows is as old as can be."""
    if not rules.oldest_days:
        return False
    return changed_at is None or now >= changed_at + dt.timedelta(days=rules.oldest_days)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _parts(names: Iterable[str]) -> list[str]:
    """Names and the parts of addresses; shorter ones than four letters (two Han) stand in many a good password."""
    words = [_plain(word) for name in (*names, *_SERVICE) for word in (name, *name.replace("@", " ").split())]
    return [word for word in words if len(word) >= (2 if any(sign >= "\u3400" for sign in word) else _SHORTEST_NAME)]


def _kinds(password: str) -> int:
    tests = (str.islower, str.isupper, str.isdigit, lambda sign: not sign.isascii() or not sign.isalnum())
    return sum(any(test(sign) for sign in password) for test in tests)


def _is_row(plain: str) -> bool:
    """One or two signs repeated, or neighbours of alphabet, digits or keyboard, forwards, backwards, over and over."""
    if len(set(plain)) <= 2:
        return True
    rows = [line * 20 for line in _ROW]
    return any(plain in row or plain in row[::-1] for row in rows)


@cache
def _common() -> frozenset[str]:
    """Twenty thousand passwords from leaks, as they come with Django."""
    return frozenset(password_validation.CommonPasswordValidator().passwords)
