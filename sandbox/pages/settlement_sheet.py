"""A settlement sheet of the social insurance (医疗保险结算单)."""

from dataclasses import dataclass
from typing import ClassVar

from domain.document import DocumentClass
from domain.money import format_fen
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class SettlementSheet:
    """What of a hospital bill the basic insurance and the one for major illness paid."""

    document_class: ClassVar[DocumentClass] = DocumentClass.SETTLEMENT_SHEET

    patient_name: str
    hospital_name: str
    total_fen: int
    social_insurance_paid_fen: int
    major_illness_paid_fen: int

    @property
    def personal_paid_fen(self) -> int:
        """What the patient bore."""
        return self.total_fen - self.social_insurance_paid_fen - self.major_illness_paid_fen

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(90, "示例市医疗保险结算单", 44)
        sheet.frame(90, 190, 1150, 760)
        sheet.pair(120, 226, "姓名", self.patient_name, 28, fact="patient_name")
        sheet.pair(560, 226, "人员类别", "在职职工", 28)
        sheet.rule(90, 290, 1150, 290)
        sheet.pair(120, 326, "医院名称", self.hospital_name, 28, fact="hospital_name")
        amounts = (
            ("医疗费用总额", self.total_fen, "total_fen"),
            ("统筹基金支付", self.social_insurance_paid_fen, "social_insurance_paid_fen"),
            ("大病保险支付", self.major_illness_paid_fen, "major_illness_paid_fen"),
            ("个人负担", self.personal_paid_fen, "personal_paid_fen"),
        )
        for row, (label, amount_fen, fact) in enumerate(amounts):
            sheet.rule(90, 390 + 90 * row, 1150, 390 + 90 * row)
            sheet.pair(120, 420 + 90 * row, label, format_fen(amount_fen, grouped=False), 28, fact=fact)
        sheet.seal(900, 900, "示例市医疗保障局", "结算专用章")
        sheet.text(90, 1120, "本单由医疗保障经办机构出具。", 22, FORM)
        return sheet
