"""A hospital's list of charged items (住院费用清单)."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from domain.document import DocumentClass, InvoiceLine
from domain.money import format_fen
from sandbox.sheet import A4_PORTRAIT, Sheet, line_facts


@dataclass(frozen=True)
class ExpenseList:
    """The items of one stay, one line each, with their class in the social insurance list."""

    document_class: ClassVar[DocumentClass] = DocumentClass.EXPENSE_LIST

    patient_name: str
    hospital_name: str
    admission_date: date
    discharge_date: date
    lines: tuple[InvoiceLine, ...]

    @property
    def total_fen(self) -> int:
        """Sum the lines."""
        return sum(line.amount_fen for line in self.lines)

    def draw(self) -> Sheet:
        """Print it."""
        sheet = Sheet(A4_PORTRAIT)
        sheet.title(80, self.hospital_name, 36)
        sheet.title(136, "住院费用清单", 44)
        sheet.pair(90, 230, "患者姓名", self.patient_name, fact="patient_name")
        sheet.pair(620, 230, "医院名称", self.hospital_name, fact="hospital_name")
        sheet.pair(90, 276, "费用日期", f"{self.admission_date} 至 {self.discharge_date}")
        rows = [("序号", "项目名称", "类别", "数量", "金额（元）")]
        rows += [
            (str(n), line.name, line.list_class, str(line.quantity or 1), format_fen(line.amount_fen, grouped=False))
            for n, line in enumerate(self.lines, 1)
        ]
        below = sheet.table(90, 334, (100, 480, 120, 120, 240), rows, row_height=46, facts=line_facts(self.lines))
        sheet.pair(760, below + 24, "费用合计", format_fen(self.total_fen, grouped=False), 26, fact="total_fen")
        sheet.text(90, below + 28, "注：类别为医保目录甲类、乙类、丙类", 20)
        return sheet
