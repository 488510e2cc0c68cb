"""By what people type a person is found: her name in any script, pinyin, initials, her number."""

from __future__ import annotations

from functools import lru_cache

from tongwen.standards import hanzi

_LONGEST_KEY = 60


@lru_cache(maxsize=65_536)
def _first_two(characters: str) -> tuple[str, ...]:
    """Return the syllables of the first two characters of a Han name, the surname read as a surname (单 shan)."""
    forms = hanzi.name_forms(characters + "文")
    return tuple(forms[0].split()[:-1]) if forms else ()


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def name_keys(name: str) -> list[str]:
    """Return the words of which a reader types a beginning: 单田芳 gives itself, 田芳, 芳, shantianfang, tianfang, stf.

    What is not Han is folded and taken word by word.
    """
    folded = hanzi.normalize(name)
    keys = ["".join(filter(str.isalnum, word)) for word in folded.split()]
    han = "".join(filter(_is_han, name))
    if han:
        syllables = [*_first_two(han[:2]), *(hanzi.pinyin(one) or one for one in han[2:])]
        plain = "".join(filter(_is_han, folded))
        keys += [plain[start:] for start in range(len(plain))]
        keys += ["".join(syllables), "".join(syllables[1:]), "".join(word[0] for word in syllables)]
    return list(dict.fromkeys(key[:_LONGEST_KEY] for key in keys if key))


def reader_keys(institution_id: int, number: str, name: str) -> str:
    """Return the words under which a library's reader is found, space-joined; each begins with the library's number.

    So one index serves all libraries, and a search in one reads nothing of the others.
    """
    return " ".join(f"{institution_id}/{key}" for key in [_plain(number), *name_keys(name)] if key)


def reader_question(institution_id: int, text: str) -> str:
    """Return a question in words of PostgreSQL's `tsquery` for a library's readers; "" where nothing is asked."""
    words = [_plain(word)[:_LONGEST_KEY] for word in text.split()]
    return " & ".join(f"'{institution_id}/{word}':*" for word in words if word)


def _plain(word: str) -> str:
    """Fold a number or word to letters and digits, which mean nothing to a `tsquery`."""
    return "".join(filter(str.isalnum, hanzi.normalize(word)))


def person_keys(name: str, username: str, email: str) -> str:
    """Return in one text what is searched of a person: log-in name, e-mail address, name, pinyin, initials."""
    return " ".join(filter(None, [username.lower(), email.lower(), *name_keys(name)]))[:1_000]


def person_words(text: str) -> list[str]:
    """Return the words of a question about persons, folded as their keys are."""
    return [word for word in hanzi.normalize(text).split() if word]
