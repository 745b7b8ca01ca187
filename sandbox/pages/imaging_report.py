"""A report of an X-ray or a CT (影像检查报告)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class ImagingReport:
    """What a picture of somebody's inside shows."""

    document_class: ClassVar[DocumentClass] = DocumentClass.IMAGING_REPORT

    patient_name: str
    sex: str
    age: int
    hospital_name: str
    body_part: str
    seen: str  # 影像所见
    conclusion: str  # 影像诊断
    report_date: date

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(80, self.hospital_name, 38)
        sheet.title(144, "影像检查报告单", 46)
        sheet.rule(90, 222, 1150, 222)
        sheet.pair(90, 260, "姓名", self.patient_name, 26, fact="patient_name")
        sheet.pair(420, 260, "性别", self.sex, 26)
        sheet.pair(620, 260, "年龄", f"{self.age}岁", 26)
        sheet.pair(90, 330, "医院名称", self.hospital_name, 26, fact="hospital_name")
        sheet.pair(90, 400, "检查部位", self.body_part, 26, fact="body_part")
        sheet.text(90, 480, "影像所见：", 26, FORM)
        sheet.paragraph(130, 530, self.seen, 1000, 26)
        sheet.pair(90, 720, "影像诊断", self.conclusion, 28, fact="conclusion")
        sheet.pair(90, 960, "报告日期", in_words(self.report_date), 26, fact="report_date")
        sheet.pair(700, 960, "报告医师", "林示例", 26)
        sheet.seal(560, 1010, self.hospital_name, "诊断专用章")
        return sheet
