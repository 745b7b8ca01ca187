"""A discharge summary tells since when somebody has been ill, and what was done: counted back, and never later than it can have been."""

from dataclasses import replace
from datetime import date

import pytest

from bench.ocr.judging import misses_of
from bench.ocr.pages import pages_of
from domain.document import DocumentClass
from ocr.extract.history import latest_start
from ocr.extract.values import read_term_end
from sandbox.layouts.registry import find_layout
from sandbox.photograph import Level, photograph

ADMITTED = date(2026, 8, 15)


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("高血压病史10年，规律服药", date(2017, 2, 15)),  # may be rounded by half a year
        ("10余年前诊断为2型糖尿病", date(2016, 8, 15)),
        ("近10年反复胃痛", date(2017, 8, 15)),
        ("十二年前患肺结核", date(2015, 2, 15)),
        ("3个月前发现甲状腺结节", date(2026, 5, 15)),
        ("2015年行阑尾切除术", date(2015, 12, 31)),
        ("2015年3月诊断冠心病", date(2015, 3, 31)),
        ("2015年3月2日诊断冠心病；高血压病史2年", date(2015, 3, 2)),
        ("糖尿病2年余，否认高血压病史10年", date(2024, 8, 15)),
        ("否认高血压、糖尿病病史10年", None),
        ("既往体健", None),
        ("2026年8月15日因腹痛入院", None),  # the stay itself
        ("出现腹痛，一年后复查", None),
        ("2015年13月诊断冠心病", None),
        ("患者40岁，上腹痛3天", None),
    ],
)
def test_the_latest_day_on_which_an_illness_can_have_begun(text: str, since: date | None) -> None:
    assert latest_start(text, ADMITTED) == since


def test_without_an_admission_only_named_days_count() -> None:
    assert (latest_start("高血压病史10年", None), latest_start("2015年诊断高血压", None)) == (None, date(2015, 12, 31))


def test_a_span_that_ends_on_a_day_its_month_does_not_have_ends_on_the_last() -> None:
    assert latest_start("1个月前发现结节", date(2025, 3, 31)) == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("text", "until"),
    [("2015.03.02-2035.03.02", date(2035, 3, 2)), ("20150302-20350302", date(2035, 3, 2)), ("2015.03.02－长期", date.max),
     ("2015.03.02", None), ("2035.03.02-2015.03.02", None)],
)  # fmt: skip
def test_the_end_of_a_term(text: str, until: date | None) -> None:
    assert read_term_end(text) == until


@pytest.mark.parametrize("layout", ["national", "shidong", "yangnan"])
def test_history_and_operation_are_read_from_a_scan(reader, layout: str) -> None:
    plain = next(page for page in pages_of(4712) if page.document_class is DocumentClass.DISCHARGE_SUMMARY)
    since = plain.admission_date.replace(year=plain.admission_date.year - 10)
    page = replace(
        plain,
        operation="腹腔镜下阑尾切除术",
        medical_history="高血压病史10余年，口服药物控制良好。否认糖尿病、冠心病病史，否认药物过敏史。",
        history_since_date=since,
    )
    sheet = find_layout(DocumentClass.DISCHARGE_SUMMARY, layout).draw(page)
    document = reader.read(photograph(sheet.image, Level.SCAN, 1))
    assert {name for name in misses_of(page, document) if name != "medical_history"} == set()
    history, place = document.field("history_since_date"), sheet.places["history_since_date"]
    assert document.field("medical_history").value.startswith("高血压病史10余年")
    assert history.box.top <= (place.top + place.bottom) / 2 <= history.box.bottom
