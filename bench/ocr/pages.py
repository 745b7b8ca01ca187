"""Pages for the benchmarks: every class in every layout, each with facts of its own, photographed with four grades of damage."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from domain.document import DocumentClass, InvoiceLine
from domain.identity import id_check_character, luhn_check_digit
from sandbox.damage import Damage
from sandbox.layouts.form import Layout
from sandbox.layouts.haitang.print import HELD_OUT as HAITANG
from sandbox.layouts.qiushan.print import HELD_OUT as QIUSHAN
from sandbox.layouts.registry import LAYOUTS, find_layout
from sandbox.pages.accident_certificate import AccidentCertificate
from sandbox.pages.bank_card import BankCard
from sandbox.pages.claim_form import ClaimForm
from sandbox.pages.death_certificate import DeathCertificate
from sandbox.pages.diagnosis_certificate import DiagnosisCertificate
from sandbox.pages.disability_report import DisabilityReport
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.id_card import IdCard
from sandbox.pages.imaging_report import ImagingReport
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.pages.pathology_report import PathologyReport
from sandbox.pages.payment_statement import PaymentStatement
from sandbox.pages.settlement_sheet import SettlementSheet
from sandbox.pages.surgery_record import SurgeryRecord
from sandbox.photograph import Level, Photo, photograph_sheet
from sandbox.render import PageSpec

_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙", ("样本", "示例", "小样", "一鸣", "思远", "佳怡", "建国", "秀英", "子涵", "浩")
HOSPITALS = ("示例市第一人民医院", "示例省中医院", "样张大学附属医院", "示例县人民医院", "示例市妇幼保健院")
_ITEMS = (("床位费", "甲"), ("护理费", "甲"), ("西药费", "甲"), ("中成药费", "乙"), ("检查费", "乙"), ("化验费", "甲"), ("治疗费", "甲"),
          ("手术费", "甲"), ("卫生材料费", "丙"), ("诊查费", "甲"), ("麻醉费", "乙"), ("特需服务费", "丙"))  # fmt: skip
_ILLNESSES = (
    ("急性阑尾炎", "K35.800"),
    ("肺炎", "J18.900"),
    ("2型糖尿病", "E11.900"),
    ("胆囊结石伴慢性胆囊炎", "K80.100"),
    ("腰椎间盘突出", "M51.202"),
)


class Grade(StrEnum):
    """How much a picture suffered."""

    CLEAN = "clean"
    LIGHT = "light"
    MEDIUM = "medium"
    HEAVY = "heavy"  # medium, and one damage more: here readers begin to err


_LEVELS = {Grade.CLEAN: Level.SCAN, Grade.LIGHT: Level.GOOD, Grade.MEDIUM: Level.MIDDLING, Grade.HEAVY: Level.MIDDLING}
_MORE: tuple[Mapping[Damage, float], ...] = (
    {Damage.DEFOCUS: 0.3},
    {Damage.MOTION: 0.3},
    {Damage.NOISE: 0.6},
    {Damage.SHADOW: 0.6},
    {Damage.FOLD: 0.6},
    {Damage.JPEG: 0.7},
    {Damage.BLANK: 0.5},
)


def make_name(chance: random.Random) -> str:
    """Make the name of nobody."""
    return chance.choice(_SURNAMES) + chance.choice(_GIVEN)


def pages_of(seed: int) -> Iterator[PageSpec]:
    """Make one page of every class, the same for the same seed; every fourth invoice has lost its decimal point."""
    chance = random.Random(seed)
    name = make_name(chance)
    hospital = chance.choice(HOSPITALS)
    admitted = date(2024, 1, 3) + timedelta(days=chance.randint(0, 600))
    discharged = admitted + timedelta(days=chance.randint(2, 25))
    lines = tuple(InvoiceLine(item, chance.randint(800, 900_000), kind) for item, kind in chance.sample(_ITEMS, chance.randint(4, 11)))
    fund = sum(line.amount_fen for line in lines) * chance.randint(30, 80) // 100
    born = date(1950, 1, 1) + timedelta(days=chance.randint(0, 20_000))
    first_17 = f"990101{born:%Y%m%d}{chance.randint(0, 999):03d}"
    id_number = first_17 + id_check_character(first_17)
    account = "990000" + "".join(chance.choice("0123456789") for _ in range(12))
    account += luhn_check_digit(account)
    illness, icd10 = chance.choice(_ILLNESSES)
    cause = chance.choice(("疾病", "意外"))
    insurance = chance.choice(("城镇职工基本医疗保险", "城乡居民基本医疗保险"))
    code, number, check = f"9906012{chance.randint(0, 9)}", f"{chance.randint(0, 10**10 - 1):010d}", f"{chance.randint(0, 16**6 - 1):06x}"
    yield MedicalInvoice(code, number, check, name, discharged, hospital, admitted, discharged, insurance, fund, lines, seed % 4 == 3)
    yield ExpenseList(name, hospital, admitted, discharged, lines)
    yield DischargeSummary(
        name, "男", 40, "普外科", hospital, admitted, discharged, illness, icd10, "入院后完善检查，对症治疗，恢复顺利。" * 3
    )
    yield DiagnosisCertificate(name, "女", 33, "内科", hospital, illness, icd10, admitted)
    yield PathologyReport(
        name,
        "男",
        40,
        hospital,
        f"B2024-{number[:4]}",
        "组织一块",
        "灰白组织。" * 3,
        "镜下见乳头状结构。",
        "甲状腺乳头状癌",
        "C73.x00",
        discharged,
    )
    yield IdCard(name, id_number)
    yield BankCard(account, "示例银行", name)
    yield ClaimForm(name, f"AX2024{number[:8]}", id_number, admitted, cause, account, "因腹痛一天到医院就诊，诊断后住院治疗。")
    yield AccidentCertificate(name, admitted, "当日上午在小区门口骑车摔倒，左腕着地受伤，由家属送往医院就诊，经检查需要治疗。")
    yield DeathCertificate(name, id_number, discharged, "急性心肌梗死", hospital)
    total, grade = sum(line.amount_fen for line in lines), chance.choice(("一级", "二级", "三级", "四级"))
    yield SettlementSheet(name, hospital, total, fund, (total - fund) // 3)
    yield PaymentStatement(name, "示例财产保险股份有限公司", chance.randint(10_000, 900_000), discharged)
    yield SurgeryRecord(name, "男", 40, hospital, admitted, "股骨骨折切开复位内固定术", grade, "逐层切开，复位骨折断端，置入钢板固定。")
    yield ImagingReport(name, "女", 33, hospital, "右股骨", "右股骨干骨皮质连续性中断。", "右股骨干完全性骨折", admitted)
    yield DisabilityReport(name, id_number, chance.choice(("十级", "九级", "八级", "七级")), discharged, "右髋关节功能部分丧失。")


@dataclass(frozen=True)
class Shot:
    """One picture to read: whose facts (the seed's), in which layout, how damaged."""

    document_class: DocumentClass
    layout: str
    is_held_out: bool
    grade: Grade
    seed: int
    pages: Callable[[int], Iterator[PageSpec]] = pages_of

    @property
    def page(self) -> PageSpec:
        """The facts."""
        return next(page for page in self.pages(self.seed) if page.document_class is self.document_class)

    def photo(self) -> Photo:
        """Print it and photograph it, and tell where every fact landed: the same every time."""
        sheet = find_layout(self.document_class, self.layout).draw(self.page)
        damages = _MORE[self.seed % len(_MORE)] if self.grade is Grade.HEAVY else {}
        return photograph_sheet(sheet, _LEVELS[self.grade], self.seed, damages)

    def take(self) -> bytes:
        """Take the picture alone: the same bytes every time."""
        return self.photo().content


_CAME_LATER = {QIUSHAN: 500, HAITANG: 800}  # with seeds of their own, so that nobody else's pictures changed


def shots(first_seed: int, grades: tuple[Grade, ...], rounds: int = 1, held_out: bool | None = None) -> Iterator[Shot]:
    """List a picture of every layout in every grade, each with a seed of its own from `first_seed` on; `held_out` chooses layouts."""
    pairs = [(document_class, layout) for document_class, layouts in LAYOUTS.items() for layout in layouts]
    yield from _number(first_seed, grades, rounds, held_out, [pair for pair in pairs if pair[1].name not in _CAME_LATER])
    for name, later in _CAME_LATER.items():
        yield from _number(first_seed + later, grades, rounds, held_out, [pair for pair in pairs if pair[1].name == name])


def _number(
    seed: int, grades: tuple[Grade, ...], rounds: int, held_out: bool | None, pairs: Sequence[tuple[DocumentClass, Layout[Any]]]
) -> Iterator[Shot]:
    for _ in range(rounds):
        for grade in grades:
            for document_class, layout in pairs:
                if held_out in (None, layout.is_held_out):
                    yield Shot(document_class, layout.name, layout.is_held_out, grade, seed)
                seed += 1


def fitting_shots() -> list[Shot]:
    """List the pictures that the calibration is fitted on: tuned layouts only, seeds of their own, more of the damaged ones."""
    return [*shots(1000, (Grade.LIGHT, Grade.MEDIUM, Grade.HEAVY, Grade.HEAVY), held_out=False)]


def clean_fitting_shots() -> list[Shot]:
    """List scans to fit on beside them, with seeds of their own: Tesseract reads too little of the photographs to learn from."""
    return [*shots(1500, (Grade.CLEAN, Grade.CLEAN), held_out=False)]


def measuring_shots(*, held_out: bool, rounds: int = 1) -> list[Shot]:
    """List the pictures that are measured on: tuned layouts with new facts, or the layouts that were held out."""
    return [*shots(3000 if held_out else 2000, tuple(Grade), rounds, held_out)]
