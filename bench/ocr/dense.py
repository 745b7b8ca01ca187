"""Pages full of amounts, to count errors that are rare: lists of charges, receipts, settlement sheets, payment statements.

Their seeds start at 50,000, far from those that any fit or test uses; lists to fit on have seeds among those of all fits.
"""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from bench.ocr.pages import HOSPITALS, Grade, Shot, make_name
from domain.document import DocumentClass, InvoiceLine
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.pages.payment_statement import PaymentStatement
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.render import PageSpec

_FIRST_SEED, _FIRST_FITTING_SEED = 50_000, 1_700
_GRADES = (Grade.CLEAN, Grade.LIGHT, Grade.MEDIUM)
_FITTING_GRADES = (Grade.LIGHT, Grade.MEDIUM, Grade.HEAVY, Grade.HEAVY)
# What one page after the other is: the class and its layout.
_CYCLE = (
    (DocumentClass.EXPENSE_LIST, "national"),
    (DocumentClass.MEDICAL_INVOICE, "national"),
    (DocumentClass.EXPENSE_LIST, "shidong"),
    (DocumentClass.MEDICAL_INVOICE, "shidong"),
    (DocumentClass.EXPENSE_LIST, "yangnan"),
    (DocumentClass.MEDICAL_INVOICE, "yangnan"),
    (DocumentClass.EXPENSE_LIST, "shidong"),
    (DocumentClass.SETTLEMENT_SHEET, "national"),
    (DocumentClass.EXPENSE_LIST, "national"),
    (DocumentClass.PAYMENT_STATEMENT, "national"),
    (DocumentClass.EXPENSE_LIST, "yangnan"),
)
_ITEMS = (
    ("普通床位费", "", "甲", 50_00), ("重症监护床位费", "", "乙", 300_00), ("一级护理", "", "甲", 26_00), ("静脉输液", "", "甲", 12_50),
    ("肌肉注射", "", "甲", 3_20), ("血常规", "", "甲", 20_00), ("尿常规", "", "甲", 6_80), ("肝功能检查", "", "甲", 98_00),
    ("凝血四项", "", "乙", 72_00), ("彩色超声检查", "", "乙", 150_00), ("胸部CT平扫", "", "乙", 286_00), ("心电图", "", "甲", 18_90),
    ("全身麻醉", "", "甲", 680_00), ("手术费", "", "甲", 2480_00), ("氯化钠注射液", "0.9% 250ml", "甲", 4_36),
    ("葡萄糖注射液", "5% 500ml", "甲", 5_08), ("头孢呋辛钠", "0.75g", "甲", 13_47), ("左氧氟沙星片", "0.5g×6片", "乙", 27_85),
    ("奥美拉唑肠溶胶囊", "20mg×14粒", "甲", 19_64), ("阿莫西林胶囊", "0.25g×24粒", "甲", 8_73), ("维生素C注射液", "2ml:0.5g", "甲", 1_06),
    ("盐酸氨溴索", "30mg", "乙", 9_91), ("人血白蛋白", "10g", "乙", 378_00), ("一次性输液器", "7号", "丙", 3_55),
    ("医用纱布", "8cm×10cm", "丙", 2_18), ("留置针", "24G", "丙", 24_60), ("进口生物膜片", "5×5cm", "丙", 1856_00),
    ("可吸收缝线", "3-0", "丙", 96_80), ("换药", "", "甲", 15_00), ("吸氧", "", "甲", 4_00),
)  # fmt: skip


def dense_shots(count: int) -> Iterator[Shot]:
    """List so many pictures of pages with many amounts, a third each clean, light and medium."""
    for number in range(count):
        document_class, layout = _CYCLE[number % len(_CYCLE)]
        yield Shot(document_class, layout, False, _GRADES[number // len(_CYCLE) % 3], _FIRST_SEED + number, dense_pages_of)


def list_fitting_shots() -> list[Shot]:
    """List pictures of lists of charges to fit on: only they name medicines and materials, which are misread where 床位费 is not."""
    layouts = [layout for document_class, layout in dict.fromkeys(_CYCLE) if document_class is DocumentClass.EXPENSE_LIST]
    wanted = [(grade, layout) for grade in _FITTING_GRADES for layout in layouts]
    return [
        Shot(DocumentClass.EXPENSE_LIST, layout, False, grade, seed, dense_pages_of)
        for seed, (grade, layout) in enumerate(wanted, _FIRST_FITTING_SEED)
    ]


def dense_pages_of(seed: int) -> Iterator[PageSpec]:
    """Make one page of every class that carries amounts, the same for the same seed; no amount is a round one by design."""
    chance = random.Random(seed)
    name, hospital = make_name(chance), chance.choice(HOSPITALS)
    admitted = date(2024, 1, 3) + timedelta(days=chance.randint(0, 600))
    discharged = admitted + timedelta(days=chance.randint(2, 25))
    lines = tuple(_line(chance, *each) for each in chance.sample(_ITEMS, chance.randint(15, 22)))
    total = sum(line.amount_fen for line in lines)
    fund = total * chance.randint(30, 80) // 100
    code, number, check = f"9906012{chance.randint(0, 9)}", f"{chance.randint(0, 10**10 - 1):010d}", f"{chance.randint(0, 16**6 - 1):06x}"
    insurance = chance.choice(("城镇职工基本医疗保险", "城乡居民基本医疗保险"))
    # An invoice prints neither prices nor quantities of its items, which are sums themselves.
    charged = tuple(InvoiceLine(each.name, each.amount_fen, each.list_class) for each in lines[: chance.randint(7, 12)])
    fund_of_charged = sum(line.amount_fen for line in charged) * chance.randint(30, 80) // 100
    yield ExpenseList(name, hospital, admitted, discharged, lines)
    yield MedicalInvoice(
        code, number, check, name, discharged, hospital, admitted, discharged, insurance, fund_of_charged, charged, chance.random() < 0.1
    )
    yield SettlementSheet(name, hospital, total, fund, (total - fund) // 3)
    yield PaymentStatement(name, "示例财产保险股份有限公司", chance.randint(10_000, 9_000_000), discharged)


def _line(chance: random.Random, name: str, specification: str, list_class: str, about_fen: int) -> InvoiceLine:
    price = max(1, about_fen * chance.randint(70, 140) // 100)
    quantity = chance.choice((1, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 20, 28))
    return InvoiceLine(name, price * quantity, list_class, quantity=quantity, specification=specification, unit_price_fen=price)
