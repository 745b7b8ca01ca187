"""Tells whether two readings are of the same page: photographed twice, or a photograph beside the scan.

Hospitals print the same form for every day and every patient, so likeness of words is not enough: every number must be
the same. Where one was misread the pages count as two, and the sums that then differ are a person's to look at.
"""

import re
import unicodedata
from collections import Counter

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_NO_WORD = re.compile(r"[\W_]+")
_SAME_SHARE = 0.9  # of two-character sequences: PP-OCR reads two photographs of one page alike but for a character here and there
_LEAST = 20  # characters, below which everything is alike


def is_copy(text: str, of: str) -> bool:
    """Tell whether a text holds nothing but what the other holds too: the same numbers as often, nearly the same words."""
    own, others = _words(text), _words(of)
    if len(own) < _LEAST or _numbers(text) - _numbers(of):
        return False
    pairs = _pairs(own)
    return (pairs & _pairs(others)).total() >= _SAME_SHARE * pairs.total()


def are_same(one: str, other: str) -> bool:
    """Tell whether two texts hold the same."""
    return is_copy(one, other) and is_copy(other, one)


def _words(text: str) -> str:
    return _NO_WORD.sub("", unicodedata.normalize("NFKC", text))


def _numbers(text: str) -> Counter[str]:
    return Counter(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def _pairs(words: str) -> Counter[str]:
    return Counter(words[place : place + 2] for place in range(len(words) - 1))
