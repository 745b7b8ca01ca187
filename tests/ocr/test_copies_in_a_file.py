"""A page that is in a file twice counts once; pages of one template that differ in a number are two."""

import pytest

from domain.document import Box
from ocr.gathered import Page, into_documents
from ocr.layout import Cell

BILL = ("示例省医疗住院收费票据", "票据号码：0012345678", "交款人：王示例", "床位费 120.00", "金额合计 120.00")


def page(number, lines=BILL, confidence=0.9):
    boxes = [Box(10, 40 * place, 600, 40 * place + 30) for place in range(len(lines))]
    return Page(number, tuple(Cell(text, confidence, number, box, box) for text, box in zip(lines, boxes, strict=True)))


def told(pages):
    return [(each.numbers, [finding.message for finding in each.findings()]) for each in into_documents(pages, 0.5)]


@pytest.mark.parametrize(("first", "second", "stays", "goes"), [(0.9, 0.8, 0, "第2页"), (0.8, 0.9, 1, "第1页"), (0.9, 0.9, 0, "第2页")])
def test_of_a_page_sent_twice_the_one_that_was_read_better_stays(first, second, stays, goes):
    twice = [page(0, confidence=first), page(1, confidence=second)]
    assert told(twice) == [((stays,), [f"{goes}与另一页相同，只采用较清晰的一页"])]


@pytest.mark.parametrize("other", [("票据号码：0012345679",), ("床位费 120.01",)])
def test_another_number_is_another_page(other):
    lines = tuple(other[0] if line.split("：")[0].split()[0] == other[0].split("：")[0].split()[0] else line for line in BILL)
    assert [number for numbers, _ in told([page(0), page(1, lines)]) for number in numbers] == [0, 1]


def test_two_papers_in_one_picture_are_never_copies():
    assert [notes for _, notes in told([page(0), page(0)])] == [[]]


def test_pages_without_words_are_no_copies_of_each_other():
    assert told([page(0), Page(1), Page(2)]) == [((0, 1, 2), [])]
