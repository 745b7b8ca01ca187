"""A certificate of death (死亡证明)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass
from sandbox.pages.dates import in_words
from sandbox.sheet import FORM, Sheet


@dataclass(frozen=True)
class DeathCertificate:
    """Who died, when, and of what."""

    document_class: ClassVar[DocumentClass] = DocumentClass.DEATH_CERTIFICATE

    deceased_name: str
    id_number: str
    death_date: date
    cause: str
    hospital_name: str

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet((1240, 1240))
        sheet.title(100, "居民死亡医学证明书", 46)
        sheet.frame(90, 200, 1150, 760)
        sheet.pair(120, 236, "姓名", self.deceased_name, 28, fact="deceased_name")
        sheet.rule(90, 300, 1150, 300)
        sheet.pair(120, 336, "身份证号", self.id_number, 28, fact="id_number")
        sheet.rule(90, 400, 1150, 400)
        sheet.pair(120, 436, "死亡日期", in_words(self.death_date), 28, fact="death_date")
        sheet.rule(90, 500, 1150, 500)
        sheet.pair(120, 536, "死亡原因", self.cause, 28, fact="cause")
        sheet.rule(90, 600, 1150, 600)
        sheet.pair(120, 640, "医疗机构", self.hospital_name, 28)
        sheet.seal(900, 900, self.hospital_name, "证明专用章")
        sheet.text(90, 1080, "本证明书一式四联，第一联由医疗机构留存。", 22, FORM)
        return sheet
