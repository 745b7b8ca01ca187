"""Claims under a contract of any product, sent with papers as they were read, and worked through to their end."""

from dataclasses import replace
from datetime import date

from adjudicator.intake import submit
from adjudicator.story import ClaimStory, tell
from domain.document import Document, DocumentClass, InvoiceLine
from domain.money import parse_fen
from domain.policy import Particular, Policy
from storage import registry
from storage.ledger import Account
from tests.adjudicator.world import HOSPITAL, INSURED, STANDARD, World, invoice, notice, paper

C = DocumentClass
ACCIDENT_DAY = date(2025, 8, 15)


def policy(product: str, plan: str, **particulars: Particular) -> Policy:
    return replace(STANDARD, policy_number="PL7", product=product, plan=plan, particulars=particulars)


def claimed(world: World, contract: Policy, *papers: Document, ref: str = "APP-1", **changes: object) -> ClaimStory:
    with world.system.database.write() as tx:
        registry.save_policies(tx, [contract])
    given = {"policy_numbers": (contract.policy_number,)} | changes
    receipt = submit(world.system, notice(ref, world.files(*papers, tag=ref), **given))
    world.run()
    return tell(world.system, receipt.claim_id)


def charge(name: str, amount: str, list_class: str = "", quantity: int | None = None) -> InvoiceLine:
    return InvoiceLine(name, parse_fen(amount), list_class, quantity=quantity)


def bill(*lines: InvoiceLine, social: str = "0.00", **changes: object) -> Document:
    made = invoice(sum(line.amount_fen for line in lines), parse_fen(social), **changes)  # type: ignore[arg-type]  # fields of the paper
    return replace(made, lines=lines)


def visit(amount: str, number: str) -> Document:
    """An outpatient invoice that nobody else paid a part of."""
    made = paper(
        C.MEDICAL_INVOICE, invoice_code="99010126", invoice_number=number, payer_name=INSURED.name, hospital_name=HOSPITAL.name,
        issue_date=ACCIDENT_DAY, insurance_type="自费", total_fen=parse_fen(amount),
    )  # fmt: skip
    return replace(made, text="示例省医疗门诊收费票据（电子）", lines=(charge("检查费", amount, "甲"),))


def accident() -> Document:
    return paper(C.ACCIDENT_CERTIFICATE, patient_name=INSURED.name, accident_date=ACCIDENT_DAY, narrative="骑车摔倒，右腿着地")


def certificate(code: str, day: date = date(2025, 6, 2)) -> Document:
    return paper(C.DIAGNOSIS_CERTIFICATE, patient_name=INSURED.name, hospital_name=HOSPITAL.name, diagnosis_icd10=code, diagnosis_date=day)


def pathology(code: str) -> Document:
    return paper(
        C.PATHOLOGY_REPORT, patient_name=INSURED.name, hospital_name=HOSPITAL.name, diagnosis_icd10=code, report_date=date(2025, 6, 1)
    )


def paid_under(story: ClaimStory) -> dict[str, int]:
    return {entry.policy_number: entry.amount_fen for entry in story.ledger if entry.credit_account == Account.BANK}


def amounts(story: ClaimStory) -> dict[str, int | None]:
    assert story.adjudication is not None
    return {result.name: result.amount_fen for each in story.adjudication.policies for result in each.assessment.results}
