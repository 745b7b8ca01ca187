"""Discharge papers of three invented provinces: a ruled head, a diagnosis with its code in brackets, labels above values."""

from sandbox.layouts.form import Entry, Layout, boxes, columns, stacked
from sandbox.pages.dates import in_words
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw_boxed(page: DischargeSummary) -> Sheet:
    """示东省: 出院记录 with its head in boxes and the doctor in the head."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(70, page.hospital_name, 36)
    sheet.title(124, "出院记录", 44)
    rows = (
        (Entry("患者姓名", page.patient_name, "patient_name"), Entry("性别", page.sex), Entry("年龄", f"{page.age}岁")),
        (Entry("入院时间", page.admission_date.isoformat(), "admission_date"), Entry("科室", page.department)),
        (
            Entry("出院时间", page.discharge_date.isoformat(), "discharge_date"),
            Entry("住院日数", f"{page.inpatient_days}天", "inpatient_days"),
        ),
        (Entry("医疗机构", page.hospital_name, "hospital_name"),),
        (Entry("主要诊断", page.diagnosis, "diagnosis"), Entry("诊断编码", page.diagnosis_icd10, "diagnosis_icd10")),
        (Entry("主治医生", page.attending_doctor, "attending_doctor"), Entry("床号", "12床")),
    )
    below = boxes(sheet, 80, 200, 1160, rows, 56, 24)
    for label, text in page.sections:
        sheet.text(90, below + 24, label + "：", 25, FORM)
        below = sheet.paragraph(120, below + 62, text, 1010, 24, page.facts_under(label))
    sheet.seal(900, below + 130, page.hospital_name, "病案专用章")
    return sheet


def _draw_narrative(page: DischargeSummary) -> Sheet:
    """样南省: 出院小结 in one column, dates with strokes, the code behind the diagnosis, the doctor below a line."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(70, f"{page.hospital_name}（样南院区）", 34)
    sheet.title(124, "出 院 小 结", 44)
    entries = (
        Entry("病人姓名", page.patient_name, "patient_name"),
        Entry("科别", page.department),
        Entry("医院名称", page.hospital_name, "hospital_name"),
        Entry("住院号", "0088001234"),
        Entry("入院日期", f"{page.admission_date:%Y/%m/%d}", "admission_date"),
        Entry("住院天数", str(page.inpatient_days), "inpatient_days"),
        Entry("出院日期", f"{page.discharge_date:%Y/%m/%d}", "discharge_date"),
        Entry("年龄", f"{page.age}岁"),
    )
    y = columns(sheet, (90, 660), 210, entries)
    for label, text in page.sections[:2]:
        sheet.text(90, y, label + "：", 25, FORM)
        y = sheet.paragraph(130, y + 40, text, 1000, 25, page.facts_under(label)) + 10
    sheet.pair(90, y, "出院诊断", page.diagnosis, 26, "diagnosis")
    sheet.pair(660, y, "ICD-10", page.diagnosis_icd10, 26, "diagnosis_icd10")
    y += 54
    for label, text in page.sections[2:]:
        sheet.text(90, y, label + "：", 25, FORM)
        y = sheet.paragraph(130, y + 40, text, 1000, 25, page.facts_under(label)) + 10
    sheet.rule(90, 1560, 1150, 1560)
    sheet.pair(90, 1580, "经治医师", page.attending_doctor, 25, "attending_doctor")
    sheet.pair(660, 1580, "记录日期", in_words(page.discharge_date), 25)
    sheet.seal(560, 1480, page.hospital_name, "出院专用章")
    return sheet


def _draw_stacked(page: DischargeSummary) -> Sheet:
    """例西省: labels above values, the stay as one span, the diagnosis as a numbered list."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.text(90, 60, page.hospital_name, 34, fact="hospital_name")
    sheet.text(90, 112, "出院病情摘要", 40)
    rows = (
        (
            Entry("病员", page.patient_name, "patient_name"),
            Entry("病区", page.department),
            Entry("医生", page.attending_doctor, "attending_doctor"),
        ),
        (
            Entry("入院", in_words(page.admission_date), "admission_date"),
            Entry("离院", in_words(page.discharge_date), "discharge_date"),
            Entry("共住院（天）", str(page.inpatient_days), "inpatient_days"),
        ),
        (Entry("出院时诊断", f"1. {page.diagnosis}", "diagnosis"), Entry("诊断代码", page.diagnosis_icd10, "diagnosis_icd10")),
    )
    y = stacked(sheet, 80, 180, 1160, rows) + 30
    for label, text in page.sections:
        sheet.text(90, y, f"【{label}】", 25, FORM)
        y = sheet.paragraph(120, y + 40, text, 1000, 25, page.facts_under(label)) + 10
    sheet.seal(960, y + 100, page.hospital_name, "病案室")
    return sheet


LAYOUTS = (
    Layout("national", DischargeSummary.draw),
    Layout("shidong", _draw_boxed),
    Layout("yangnan", _draw_narrative),
    Layout("lixi", _draw_stacked, is_held_out=True),
)
