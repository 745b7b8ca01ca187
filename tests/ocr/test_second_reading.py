"""The second reader is asked about doubtful numbers only, about all of them at once, and its silence changes nothing."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from domain.document import Box, Field
from domain.errors import ReaderError
from ocr.second_reading import NO_OPINION, SecondOpinion, read_again
from ocr.settings import OcrSettings

UPLOADS = {0: np.full((400, 400, 3), 255, np.uint8)}
DOUBTFUL = OcrSettings().doubtful_below
TOTAL = Field("total_fen", 774362, DOUBTFUL - 0.01, 0, Box(10, 10, 200, 40), "7743.62", False)
NUMBER = Field("invoice_number", "0012345678", DOUBTFUL - 0.01, 0, Box(10, 60, 200, 90), "0012345678", False)


class Saying:
    """A second reader that says what it was given to say, and counts how often it was asked."""

    def __init__(self, *said: tuple[str, float]) -> None:
        self.said, self.asked = list(said), 0

    def read_lines(self, images: Sequence[object]) -> list[tuple[str, float]]:
        self.asked += 1
        assert len(images) == len(self.said)
        return self.said


class Failing:
    def read_lines(self, images: Sequence[object]) -> list[tuple[str, float]]:
        raise ReaderError("tesseract failed", "try another engine")


def ask(reader: Saying | Failing, *fields: Field, failed: frozenset[str] = frozenset()) -> SecondOpinion:
    return read_again(fields, failed, UPLOADS, reader, OcrSettings())


def test_all_doubtful_numbers_are_asked_about_at_once() -> None:
    reader = Saying(("7743.62", 0.9), ("0012345679", 0.9))
    opinion = ask(reader, TOTAL, NUMBER)
    assert (reader.asked, opinion.strips, opinion.agreed) == (1, 2, {"total_fen"})
    assert [(each.code, each.about) for each in opinion.findings] == [("field.readers_disagree", "invoice_number")]


def test_a_number_at_the_bound_is_not_doubtful_unless_a_check_failed() -> None:
    sure = replace(TOTAL, confidence=DOUBTFUL)
    assert ask(Saying(), sure) == NO_OPINION
    assert ask(Saying(("7743.62", 0.9)), sure, failed=frozenset(["total_fen"])).agreed == {"total_fen"}


def test_a_card_number_is_asked_about_however_sure_it_is() -> None:
    card = replace(NUMBER, name="card_number", value="9900001234567894", confidence=1.0)
    assert ask(Saying(("9900 0012 3456 7894", 0.9)), card).agreed == {"card_number"}


def test_what_is_proven_is_no_number_or_has_no_picture_is_not_asked_about() -> None:
    name = replace(NUMBER, name="payer_name", value="张示例")
    assert ask(Saying(), replace(TOTAL, proven=True), name, replace(TOTAL, page=1), replace(TOTAL, box=None)) == NO_OPINION


def test_a_second_reading_below_its_own_bound_is_no_opinion() -> None:
    assert ask(Saying(("7748.62", 0.59)), TOTAL) == SecondOpinion(frozenset(), (), 1)


def test_a_second_reader_that_fails_changes_nothing() -> None:
    assert ask(Failing(), TOTAL) == SecondOpinion(frozenset(), (), 1)
