"""A statement of what somebody else has paid already (理赔分割单)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from domain.money import format_fen
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class PaymentStatement:
    """How much of a cost another insurer, a liable party or the employer has paid."""

    document_class: ClassVar[DocumentClass] = DocumentClass.PAYMENT_STATEMENT

    patient_name: str
    payer: str
    paid_fen: int
    paid_date: date

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(100, "理赔分割单", 46)
        sheet.rule(90, 190, 1150, 190)
        sheet.pair(90, 240, "姓名", self.patient_name, 28, fact="patient_name")
        sheet.pair(90, 330, "赔付单位", self.payer, 28, fact="payer")
        sheet.pair(90, 420, "已赔付金额", f"{format_fen(self.paid_fen, grouped=False)}元", 28, fact="paid_fen")
        sheet.pair(90, 510, "赔付日期", in_words(self.paid_date), 28, fact="paid_date")
        sheet.text(90, 640, "费用原件已由本单位收存，特此证明。", 26, FORM)
        sheet.seal(880, 860, self.payer, "理赔专用章")
        return sheet
