"""Certificates about an accident of two invented provinces."""

from sandbox.layouts.form import Entry, Layout, boxes
from sandbox.pages.accident_certificate import AccidentCertificate
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


def _draw_boxed(page: AccidentCertificate) -> Sheet:
    """示东省: 意外事故情况证明, the head in boxes, the story behind its label."""
    sheet = Sheet((1240, 1240))
    sheet.title(80, "意外事故证明书", 44)
    rows = (
        (Entry("当事人", page.patient_name, "patient_name"), Entry("事故时间", page.accident_date.isoformat(), "accident_date")),
        (Entry("证明单位", page.issuer),),
    )
    below = boxes(sheet, 90, 190, 1150, rows, 70, 27)
    sheet.text(100, below + 40, "事发经过：", 27, FORM)
    below = sheet.paragraph(100, below + 92, page.narrative, 1030, 27, "narrative")
    sheet.text(100, below + 60, "特此证明。", 27)
    sheet.seal(900, below + 220, page.issuer, "公章")
    return sheet


def _draw_letter(page: AccidentCertificate) -> Sheet:
    """例西省: a letter with short labels of its own."""
    sheet = Sheet((1240, 1240))
    sheet.title(80, "关于意外受伤情况的证明", 40)
    sheet.pair(100, 200, "受伤人员", page.patient_name, 28, "patient_name")
    sheet.pair(100, 270, "受伤日期", in_words(page.accident_date), 28, "accident_date")
    sheet.text(100, 340, "受伤情况：", 28, FORM)
    below = sheet.paragraph(100, 396, page.narrative, 1030, 28, "narrative")
    sheet.text(100, below + 40, "情况属实。", 28)
    sheet.text(1100, below + 160, page.issuer, 28, anchor="ra")
    sheet.seal(900, below + 190, page.issuer, "证明章")
    return sheet


LAYOUTS = (
    Layout("national", AccidentCertificate.draw),
    Layout("shidong", _draw_boxed),
    Layout("lixi", _draw_letter, is_held_out=True),
)
