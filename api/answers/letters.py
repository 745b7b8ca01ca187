"""What is told of a claim's letters: which there are, and where their files lie."""

from collections.abc import Sequence
from itertools import groupby

from api.answers.base import Answer, iso_time
from api.paging import Page, PageQuery, page_of
from domain.letter import KIND_NAMES_ZH, LetterFormat
from storage.letters import LetterFile


class LetterTold(Answer):
    """One letter; `pdf` is missing while no font for it was found, `html` never is."""

    letter_id: str
    kind: str
    name: str
    round: int
    at: str
    html: str
    html_sha256: str
    pdf: str | None
    pdf_sha256: str | None


class Letters(Page):
    """A claim's letters, oldest first."""

    letters: tuple[LetterTold, ...]


def letters_told(files: Sequence[LetterFile], query: PageQuery) -> Letters:
    """Tell of a page of letters; the files of one letter stand together."""
    shown, following = page_of(list(every_letter(files)), query, lambda each: each.letter_id)
    return Letters(letters=shown, next=following)


def every_letter(files: Sequence[LetterFile]) -> tuple[LetterTold, ...]:
    """Tell of all letters of one claim."""
    return tuple(_told(list(group)) for _, group in groupby(files, key=lambda each: each.letter_id))


def _told(files: list[LetterFile]) -> LetterTold:
    by_format = {each.format: each for each in files}
    html, pdf = by_format[LetterFormat.HTML], by_format.get(LetterFormat.PDF)
    address = f"/v1/claims/{html.claim_id}/letters/{html.letter_id}"
    return LetterTold(
        letter_id=html.letter_id,
        kind=html.kind,
        name=KIND_NAMES_ZH[html.kind],
        round=html.round,
        at=iso_time(html.created_ms),
        html=f"{address}.html",
        html_sha256=html.sha256,
        pdf=f"{address}.pdf" if pdf else None,
        pdf_sha256=pdf.sha256 if pdf else None,
    )
