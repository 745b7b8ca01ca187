"""A record of an operation (手术记录)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class SurgeryRecord:
    """Which operation was done to whom, and on which day."""

    document_class: ClassVar[DocumentClass] = DocumentClass.SURGERY_RECORD

    patient_name: str
    sex: str
    age: int
    hospital_name: str
    surgery_date: date
    operation: str
    operation_grade: str  # 一级 … 四级
    course: str

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(80, self.hospital_name, 38)
        sheet.title(144, "手术记录", 46)
        sheet.rule(90, 222, 1150, 222)
        sheet.pair(90, 260, "姓名", self.patient_name, 26, fact="patient_name")
        sheet.pair(420, 260, "性别", self.sex, 26)
        sheet.pair(620, 260, "年龄", f"{self.age}岁", 26)
        sheet.pair(90, 330, "医院名称", self.hospital_name, 26, fact="hospital_name")
        sheet.pair(90, 400, "手术日期", in_words(self.surgery_date), 26, fact="surgery_date")
        sheet.pair(620, 400, "手术级别", self.operation_grade, 26, fact="operation_grade")
        sheet.pair(90, 470, "手术名称", self.operation, 26, fact="operation")
        sheet.pair(90, 540, "麻醉方式", "全身麻醉", 26)
        sheet.text(90, 620, "手术经过：", 26, FORM)
        sheet.paragraph(130, 670, self.course, 1000, 26)
        sheet.pair(700, 1000, "手术者", "林示例", 26)
        sheet.seal(540, 1020, self.hospital_name, "病历专用章")
        return sheet
