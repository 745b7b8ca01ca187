"""Compares what was printed with what a QR or bar code on the same page says."""

import re
from collections.abc import Iterable
from dataclasses import replace

from ocr.extract.wanted import Extraction
from ocr.validate import PROVEN_CONFIDENCE

_CODED = ("invoice_code", "invoice_number", "check_code")
_LONG_ENOUGH = 6  # characters; a shorter number may stand in any code by chance


def confirm_by_codes(extraction: Extraction, codes: Iterable[str]) -> Extraction:
    """Mark the invoice's code, number and check code as proven when a code holds the same token.

    Tokens are runs of letters and digits; no meaning is given to their order, which no public
    specification states.
    """
    tokens = {token.upper() for code in codes for token in re.findall(r"[0-9A-Za-z]+", code)}
    fields = tuple(
        replace(each, proven=True, confidence=max(each.confidence, PROVEN_CONFIDENCE))
        if each.name in _CODED and len(str(each.value)) >= _LONG_ENOUGH and str(each.value).upper() in tokens
        else each
        for each in extraction.fields
    )
    return replace(extraction, fields=fields)
