"""Titles and words tell the class; too few of them tell nothing."""

import pytest

from domain.document import CLASS_NAMES_ZH, DocumentClass
from ocr.classify import ANCHORS, classify_text
from ocr.extract.registry import EXTRACTORS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("江海省医疗门诊收费票据 票据代码 金额合计", DocumentClass.MEDICAL_INVOICE),
        ("住院费用清单 项目名称 费用合计", DocumentClass.EXPENSE_LIST),
        ("疾病診斷證明書 處理意見", DocumentClass.DIAGNOSIS_CERTIFICATE),
        ("出 院 小 结 出院诊断：肺炎", DocumentClass.DISCHARGE_SUMMARY),
    ],
)
def test_a_title_tells_the_class(text, expected):
    assert classify_text(text)[0] is expected


def test_text_without_anchors_has_no_class():
    assert classify_text("今天天气很好") == (None, 0.0)


def test_a_single_weak_word_stays_below_the_threshold():
    assert classify_text("序号 项目名称")[1] < 0.5


def test_every_class_but_other_has_anchors_and_an_extractor():
    everything = set(CLASS_NAMES_ZH) - {DocumentClass.OTHER}
    assert set(ANCHORS) == everything == set(EXTRACTORS)
