"""Pathology reports of two invented provinces."""

from sandbox.layouts.form import Entry, Layout, boxes, stacked
from sandbox.pages.dates import in_words
from sandbox.pages.pathology_report import PathologyReport
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


def _draw_boxed(page: PathologyReport) -> Sheet:
    """示东省: 病理诊断报告书, the head in boxes, the diagnosis before what was seen."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.title(70, page.hospital_name, 36)
    sheet.title(124, "病理诊断报告书", 44)
    rows = (
        (Entry("病理编号", page.pathology_number, "pathology_number"), Entry("送检科室", "普外科")),
        (Entry("患者姓名", page.patient_name, "patient_name"), Entry("性别", page.sex), Entry("年龄", f"{page.age}岁")),
        (Entry("医疗机构", page.hospital_name, "hospital_name"),),
        (Entry("诊断意见", page.diagnosis, "diagnosis"), Entry("诊断编码", page.diagnosis_icd10, "diagnosis_icd10")),
        (Entry("送检材料", page.specimen), Entry("报告时间", page.report_date.isoformat(), "report_date")),
    )
    y = boxes(sheet, 80, 200, 1160, rows, 60, 24) + 30
    for label, text in (("肉眼所见", page.gross), ("镜下所见", page.microscopic)):
        sheet.text(90, y, label + "：", 25, FORM)
        y = sheet.paragraph(120, y + 44, text, 1010, 25) + 20
    sheet.pair(90, y + 60, "报告医师", "陈示例", 25)
    sheet.seal(900, y + 140, page.hospital_name, "病理专用章")
    return sheet


def _draw_stacked(page: PathologyReport) -> Sheet:
    """例西省: labels above values, words of its own."""
    sheet = Sheet(A4_PORTRAIT)
    sheet.text(90, 60, page.hospital_name, 34, fact="hospital_name")
    sheet.text(90, 112, "组织病理学报告", 40)
    rows = (
        (
            Entry("受检者", page.patient_name, "patient_name"),
            Entry("标本号", page.pathology_number, "pathology_number"),
            Entry("签发日期", in_words(page.report_date), "report_date"),
        ),
        (Entry("送检标本", page.specimen), Entry("年龄", f"{page.age}岁"), Entry("性别", page.sex)),
    )
    y = stacked(sheet, 80, 190, 1160, rows) + 30
    for label, text in (("大体检查", page.gross), ("显微镜检查", page.microscopic)):
        sheet.text(90, y, f"【{label}】", 25, FORM)
        y = sheet.paragraph(120, y + 44, text, 1010, 25) + 20
    sheet.pair(90, y + 30, "结论", page.diagnosis, 27, "diagnosis")
    sheet.pair(90, y + 90, "编码", page.diagnosis_icd10, 27, "diagnosis_icd10")
    sheet.seal(900, y + 220, page.hospital_name, "病理科")
    return sheet


LAYOUTS = (
    Layout("national", PathologyReport.draw),
    Layout("shidong", _draw_boxed),
    Layout("lixi", _draw_stacked, is_held_out=True),
)
