"""秋山省: a record in running lines, days with the hour, the diagnoses in a table as the front page of a case has them."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, line_of, run, short_date
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw(page: DischargeSummary) -> Sheet:
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(64, page.hospital_name, 32, fact="hospital_name")
    sheet.title(110, "出  院  记  录", 38)
    sheet.rule(90, 176, 1150, 176, 1)
    head = (
        Entry("姓名", page.patient_name, "patient_name"),
        Entry("性别", page.sex),
        Entry("年龄", f"{page.age}岁"),
        Entry("科别", page.department),
        Entry("住院号", "99001234"),
    )
    line_of(sheet, (96, 320, 460, 640, 890), 190, head, 22)
    sheet.rule(90, 230, 1150, 230, 1)
    run(sheet, 96, 256, 24, "入院时间：", (short_date(page.admission_date), "admission_date"), ("09时20分", ""))
    run(sheet, 640, 256, 24, "出院时间：", (short_date(page.discharge_date), "discharge_date"), ("10时05分", ""))
    run(sheet, 96, 300, 24, "共住院 ", (str(page.inpatient_days), "inpatient_days"), " 天")
    y = 350
    for label, text in page.sections[:2]:
        sheet.text(96, y, label + "：", 24, FORM)
        y = sheet.paragraph(96 + 48, y + 38, text, 1000, 24) + 8
    y = _draw_diagnoses(sheet, page, y + 14)
    for label, text in page.sections[2:]:
        sheet.text(96, y, label + "：", 24, FORM)
        y = sheet.paragraph(96 + 48, y + 38, text, 1000, 24) + 8
    run(sheet, 760, y + 80, 24, "医师签名：", (page.attending_doctor, "attending_doctor"))
    sheet.text(760, y + 124, short_date(page.discharge_date), 24)
    sheet.seal(540, y + 120, page.hospital_name, "病历专用章")
    return sheet


def _draw_diagnoses(sheet: Sheet, page: DischargeSummary, top: int) -> int:
    """Draw 出院诊断 with 疾病编码 and 转归; tell the y below."""
    lefts, right = (90, 620, 860, 1010), 1150
    for x, label in zip(lefts, ("出院诊断", "疾病编码", "入院病情", "转归"), strict=True):
        sheet.text(x + 12, top + 10, label, 22, FORM)
    run(sheet, 102, top + 56, 22, "主要诊断：", (page.diagnosis, "diagnosis"))
    sheet.text(632, top + 56, page.diagnosis_icd10, 22, fact="diagnosis_icd10")
    sheet.text(872, top + 56, "有", 22)
    sheet.text(1022, top + 56, "好转", 22)
    sheet.text(102, top + 102, "其他诊断：无", 22)
    sheet.frame(90, top, right, top + 138, 1)
    for y in (top + 46, top + 92):
        sheet.rule(90, y, right, y, 1)
    for x in lefts[1:]:
        sheet.rule(x, top, x, top + 138, 1)
    return top + 162


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
