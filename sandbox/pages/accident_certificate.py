"""A certificate about an accident (意外事故证明)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class AccidentCertificate:
    """When and how somebody was hurt, confirmed by who was there."""

    document_class: ClassVar[DocumentClass] = DocumentClass.ACCIDENT_CERTIFICATE

    patient_name: str
    accident_date: date
    narrative: str
    issuer: str = "示例市示例街道办事处"

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(100, "意外事故证明", 46)
        sheet.rule(90, 190, 1150, 190)
        sheet.pair(90, 240, "姓名", self.patient_name, 28, fact="patient_name")
        sheet.pair(560, 240, "事故日期", in_words(self.accident_date), 28, fact="accident_date")
        sheet.text(90, 320, "事故经过：", 28, FORM)
        sheet.paragraph(130, 376, self.narrative, 1000, 28, fact="narrative")
        sheet.text(90, 820, "以上情况属实，特此证明。", 28)
        sheet.pair(620, 960, "证明单位", self.issuer, 26)
        sheet.seal(480, 980, self.issuer, "证明专用章")
        return sheet
