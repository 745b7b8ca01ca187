"""A bank card (银行卡) of a bank that does not exist."""

from dataclasses import dataclass
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.sheet import CARD, FORM, WARNING, Sheet


@dataclass(frozen=True)
class BankCard:
    """The front of a debit card."""

    document_class: ClassVar[DocumentClass] = DocumentClass.BANK_CARD

    card_number: str
    bank_name: str
    holder_name: str

    def draw(self) -> Sheet:
        """Print it, the number in groups of four."""
        sheet = Sheet(CARD, paper=(226, 236, 228))
        sheet.frame(6, 6, 1173, 737, 4)
        sheet.text(70, 40, self.bank_name, 52)
        sheet.text(70, 120, "银行卡（样张 · 虚构卡号）", 30, WARNING)
        sheet.pair(70, 230, "发卡银行", self.bank_name, 34, fact="bank_name")
        sheet.text(70, 330, "卡号", 34, FORM)
        groups = " ".join(self.card_number[start : start + 4] for start in range(0, len(self.card_number), 4))
        sheet.text(70, 390, groups, 64, fact="card_number")
        sheet.pair(70, 560, "持卡人", self.holder_name, 40, fact="holder_name")
        sheet.text(1110, 640, "借记卡 DEBIT", 34, FORM, "ra")
        return sheet
