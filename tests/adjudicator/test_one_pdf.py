"""From bytes to money: one scanned PDF with every paper of a stay, read by the real engines, settles straight through."""

from dataclasses import replace
from datetime import date

from adjudicator.intake import submit
from adjudicator.story import tell
from domain.claim import UploadedFile
from domain.document import DocumentClass, InvoiceLine
from domain.states import ClaimState
from ocr.inspect import inspect_file
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.bundle import back_of, list_over_pages, pdf_of
from sandbox.pages.discharge_summary import DischargeSummary
from sandbox.pages.expense_list import ExpenseList
from sandbox.pages.id_card import IdCard
from sandbox.pages.medical_invoice import MedicalInvoice
from sandbox.render import render
from tests.adjudicator.test_path import CLEAN_PAYS_FEN
from tests.adjudicator.world import HOSPITAL, INSURED, World, notice
from tests.ocr.conftest import needs

C = DocumentClass
ADMITTED, DISCHARGED = date(2025, 8, 15), date(2025, 8, 23)
CHARGES = tuple(
    InvoiceLine(name, amount, kind)
    for name, amount, kind in (
        ("床位费", 120_000, "甲"), ("护理费", 80_000, "甲"), ("西药费", 900_000, "乙"), ("检查费", 400_000, "乙"),
        ("化验费", 250_000, "甲"), ("治疗费", 350_000, "乙"), ("手术费", 900_000, "甲"),
    )
)  # fmt: skip
INVOICE = MedicalInvoice(
    "99060123", "9900000001", "a1b2c3", INSURED.name, DISCHARGED, HOSPITAL.name, ADMITTED, DISCHARGED, "城镇职工基本医疗保险", 500_000,
    CHARGES,
)  # fmt: skip
LIST = ExpenseList(INSURED.name, HOSPITAL.name, ADMITTED, DISCHARGED, CHARGES)
SUMMARY = DischargeSummary(
    INSURED.name, "男", 37, "普外科", HOSPITAL.name, ADMITTED, DISCHARGED, "急性阑尾炎", "K35.800",
    "入院后完善检查，行阑尾切除术，恢复顺利。",
)  # fmt: skip
CARD = IdCard(INSURED.name, INSURED.id_number)


@needs("rapidocr")
def test_one_pdf_of_a_whole_stay_with_its_pages_mixed_up_is_paid_to_the_fen(world: World) -> None:
    first, second = list_over_pages(LIST, 4)
    scans = pdf_of([second, render(INVOICE), back_of(CARD), first, render(SUMMARY), render(CARD)])
    settings = OcrSettings()
    system = replace(world.system, reader=DocumentReader(settings), inspect=lambda content: inspect_file(content, settings))
    with_reader = replace(world, system=system)
    receipt = submit(system, notice(files=(UploadedFile("all.pdf", scans),)))
    with_reader.run()
    story = tell(system, receipt.claim_id)
    assert [(each.document_class, each.read.pages) for each in story.documents if each.read] == [
        (C.EXPENSE_LIST, (3, 0)), (C.MEDICAL_INVOICE, (1,)), (C.ID_CARD, (5, 2)), (C.DISCHARGE_SUMMARY, (4,)),
    ]  # fmt: skip
    assert (story.claim.state, story.paid_fen) == (ClaimState.PAID, CLEAN_PAYS_FEN)
