"""The one analysis of text: folding, tokens, readings and numerals, for the index, for queries and for matching."""

from tongwen.standards.hanzi.analysis import (
    SIGNS,
    analyze,
    analyze_many,
    joined_title,
    romanized_key,
    tokens,
    unigrams,
    whole,
    whole_title,
)
from tongwen.standards.hanzi.conversion import traditional
from tongwen.standards.hanzi.folding import normalize
from tongwen.standards.hanzi.numerals import unify_numerals, volume_key
from tongwen.standards.hanzi.readings import (
    initials,
    name_forms,
    pinyin,
    romanized_name,
    surname_pinyin,
    title_forms,
)
from tongwen.standards.hanzi.scripts import script
from tongwen.standards.hanzi.stripping import strip_publisher, strip_roles
from tongwen.standards.hanzi.syllables import (
    NearDivision,
    near_divisions,
    pinyin_queries,
    pinyin_query,
    split_pinyin,
)

__all__ = [
    "SIGNS",
    "NearDivision",
    "analyze",
    "analyze_many",
    "initials",
    "joined_title",
    "name_forms",
    "near_divisions",
    "normalize",
    "pinyin",
    "pinyin_queries",
    "pinyin_query",
    "romanized_key",
    "romanized_name",
    "script",
    "split_pinyin",
    "strip_publisher",
    "strip_roles",
    "surname_pinyin",
    "title_forms",
    "tokens",
    "traditional",
    "unify_numerals",
    "unigrams",
    "volume_key",
    "whole",
    "whole_title",
]
