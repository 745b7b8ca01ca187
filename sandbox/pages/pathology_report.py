"""A laboratory's report on a tissue (病理报告)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import A4_PORTRAIT, FORM, Sheet


@dataclass(frozen=True)
class PathologyReport:
    """What the microscope showed: the paper that a critical-illness benefit stands on."""

    document_class: ClassVar[DocumentClass] = DocumentClass.PATHOLOGY_REPORT

    patient_name: str
    sex: str
    age: int
    hospital_name: str
    pathology_number: str
    specimen: str
    gross: str  # 肉眼所见
    microscopic: str  # 镜下所见
    diagnosis: str
    diagnosis_icd10: str
    report_date: date

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet(A4_PORTRAIT)
        sheet.title(84, self.hospital_name, 38)
        sheet.title(146, "病理检查报告单", 46)
        sheet.pair(90, 240, "病理号", self.pathology_number, 26, fact="pathology_number")
        sheet.pair(620, 240, "医院名称", self.hospital_name, 26, fact="hospital_name")
        sheet.pair(90, 292, "姓名", self.patient_name, 26, fact="patient_name")
        sheet.pair(420, 292, "性别", self.sex, 26)
        sheet.pair(620, 292, "年龄", f"{self.age}岁", 26)
        sheet.pair(90, 344, "送检材料", self.specimen, 26)
        sheet.rule(90, 400, 1150, 400)
        y = 430
        for label, text in (("肉眼所见", self.gross), ("镜下所见", self.microscopic)):
            sheet.text(90, y, label + "：", 26, FORM)
            y = sheet.paragraph(130, y + 46, text, 1000, 25) + 40
        sheet.rule(90, y, 1150, y)
        sheet.pair(90, y + 40, "病理诊断", self.diagnosis, 28, fact="diagnosis")
        sheet.pair(90, y + 100, "疾病编码", self.diagnosis_icd10, 28, fact="diagnosis_icd10")
        sheet.pair(90, 1540, "报告医师", "陈示例", 26)
        sheet.pair(620, 1540, "报告日期", in_words(self.report_date), 26, fact="report_date")
        sheet.seal(460, 1500, self.hospital_name, "病理专用章")
        sheet.text(90, 1620, "本报告仅对送检标本负责。", 22, FORM)
        return sheet
