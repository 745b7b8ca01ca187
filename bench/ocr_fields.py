"""Counts the fields that reading finds on the sandbox's documents, by class and level of damage, and the seconds a page takes.

    python -m bench.ocr_fields --seeds 3 --engine auto [--level good] [--misses]

A field counts when its value is exactly the true one. Everything is read anew; nothing here asserts.
"""

import argparse
import random
import resource
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

from domain.document import Document, DocumentClass, InvoiceLine
from domain.identity import id_check_character, luhn_check_digit
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
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
from sandbox.photograph import Level, photograph
from sandbox.render import PageSpec, facts_of, render

_Key = tuple[DocumentClass, Level]

_SURNAMES, _GIVEN = "王李张刘陈杨赵黄周吴徐孙", ("样本", "示例", "小样", "一鸣", "思远", "佳怡", "建国", "秀英", "子涵", "浩")
_HOSPITALS = ("示例市第一人民医院", "示例省中医院", "样张大学附属医院", "示例县人民医院", "示例市妇幼保健院")
_ITEMS = (("床位费", "甲"), ("护理费", "甲"), ("西药费", "甲"), ("中成药费", "乙"), ("检查费", "乙"), ("化验费", "甲"), ("治疗费", "甲"),
          ("手术费", "甲"), ("卫生材料费", "丙"), ("诊查费", "甲"), ("麻醉费", "乙"), ("特需服务费", "丙"))  # fmt: skip
_ILLNESSES = (
    ("急性阑尾炎", "K35.800"),
    ("肺炎", "J18.900"),
    ("2型糖尿病", "E11.900"),
    ("胆囊结石伴慢性胆囊炎", "K80.100"),
    ("腰椎间盘突出", "M51.202"),
)


def pages_of(seed: int) -> Iterator[PageSpec]:
    """Make one page of every class, the same for the same seed; every fourth invoice has lost its decimal point."""
    chance = random.Random(seed)
    name = chance.choice(_SURNAMES) + chance.choice(_GIVEN)
    hospital = chance.choice(_HOSPITALS)
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


def misses_of(page: PageSpec, document: Document) -> dict[str, str]:
    """Name every field that is not exactly the true one, with both values; invoice lines count as one field each."""
    wrong = {}
    for name, truth in facts_of(page).items():
        field = document.field(name)
        read = None if field is None else field.value
        if isinstance(read, str) and isinstance(truth, str):
            read, truth = read.replace(" ", ""), truth.replace(" ", "")
        if read != truth:
            wrong[name] = f"{truth!r} read as {read!r}"
    for number, line in enumerate(getattr(page, "lines", ())):
        found = next((each for each in document.lines if each.name == line.name), None)
        if found is None or (found.amount_fen, found.list_class) != (line.amount_fen, line.list_class):
            wrong[f"lines/{number}"] = f"{line.name} {line.list_class} {line.amount_fen} read as {found}"
    return wrong


def main() -> None:
    """Read every page of the seeds at the levels, print misses as they come and a table at the end."""
    arguments = _parse_arguments()
    reader = DocumentReader(OcrSettings(engine=arguments.engine, backend=arguments.backend))
    reader.load()
    found: Counter[_Key] = Counter()
    asked: Counter[_Key] = Counter()
    seconds: dict[Level, list[float]] = {level: [] for level in Level}
    for seed in range(arguments.first_seed, arguments.first_seed + arguments.seeds):
        for page in pages_of(seed):
            for level in arguments.level or (Level.SCAN, Level.GOOD, Level.MIDDLING):
                content = photograph(render(page), level, seed)
                start = _cpu_seconds()
                document = reader.read(content)
                seconds[level].append(_cpu_seconds() - start)
                misses = misses_of(page, document)
                total = len(facts_of(page)) + len(getattr(page, "lines", ()))
                key = (page.document_class, level)
                asked[key] += total
                found[key] += total - len(misses)
                if arguments.misses:
                    _print_misses(page, level, seed, document, misses)
    _print_table(found, asked, seconds)


def _cpu_seconds() -> float:
    """Count the seconds this process and its children computed: a busy machine does not lengthen them."""
    return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--engine", default="auto")
    parser.add_argument("--backend", default="auto")
    parser.add_argument("--level", type=Level, action="append", choices=list(Level))
    parser.add_argument("--misses", action="store_true")
    return parser.parse_args()


def _print_misses(page: PageSpec, level: Level, seed: int, document: Document, misses: dict[str, str]) -> None:
    notes = [each.code for each in document.findings]
    if misses or notes or document.document_class is not page.document_class:
        read_as = f"{document.document_class} {document.class_confidence}, {document.state}"
        print(f"{page.document_class} {level} seed {seed}: read as {read_as}, {notes}")
        for name, difference in misses.items():
            print(f"    {name}: {difference}")


def _print_table(found: Counter[_Key], asked: Counter[_Key], seconds: dict[Level, list[float]]) -> None:
    levels = [level for level in Level if seconds[level]]
    print(f"{'':24}" + "".join(f"{level:>15}" for level in levels))
    for document_class in dict.fromkeys(key[0] for key in asked):
        counts = [(found[document_class, level], asked[document_class, level]) for level in levels]
        print(f"{document_class:24}" + "".join(f"{right:>6}/{total:<4}{right / total:.2f}" for right, total in counts))
    for level in levels:
        right, total = (sum(count[key] for key in asked if key[1] is level) for count in (found, asked))
        times = sorted(seconds[level])
        print(f"{level:10} fields {right}/{total} = {right / total:.4f}", end="   ")
        print(f"CPU s a page: median {times[len(times) // 2]:.2f}, worst {times[-1]:.2f}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
