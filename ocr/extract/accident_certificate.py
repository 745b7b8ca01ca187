"""A certificate of an accident (意外事故证明)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from ocr.extract.anchors import Anchors
from ocr.extract.labels import ID_NUMBER, NAME_FORM, NO_PATIENT, OTHERS_ID_NUMBER
from ocr.extract.values import read_date, read_id_number, read_person, read_story
from ocr.extract.wanted import LOOSE, Extraction, Wanted, field_of, find_fields, label_like, labels_of, without_loose
from ocr.layout import Row

_STORIES = (
    "事故经过", "事发经过", "事故情况", "道路交通事故发生经过", "事故发生经过", "意外发生经过", "受伤经过", "意外经过", "出险经过",
    "简要经过", "事故简要经过", "事故详细经过", "事故经过描述",
    "事情经过", "事实经过", "事故概况", "道路交通事故基本事实", "事故基本事实", "事故基本情况", "发生经过", "经过情况", "受伤情况",
    "情况说明",
)  # fmt: skip
_WANTED = (
    Wanted(
        "patient_name",
        read_person,
        (
            "姓名",
            "当事人",
            "受伤人",
            "当事人姓名",
            "受伤人姓名",
            "伤者姓名",
            "受伤者姓名",
            "伤员姓名",
            "被保险人",
            "职工姓名",
        ),
    ),
    Wanted("id_number", read_id_number, ("伤者身份证号", "伤者身份证号码", "受伤人身份证号", "受伤人身份证号码", *ID_NUMBER)),
    Wanted(
        "accident_date",
        read_date,
        (
            "事故日期",
            "事故时间",
            "出险日期",
            "出险时间",
            "受伤时间",
            "受伤日期",
            "事发时间",
            "事发日期",
            "发生时间",
            "发生日期",
            "事故发生时间",
            "事故发生日期",
            "意外发生时间",
            "意外发生日期",
            "意外时间",
            "伤害发生时间",
        ),
    ),
    Wanted(
        "patient_name",
        read_person,
        (),
        like=label_like(NAME_FORM, NO_PATIENT),
    ),
    Wanted(
        "accident_date", read_date, (), like=label_like("X(?:出险|事故|意外|发生|事发|受伤|伤害)X(?:日期|时间|日)", "报案|出具|开具|签")
    ),
)
_NARRATIVE = Wanted("narrative", read_story, _STORIES)
# Who signs it, and when: a line without a stop that ends in the name of an office, or a day alone.
_SIGNATURE = re.compile(
    r"^[^，。；]{4,40}(?:公司|支队|大队|中队|派出所|分局|公安局|办事处|委员会|居委会|村委会|学校|单位|工会)"
    r"(?:[（(]?(?:公章|盖章|章)?[）)]?)$|^\s*\d{4}\s*年[\d\s]{1,4}月[\d\s]{1,4}日\s*$"
)
_WHOLE = re.compile(r"[。！!.]\s*$")  # how a story ends that was read to its end and no further
_SAID_LATER = re.compile("特此|属实|证明|盖章|公章")
_LABELS = labels_of(
    (*_WANTED, _NARRATIVE),
    *OTHERS_ID_NUMBER,
    "以上情况属实",
    "以上情况",
    "情况属实",
    "上述情况属实",
    "特此证明",
    "特此说明",
    "证明机关",
    "出具单位",
    "单位盖章",
    "事故地点",
    "事发地点",
    "受伤地点",
    "受伤部位",
    "事故责任",
    "事故原因",
    "联系电话",
    "联系人",
    "经办人",
    "日期",
    "证明单位",
    "证明人",
)


def extract(rows: Sequence[Row]) -> Extraction:
    """Find who was hurt, when, and the story, which may run over several lines."""
    anchors = Anchors(rows, _LABELS)
    fields = without_loose(find_fields(anchors, _WANTED), "id_number")
    story = anchors.paragraph(*_NARRATIVE.labels, until=_SIGNATURE)
    narrative = field_of(_NARRATIVE, story) if story else None
    if narrative and (_WHOLE.search(narrative.raw) is None or _SAID_LATER.search(narrative.raw)):
        narrative = replace(narrative, confidence=round(narrative.confidence * LOOSE, 4), is_loose=True)
    return Extraction((*fields, narrative) if narrative else fields)
