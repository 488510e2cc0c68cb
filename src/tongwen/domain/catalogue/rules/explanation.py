"""Decisions in words, in the active language: a headline first, then what was observed, most telling first.

The phrases stand here in English as message ids; the catalogues of `locale/` hold the other languages. Every outcome
that `comparison` can report has its phrase, a test sees to that.
"""

from __future__ import annotations

import re
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from tongwen.domain.catalogue.types import Band, Decision, Feature

PHRASES = MappingProxyType(
    {
        ("same-source", "equal"): _("same record number of the same agency"),
        ("same-source", "different"): _("two record numbers of the same agency (%(mine)s, %(theirs)s)"),
        ("isbn", "equal"): _("same ISBN"),
        ("isbn", "shared"): _("same ISBN, and one that only one of them has"),
        ("isbn", "loosely-shared"): _("one ISBN in common among several"),
        ("isbn", "disjoint"): _("different ISBNs (%(mine)s, %(theirs)s)"),
        ("isbn", "one-missing"): _("only one has an ISBN"),
        ("wrong-isbn", "shared"): _("same wrong or cancelled ISBN"),
        ("issn", "equal"): _("same ISSN"),
        ("issn", "disjoint"): _("different ISSNs (%(mine)s, %(theirs)s)"),
        ("issn", "one-missing"): _("only one has an ISSN"),
        ("lccn", "equal"): _("same LCCN"),
        ("lccn", "disjoint"): _("different LCCNs (%(mine)s, %(theirs)s)"),
        ("lccn", "one-missing"): _("only one has an LCCN"),
        ("oclc", "equal"): _("same OCLC number"),
        ("oclc", "disjoint"): _("different OCLC numbers (%(mine)s, %(theirs)s)"),
        ("oclc", "one-missing"): _("only one has an OCLC number"),
        ("national", "equal"): _("same national bibliography number"),
        ("national", "disjoint"): _("different national bibliography numbers (%(mine)s, %(theirs)s)"),
        ("national", "other-source"): _("national bibliography numbers of different agencies"),
        ("book-number", "equal"): _("same unified book number"),
        ("book-number", "disjoint"): _("different unified book numbers (%(mine)s, %(theirs)s)"),
        ("book-number", "one-missing"): _("only one has a unified book number"),
        ("address", "equal"): _("same address on the web (%(mine)s)"),
        ("title", "equal"): _("same title"),
        ("title", "equal-romanized"): _("same romanised title"),
        ("title", "similar"): _("titles that differ by a letter (“%(mine)s”, “%(theirs)s”)"),
        ("title", "similar-native"): _("titles that differ by one character (“%(mine)s”, “%(theirs)s”)"),
        ("title", "variant"): _("the title of one is a variant title of the other"),
        ("title", "partly"): _("one title begins with the other (“%(mine)s”, “%(theirs)s”)"),
        ("title", "same-sound"): _("titles that only sound the same (“%(mine)s”, “%(theirs)s”)"),
        ("title", "other-script"): _("titles in different scripts (“%(mine)s”, “%(theirs)s”)"),
        ("title", "different"): _("different titles (“%(mine)s”, “%(theirs)s”)"),
        ("title", "missing"): _("a title is missing"),
        ("subtitle", "equal"): _("same subtitle"),
        ("subtitle", "part"): _("one subtitle begins with the other"),
        ("subtitle", "different"): _("different subtitles (“%(mine)s”, “%(theirs)s”)"),
        ("subtitle", "one-missing"): _("only one has a subtitle"),
        ("variant-title", "equal"): _("variant titles in common"),
        ("variant-title", "partly"): _("different variant titles (%(mine)s; %(theirs)s)"),
        ("variant-title", "disjoint"): _("different variant titles (%(mine)s; %(theirs)s)"),
        ("volume", "equal"): _("same volume or part"),
        ("volume", "different"): _("volume %(mine)s versus %(theirs)s"),
        ("volume", "unclear"): _("volume %(mine)s beside %(theirs)s, which may be the same"),
        ("volume", "one-missing"): _("only one names a volume (%(one)s)"),
        ("volume", "name-missing"): _("only one names a part (%(one)s)"),
        ("volume", "name-different"): _("the part is named differently (“%(mine)s”, “%(theirs)s”)"),
        ("number", "equal"): _("same numbers in the title"),
        ("number", "different"): _("different numbers in the title (“%(mine)s”, “%(theirs)s”)"),
        ("number", "one-missing"): _("a number in one title only (“%(mine)s”, “%(theirs)s”)"),
        ("edition", "equal"): _("same edition"),
        ("edition", "similar"): _("same edition, described more or less fully (“%(mine)s”, “%(theirs)s”)"),
        ("edition", "different"): _("edition “%(mine)s” versus “%(theirs)s”"),
        ("edition", "unclear"): _("editions worded differently (“%(mine)s”, “%(theirs)s”)"),
        ("edition", "unstated"): _("an edition in one full description only (%(one)s)"),
        ("edition", "one-missing"): _("only one names an edition (%(one)s)"),
        ("authors", "equal"): _("same authors"),
        ("authors", "included"): _("the authors of one are among those of the other"),
        ("authors", "shared"): _("some authors in common"),
        ("authors", "in-statement"): _("the author is named in the other's statement of responsibility"),
        ("authors", "disjoint"): _("different authors (%(mine)s; %(theirs)s)"),
        ("authors", "other-script"): _("authors in different scripts"),
        ("authors", "unclear"): _("statements of responsibility worded differently"),
        ("authors", "one-missing"): _("only one names authors"),
        ("publisher", "equal"): _("same publisher"),
        ("publisher", "disjoint"): _("different publishers (%(mine)s; %(theirs)s)"),
        ("publisher", "other-script"): _("publishers in different scripts"),
        ("publisher", "one-missing"): _("only one names a publisher"),
        ("place", "equal"): _("same place"),
        ("place", "other-script"): _("places in different scripts"),
        ("place", "different"): _("places named differently (%(mine)s; %(theirs)s)"),
        ("year", "equal"): _("same year"),
        ("year", "one-of-several"): _("the year of one is another year of the other (%(mine)s, %(theirs)s)"),
        ("year", "near"): _("years next to each other (%(mine)s, %(theirs)s)"),
        ("year", "far"): _("published in %(mine)s and in %(theirs)s"),
        ("year", "different"): _("published in %(mine)s versus %(theirs)s"),
        ("year", "one-missing"): _("only one has a year"),
        ("extent", "equal"): _("same extent"),
        ("extent", "equal-short"): _("same extent"),
        ("extent", "same-words"): _("the extent is not counted and described the same"),
        ("extent", "near"): _("nearly the same extent (%(mine)s; %(theirs)s)"),
        ("extent", "different"): _("different extent (%(mine)s; %(theirs)s)"),
        ("extent", "far"): _("very different extent (%(mine)s; %(theirs)s)"),
        ("extent", "set-versus-volume"): _("a set versus a single volume (%(mine)s; %(theirs)s)"),
        ("extent", "one-missing"): _("the extent cannot be compared"),
        ("language", "equal"): _("same language"),
        ("language", "disjoint"): _("different languages (%(mine)s; %(theirs)s)"),
        ("language", "one-missing"): _("only one names a language"),
        ("translation", "different"): _("an original versus a translation"),
        ("material", "equal"): _("same kind of material"),
        ("material", "different"): _("different kinds of material (%(mine)s versus %(theirs)s)"),
        ("material", "one-missing"): _("the kind of material is not known of both"),
        ("carrier", "equal"): _("same carrier"),
        ("carrier", "different"): _("different carriers (%(mine)s versus %(theirs)s)"),
        ("carrier", "unclear"): _("the carrier is not known of both"),
        ("carrier", "one-missing"): _("the carrier is not known of both"),
        ("level", "equal"): _("same bibliographic level"),
        ("level", "different"): _("different bibliographic levels (%(mine)s versus %(theirs)s)"),
        ("level", "set-versus-volume"): _("a set versus a single volume (%(mine)s; %(theirs)s)"),
        ("level", "unclear"): _("perhaps a set versus a single volume"),
        ("level", "one-missing"): _("the bibliographic level is not known of both"),
        ("series", "equal"): _("same series"),
        ("series", "one-missing"): _("only one names a series (%(one)s)"),
        ("series", "different"): _("series named differently (%(mine)s; %(theirs)s)"),
        ("host", "equal"): _("part of the same host"),
        ("host", "disjoint"): _("parts of different hosts (%(mine)s; %(theirs)s)"),
        ("host", "one-missing"): _("only one names its host"),
        ("ancient", "yes"): _("printed before 1912 or a rare book"),
        ("press", "machine"): _("printed by machine (1830 to 1911)"),
        ("press", "hand"): _("printed by hand (before 1830)"),
        ("press", "block"): _("an old East Asian book"),
        ("press", "serial"): _("a serial that began before 1912"),
        ("creator", "person"): _("entered under a person"),
        ("creator", "body"): _("entered under a body or an East Asian name"),
        ("wording", "equal"): _("described the same, word for word"),
        ("wording", "different"): _("described in other words"),
    }
)

# Whole causes that are no single feature, as they stand behind "but".
_CAUSES = MappingProxyType(
    {
        "limit-no-identifier": _("no identifier in common and not every detail agrees"),
        "limit-doubts": _("several details differ"),
        "limit-ancient": _("printed before 1912 or a rare book"),
        "ambiguous": _("another record fits as well"),
        "nearly": _("not enough in common to be sure"),
        "too-little-in-common": _("too little in common"),
        "same-source-but-title": _("little else agrees"),
        "said-different": _("a person has kept this very record apart"),
    }
)

# The headings under which reviews and merges are grouped, for causes that are not told by a phrase.
_HEADINGS = MappingProxyType(
    {
        "identifier-and-title": _("same identifier and same title"),
        "full-description": _("every detail of the description agrees"),
        **_CAUSES,
    }
)

_VERDICTS = MappingProxyType(
    {
        (Band.AUTOMATIC, False): _("%(agreement)s: the same"),
        (Band.REVIEW, True): _("%(agreement)s, but %(conflict)s: a person must decide"),
        (Band.NEW, True): _("%(agreement)s, but %(conflict)s: not the same"),
    }
)
_VERDICTS_WITHOUT_AGREEMENT = MappingProxyType(
    {
        Band.REVIEW: _("%(conflict)s: a person must decide"),
        Band.NEW: _("%(conflict)s: not the same"),
    }
)

_VALUES = MappingProxyType(
    {
        "text": _("text"), "manuscript": _("manuscript"), "notated-music": _("notated music"), "map": _("map"),
        "moving-image": _("moving image"), "spoken": _("spoken word"), "music": _("music"), "image": _("image"),
        "software": _("software"), "kit": _("kit"), "object": _("object"), "mixed": _("mixed materials"),
        "print": _("print"), "online": _("online"), "microform": _("microform"), "disc": _("disc"),
        "braille": _("braille"), "large-print": _("large print"), "other": _("other"), "unknown": _("unknown"),
        "monograph": _("monograph"), "set": _("multi-volume set"), "serial": _("serial"),
        "integrating": _("integrating resource"), "component": _("component part"), "collection": _("collection"),
    }
)  # fmt: skip
_TRANSLATED = frozenset({"material", "carrier", "level"})

# What a reader wants to hear first among things that weigh the same.
_TELLING = (  # noqa: SIM905 - a list of words reads better
    "same-source isbn lccn oclc national book-number issn address title authors volume number edition year extent"
    " publisher language material"
).split()
# The outcomes that veto, the plainest first.
_AGAINST = ("different", "set-versus-volume", "disjoint")
_SILENT = frozenset({"both-missing"})
_LONGEST = 80
_AGREEMENTS = 3
_EMPTY_BRACKETS = re.compile(r"\s*[(（][…,;，；、“”「」\s]*[)）]")


def explain(decision: Decision) -> tuple[str, ...]:
    """Return the headline and one phrase per feature: vetoes first, then by weight, then what says nothing."""
    features = [feature for feature in decision.features if feature.outcome not in _SILENT]
    features.sort(key=lambda feature: (not feature.veto, -abs(feature.weight), _rank(feature)))
    return (headline(decision), *(_sentence(phrase(feature)) for feature in features))


def headline(decision: Decision) -> str:
    """Return the decision in one line: "Same ISBN, same title, but volume 1 versus 2: not the same"."""
    agreement = str(_(", ")).join(phrase(feature) for feature in _agreements(decision))
    if decision.band is Band.AUTOMATIC:
        return _sentence(str(_VERDICTS[decision.band, False]) % {"agreement": agreement})
    conflict = _conflict(decision)
    if not agreement:
        return _sentence(str(_VERDICTS_WITHOUT_AGREEMENT[decision.band]) % {"conflict": conflict})
    return _sentence(str(_VERDICTS[decision.band, True]) % {"agreement": agreement, "conflict": conflict})


def cause(reason: str) -> str:
    """Return the heading for a `Decision.reason`, without the values of a pair; the word itself if it is unknown."""
    if reason in _HEADINGS:
        return _sentence(str(_HEADINGS[reason]))
    for prefix in ("same-source-but-", "veto-"):
        if reason.startswith(prefix):
            name = reason.removeprefix(prefix)
            outcome = next((outcome for outcome in _AGAINST if (name, outcome) in PHRASES), "")
            return _sentence(_general((name, outcome))) if outcome else reason
    key = next((key for key in PHRASES if f"limit-{key[0]}-{key[1]}" == reason), None)
    return _sentence(_general(key)) if key else reason


def phrase(feature: Feature) -> str:
    """Return one feature in words, in the middle of a sentence; its stable words where it has no phrase."""
    words = PHRASES.get(feature[:2])
    if words is None:
        return f"{feature.name}: {feature.outcome}"
    mine, theirs = (_value(feature, value) for value in (feature.mine, feature.theirs))
    return str(words) % {"mine": mine, "theirs": theirs, "one": mine or theirs}


def _general(key: tuple[str, str]) -> str:
    """Return a phrase less the values of the pair: "volume … versus …"; brackets with nothing else in them go."""
    return _EMPTY_BRACKETS.sub("", str(PHRASES[key]) % {"mine": "…", "theirs": "…", "one": "…"})


def _value(feature: Feature, value: str) -> str:
    if feature.name in _TRANSLATED and value in _VALUES:
        return str(_VALUES[value])
    return value if len(value) <= _LONGEST else value[: _LONGEST - 1] + "…"


def _agreements(decision: Decision) -> list[Feature]:
    good = [feature for feature in decision.features if feature.weight > 0 and not feature.veto]
    good.sort(key=lambda feature: (-feature.weight, _rank(feature)))
    return good[:_AGREEMENTS]


def _conflict(decision: Decision) -> str:
    for feature in decision.features:
        if feature.veto or decision.reason == f"limit-{feature.name}-{feature.outcome}":
            return phrase(feature)
    if decision.reason in {"too-little-in-common", "nearly"}:
        worst = min(decision.features, key=lambda feature: feature.weight, default=None)
        if worst is not None and worst.weight < 0:
            return phrase(worst)
    return str(_CAUSES.get(decision.reason, _CAUSES["nearly"]))


def _rank(feature: Feature) -> int:
    return _TELLING.index(feature.name) if feature.name in _TELLING else len(_TELLING)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
