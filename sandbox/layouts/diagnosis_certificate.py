"""Diagnosis certificates of three invented provinces: boxes, one running column, a certificate written as a letter."""

from sandbox.layouts.form import Entry, Layout, boxes, columns
from sandbox.pages.dates import in_words
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.sheet import FORM, Sheet


def _draw_boxed(page: DiagnosisCertificate) -> Sheet:
    """示东省: 疾病诊断证明书, everything in boxes."""
    sheet = Sheet((1240, 1240))
    sheet.title(70, page.hospital_name, 36)
    sheet.title(124, "疾病诊断证明书", 44)
    rows = (
        (Entry("患者姓名", page.patient_name, "patient_name"), Entry("性别", page.sex), Entry("年龄", f"{page.age}岁")),
        (Entry("科室", page.department), Entry("门诊号", "MZ00012345")),
        (Entry("医疗机构", page.hospital_name, "hospital_name"),),
        (Entry("临床诊断", page.diagnosis, "diagnosis"),),
        (Entry("诊断编码", page.diagnosis_icd10, "diagnosis_icd10"), Entry("诊断日期", page.diagnosis_date.isoformat(), "diagnosis_date")),
    )
    below = boxes(sheet, 80, 210, 1160, rows, 66, 26)
    sheet.text(92, below + 30, "处理意见：", 26, FORM)
    below = sheet.paragraph(130, below + 76, page.advice, 1000, 26)
    sheet.pair(700, below + 120, "医师签名", "林示例", 26)
    sheet.seal(420, below + 170, page.hospital_name, "诊断专用章")
    return sheet


def _draw_column(page: DiagnosisCertificate) -> Sheet:
    """样南省: one column without boxes, the date at the foot."""
    sheet = Sheet((1240, 1500))
    sheet.title(80, "诊断证明", 46)
    sheet.text(1150, 150, "编号 ZM20240001", 22, FORM, "ra")
    entries = (
        Entry("病人姓名", page.patient_name, "patient_name"),
        Entry("科别", page.department),
        Entry("医院名称", page.hospital_name, "hospital_name"),
        Entry("诊断意见", page.diagnosis, "diagnosis"),
        Entry("ICD-10", page.diagnosis_icd10, "diagnosis_icd10"),
    )
    below = columns(sheet, (120,), 220, entries, 72, 28)
    sheet.text(120, below + 10, "处理意见：", 28, FORM)
    sheet.paragraph(170, below + 66, page.advice, 960, 28)
    sheet.pair(620, 1080, "医师签名", "周示例", 28)
    sheet.pair(620, 1150, "确诊日期", in_words(page.diagnosis_date), 28, "diagnosis_date")
    sheet.seal(780, 1300, page.hospital_name, "医务科专用章")
    return sheet


def _draw_letter(page: DiagnosisCertificate) -> Sheet:
    """例西省: labels without colons, the hospital as the letter's head, diagnosis and code with words of their own."""
    sheet = Sheet((1240, 1240))
    sheet.text(110, 70, page.hospital_name, 34, fact="hospital_name")
    sheet.text(110, 128, "医疗诊断证明书", 42)
    entries = (
        Entry("就诊人", page.patient_name, "patient_name"),
        Entry("就诊科室", page.department),
        Entry("初步诊断", page.diagnosis, "diagnosis"),
        Entry("疾病代码", page.diagnosis_icd10, "diagnosis_icd10"),
        Entry("就诊日期", f"{page.diagnosis_date:%Y.%m.%d}", "diagnosis_date"),
        Entry("医生", "林示例"),
    )
    below = columns(sheet, (110, 640), 230, entries, 80, 27, colon=False)
    sheet.text(110, below + 20, "医生建议", 27, FORM)
    sheet.paragraph(110, below + 70, page.advice, 1000, 27)
    sheet.seal(900, below + 300, page.hospital_name, "门诊专用章")
    return sheet


LAYOUTS = (
    Layout("national", DiagnosisCertificate.draw),
    Layout("shidong", _draw_boxed),
    Layout("yangnan", _draw_column),
    Layout("lixi", _draw_letter, is_held_out=True),
)
