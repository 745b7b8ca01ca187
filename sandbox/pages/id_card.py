"""An identity card (身份证), in a layout of our own: it carries the same facts and could deceive nobody."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from domain.identity import birth_date_of
from sandbox.sheet import CARD, FORM, WARNING, Sheet


@dataclass(frozen=True)
class IdCard:
    """The front of an identity card; the birth date and the sex are those that the number says."""

    document_class: ClassVar[DocumentClass] = DocumentClass.ID_CARD

    holder_name: str
    id_number: str
    address: str = "示例省示例市示例路 1 号"
    issuing_authority: str = ""  # of the back (sandbox/bundle.py); "" on a picture of the front alone
    valid_until_date: date | None = None

    @property
    def birth_date(self) -> date:
        """The birth date inside the number."""
        found = birth_date_of(self.id_number)
        if found is None:
            raise ValueError(f"{self.id_number} holds no birth date")
        return found

    @property
    def sex(self) -> str:
        """The 17th digit is odd for men."""
        return "男" if int(self.id_number[16]) % 2 else "女"

    def draw(self) -> Sheet:
        """Print it, without emblem or portrait, under a band that says what it is."""
        sheet = Sheet(CARD, paper=(236, 243, 247))
        sheet.frame(6, 6, 1173, 737, 4)
        sheet.text(70, 36, "居民身份证（样张 · 虚构证件）", 34, WARNING)
        born = self.birth_date
        rows = (
            ("姓名", self.holder_name, 130, "holder_name"),
            ("性别", f"{self.sex}    民族  汉", 212, ""),
            ("出生", f"{born.year}年{born.month}月{born.day}日", 294, "birth_date"),
            ("住址", self.address, 376, ""),
        )
        for label, value, y, fact in rows:
            sheet.text(70, y, label, 36, FORM)
            sheet.text(190, y, value, 40, fact=fact)
        sheet.silhouette(870, 140, 220)
        sheet.text(70, 610, "公民身份号码", 36, FORM)
        sheet.text(340, 604, self.id_number, 48, fact="id_number")
        return sheet
