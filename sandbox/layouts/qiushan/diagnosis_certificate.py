"""秋山省: 疾病证明书, a half sheet filled in on lines, the code in brackets behind the diagnosis, stub number above."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, line_of, run, short_date
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.sheet import FORM, Sheet


def _draw(page: DiagnosisCertificate) -> Sheet:
    sheet = Sheet((1240, 980))
    sheet.frame(60, 50, 1180, 930, 3)
    sheet.title(80, page.hospital_name, 30, fact="hospital_name")
    sheet.title(124, "疾 病 证 明 书", 42)
    sheet.text(1140, 190, "第 0099123 号", 22, FORM, "ra")
    head = (
        Entry("姓名", page.patient_name, "patient_name"),
        Entry("性别", page.sex),
        Entry("年龄", f"{page.age} 岁"),
        Entry("科别", page.department),
    )
    line_of(sheet, (100, 400, 580, 840), 240, head, 26)
    line_of(sheet, (100, 580), 296, (Entry("工作单位", "—"), Entry("病历号", "0099001234")), 26)
    for y in (280, 336, 392):
        sheet.rule(100, y, 1140, y, 1)
    run(sheet, 100, 352, 26, "诊断：", (page.diagnosis, "diagnosis"), "（", (page.diagnosis_icd10, "diagnosis_icd10"), "）")
    sheet.text(100, 416, "处理意见：", 26, FORM)
    below = sheet.paragraph(152, 462, page.advice, 960, 26)
    sheet.text(152, below + 4, "（以下空白）", 22, FORM)
    line_of(sheet, (100, 640), 720, (Entry("医师", "林示例"), Entry("审核", "周示例")), 26)
    run(sheet, 640, 780, 26, "日期：", (short_date(page.diagnosis_date), "diagnosis_date"))
    sheet.text(100, 870, "注：本证明未加盖医院公章无效，涂改无效。", 20, FORM)
    sheet.seal(940, 790, page.hospital_name, "医疗证明专用")
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
