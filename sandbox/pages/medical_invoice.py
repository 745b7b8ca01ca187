"""A hospital's receipt for charges (医疗收费票据)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass, InvoiceLine
from domain.money import format_capitals, format_fen
from sandbox.sheet import INVOICE_LANDSCAPE, Sheet, line_facts


@dataclass(frozen=True)
class MedicalInvoice:
    """An inpatient receipt; its total is the sum of its lines, and the person paid what social insurance did not.

    `has_lost_decimal` prints the total in figures without its decimal point, as a bad print does
    (7743.62 -> 774362); the lines and the capitals stay right.
    """

    document_class: ClassVar[DocumentClass] = DocumentClass.MEDICAL_INVOICE

    invoice_code: str
    invoice_number: str
    check_code: str
    payer_name: str
    issue_date: date
    hospital_name: str
    admission_date: date
    discharge_date: date
    insurance_type: str
    social_insurance_paid_fen: int
    lines: tuple[InvoiceLine, ...]
    has_lost_decimal: bool = False

    @property
    def inpatient_days(self) -> int:
        """Count the days in hospital: the day of admission counts, the day of discharge does not."""
        return (self.discharge_date - self.admission_date).days

    @property
    def total_fen(self) -> int:
        """Sum the lines."""
        return sum(line.amount_fen for line in self.lines)

    @property
    def total_capitals_fen(self) -> int:
        """The same total, as the capitals say it."""
        return self.total_fen

    @property
    def personal_paid_fen(self) -> int:
        """What the patient paid."""
        return self.total_fen - self.social_insurance_paid_fen

    @property
    def printed_total(self) -> str:
        """The total in figures as the printer printed it."""
        figures = "¥" + format_fen(self.total_fen, grouped=False)
        return figures.replace(".", "") if self.has_lost_decimal else figures

    def draw(self) -> Sheet:
        """Print it: head, charged items, total in capitals and figures, who paid what."""
        sheet = Sheet(INVOICE_LANDSCAPE)
        sheet.title(34, "示例省医疗住院收费票据", 42)
        sheet.pair(70, 112, "票据代码", self.invoice_code, fact="invoice_code")
        sheet.pair(1130, 112, "票据号码", self.invoice_number, fact="invoice_number")
        sheet.pair(70, 154, "交款人", self.payer_name, fact="payer_name")
        sheet.pair(620, 154, "校验码", self.check_code, fact="check_code")
        sheet.pair(1130, 154, "开票日期", self.issue_date.isoformat(), fact="issue_date")
        rows = [("项目名称", "类别", "数量/单位", "金额（元）")]
        rows += [(line.name, line.list_class, "1/项", format_fen(line.amount_fen, grouped=False)) for line in self.lines]
        below = sheet.table(70, 204, (690, 150, 240, 380), rows, row_height=min(44, 500 // len(rows)), facts=line_facts(self.lines))
        self._draw_total(sheet, below)
        self._draw_settlement(sheet, below + 76)
        sheet.seal(1330, below + 220, self.hospital_name, "收费专用章")
        return sheet

    def _draw_total(self, sheet: Sheet, top: int) -> None:
        sheet.frame(70, top, 1530, top + 56)
        sheet.pair(82, top + 14, "金额合计（大写）", format_capitals(self.total_fen), fact="total_capitals_fen")
        sheet.pair(1010, top + 14, "金额合计（小写）", self.printed_total, fact="total_fen")

    def _draw_settlement(self, sheet: Sheet, top: int) -> None:
        sheet.pair(82, top, "入院日期", self.admission_date.isoformat(), fact="admission_date")
        sheet.pair(500, top, "出院日期", self.discharge_date.isoformat(), fact="discharge_date")
        sheet.pair(930, top, "住院天数", f"{self.inpatient_days}天", fact="inpatient_days")
        sheet.pair(82, top + 46, "医保类型", self.insurance_type, fact="insurance_type")
        sheet.pair(
            500, top + 46, "医保统筹基金支付", format_fen(self.social_insurance_paid_fen, grouped=False), fact="social_insurance_paid_fen"
        )
        sheet.pair(930, top + 46, "个人支付", format_fen(self.personal_paid_fen, grouped=False), fact="personal_paid_fen")
        sheet.rule(70, top + 92, 1530, top + 92)
        sheet.pair(82, top + 110, "收款单位", self.hospital_name, fact="hospital_name")
        sheet.pair(620, top + 110, "复核人", "示例复核")
        sheet.pair(930, top + 110, "收款人", "示例收费员")
