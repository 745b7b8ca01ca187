"""海棠省: 出院病情告知单, a table of cells without colons above, the course in words below."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.haitang.print import HELD_OUT, cells, dotted
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw(page: DischargeSummary) -> Sheet:
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(60, page.hospital_name, 30, fact="hospital_name")
    sheet.title(106, "患者出院小结单", 38)
    y = cells(
        sheet,
        80,
        190,
        (120, 240, 100, 120, 100, 120, 120, 160),
        (
            Entry("病友", page.patient_name, "patient_name"),
            Entry("性别", page.sex),
            Entry("年岁", str(page.age)),
            Entry("病区", page.department),
        ),
    )
    stay = (
        Entry("收治日", dotted(page.admission_date), "admission_date"),
        Entry("离院日", dotted(page.discharge_date), "discharge_date"),
        Entry("在院日数", str(page.inpatient_days), "inpatient_days"),
    )
    y = cells(sheet, 80, y, (130, 260, 130, 260, 140, 160), stay)
    found = (Entry("出院时诊断", page.diagnosis, "diagnosis"), Entry("编码", page.diagnosis_icd10, "diagnosis_icd10"))
    y = cells(sheet, 80, y, (160, 540, 110, 270), found)
    for label, text in page.sections:
        sheet.text(80, y + 24, f"【{label}】", 24, FORM)
        y = sheet.paragraph(116, y + 62, text, 1020, 24)
    sheet.pair(720, y + 90, "经管医师", page.attending_doctor, 24, fact="attending_doctor")
    sheet.pair(720, y + 134, "时间", dotted(page.discharge_date), 24)
    sheet.seal(480, y + 130, page.hospital_name, "出院专用章")
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
