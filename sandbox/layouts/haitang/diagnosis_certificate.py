"""海棠省: 医学诊断意见书, the person in a row of labels with values below, the code on a line of its own."""

from sandbox.layouts.form import Entry, Layout
from sandbox.layouts.haitang.print import HELD_OUT, dotted, stacked
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.sheet import FORM, Sheet


def _draw(page: DiagnosisCertificate) -> Sheet:
    sheet = Sheet((1240, 1100))
    sheet.title(70, "医学诊断意见书", 42)
    sheet.text(1140, 140, "编号 HT-0099321", 20, FORM, "ra")
    head = (
        Entry("就诊者", page.patient_name, "patient_name"),
        Entry("男/女", page.sex),
        Entry("岁数", str(page.age)),
        Entry("接诊科室", page.department),
    )
    y = stacked(sheet, (100, 400, 580, 760), 190, head)
    sheet.rule(100, y, 1140, y, 1)
    sheet.pair(100, y + 24, "诊断所见", page.diagnosis, 26, fact="diagnosis")
    sheet.pair(100, y + 74, "国际编码", page.diagnosis_icd10, 26, fact="diagnosis_icd10")
    sheet.text(100, y + 134, "诊疗意见", 26, FORM)
    below = sheet.paragraph(140, y + 180, page.advice, 960, 26)
    sheet.pair(100, below + 60, "出具医院", page.hospital_name, 26, fact="hospital_name")
    sheet.pair(100, below + 110, "签发", dotted(page.diagnosis_date), 26, fact="diagnosis_date")
    sheet.pair(760, below + 110, "主诊", "林示例", 26)
    sheet.seal(960, below + 120, page.hospital_name, "诊断意见章")
    return sheet


LAYOUT = Layout(HELD_OUT, _draw, is_held_out=True)
