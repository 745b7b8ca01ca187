"""Papers in words that no layout of the sandbox has are told, and what stands on them is found."""

import pytest

from ocr.classify import judge_text
from ocr.gathered import text_of
from tests.ocr.typed import typed
from tests.ocr.untuned_papers import PAPERS, STRANGE_PAPERS

papers = pytest.mark.parametrize("paper", [pytest.param(paper, id=name) for name, paper in PAPERS.items()])


@papers
def test_its_class_is_told(paper):
    judged = judge_text(text_of(typed(paper.text)))
    assert judged.document_class is paper.document_class and judged.confidence >= 0.5


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in STRANGE_PAPERS.items()])
def test_a_paper_of_no_class_stays_below_the_threshold(text):
    assert judge_text(text_of(typed(text))).confidence < 0.5
