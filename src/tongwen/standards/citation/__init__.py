"""Citations of a record: a display view in, the text of a reference or an entry out."""

from tongwen.standards.citation.format_bibtex import bibtex
from tongwen.standards.citation.format_gbt7714 import EDITIONS, Edition, gbt7714, gbt7714_author_year
from tongwen.standards.citation.format_ris import ris

__all__ = ["EDITIONS", "Edition", "bibtex", "gbt7714", "gbt7714_author_year", "ris"]
