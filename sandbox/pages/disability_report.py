"""An expert opinion on a disability (伤残鉴定书)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class DisabilityReport:
    """Which grade of the standard somebody's disability is."""

    document_class: ClassVar[DocumentClass] = DocumentClass.DISABILITY_REPORT

    patient_name: str
    id_number: str
    disability_grade: str  # 一级 … 十级
    assessed_date: date
    findings: str  # 鉴定意见
    issuer: str = "示例市司法鉴定中心"

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(100, "伤残鉴定书", 46)
        sheet.rule(90, 190, 1150, 190)
        sheet.pair(90, 240, "被鉴定人", self.patient_name, 28, fact="patient_name")
        sheet.pair(90, 310, "身份证号", self.id_number, 28, fact="id_number")
        sheet.pair(90, 380, "鉴定标准", "人身保险伤残评定标准", 28)
        sheet.text(90, 470, "鉴定意见：", 28, FORM)
        sheet.paragraph(130, 526, self.findings, 1000, 28)
        sheet.pair(90, 720, "伤残等级", self.disability_grade, 28, fact="disability_grade")
        sheet.pair(90, 800, "鉴定日期", in_words(self.assessed_date), 28, fact="assessed_date")
        sheet.seal(880, 960, self.issuer, "鉴定专用章")
        return sheet
