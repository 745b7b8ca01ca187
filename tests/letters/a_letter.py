"""Letters for the tests of this room, and fonts made up of a few bytes."""

from datetime import date
from pathlib import Path

import pypdfium2 as pdfium

from domain.letter import Column, Letter, Letterhead, LetterKind, LetterTable, Section

COLUMNS = (Column("费用项目", 60), Column("收费", 40, is_figure=True))


def letter(*, rows: int = 2, text: str = "经核定，给付保险金 15,500.00 元。", specimen: bool = False) -> Letter:
    table = LetterTable("费用明细", COLUMNS, tuple((f"项目{number}", f"{number}.00") for number in range(rows)), ("合计", "99.00"))
    return Letter(
        number="L0123456789ABCDE",
        kind=LetterKind.BENEFITS,
        day=date(2026, 11, 22),
        heading="理赔给付说明",
        head=Letterhead("示例人寿保险公司", "00000", specimen),
        addressee="客户",
        facts=(("案件号", "C01K9ZQ3V7M4T2XA"),),
        sections=(Section("核定结论", (text,), points=("请一次补齐",)), Section("费用", tables=(table,))),
    )


def text_of(pdf: bytes) -> list[str]:
    """Read what a reader would copy out of each page."""
    return [page.get_textpage().get_text_range() for page in pdfium.PdfDocument(pdf)]


def font_file(path: Path, kind: bytes) -> Path:
    path.write_bytes(kind + bytes(60))
    return path
