"""秋山省: 病理诊断报告单 between two rules, the number in the corner, the diagnosis large below what was seen."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.qiushan.print import HELD_OUT, line_of, run
from sandbox.pages.pathology_report import PathologyReport
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw(page: PathologyReport) -> Sheet:
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(60, page.hospital_name, 34, fact="hospital_name")
    sheet.title(110, "病理诊断报告单", 34)
    run(sheet, 830, 166, 22, "病理编号：", (page.pathology_number, "pathology_number"))
    sheet.rule(80, 204, 1160, 204, 3)
    places = (90, 370, 620, 880)
    head = (
        Entry("姓名", page.patient_name, "patient_name"),
        Entry("性别", page.sex),
        Entry("年龄", f"{page.age}岁"),
        Entry("住院号", "99001234"),
    )
    line_of(sheet, places, 222, head, 22)
    more = (Entry("送检单位", "本院"), Entry("科室", "外科"), Entry("床号", "12"), Entry("标本类型", "手术标本"))
    line_of(sheet, places, 262, more, 22)
    line_of(sheet, (90,), 302, (Entry("标本名称", page.specimen),), 22)
    sheet.rule(80, 342, 1160, 342, 1)
    y = 366
    for label, text in (("大体所见", page.gross), ("镜下描述", page.microscopic), ("免疫组化", "未做。")):
        sheet.text(90, y, label + "：", 24, FORM)
        y = sheet.paragraph(138, y + 40, text, 1000, 23) + 24
    sheet.rule(80, y, 1160, y, 1)
    sheet.text(90, y + 24, "病理诊断：", 28, FORM)
    run(sheet, 138, y + 76, 32, (page.diagnosis, "diagnosis"), "  ", (page.diagnosis_icd10, "diagnosis_icd10"))
    sheet.rule(80, 1500, 1160, 1500, 3)
    line_of(sheet, (90, 460), 1520, (Entry("诊断医师", "陈示例"), Entry("审核医师", "高示例")), 22)
    run(sheet, 790, 1520, 22, "报告日期：", (page.report_date.isoformat(), "report_date"), "  ", ("16:40", ""))
    sheet.text(90, 1566, "此报告仅供临床参考，如有疑问请于三日内与病理科联系。", 20, FORM)
    sheet.seal(960, 1380, page.hospital_name, "病理科")
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
