"""People with a policy each, hospitals and agents, and a claim of each of them: a stay in hospital with three electronic papers.

The invoice is a fiscal e-invoice as XML and is parsed for real; the discharge summary and the ID card come as read already,
so that what is measured is the path of a claim, and not the reading of pictures (bench/electronic.py, bench/reading_speed.py).
"""

from collections.abc import Callable, Sequence
from datetime import date

from domain.claim import Channel, ClaimNotice, LossCause, Payee, PersonClue, UploadedFile
from domain.document import Document, DocumentClass, Field, InvoiceLine
from domain.payout import BankAnswer, BankStatus, PaymentOrder, StatementLine
from domain.policy import Agent, Hospital, Person, Policy
from domain.states import DocumentState
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from ocr.sniff import sniff_media_type
from sandbox.electronic.e_invoice import write_fiscal_xml
from sandbox.pages.medical_invoice import MedicalInvoice

HOSPITALS, AGENTS = 50, 100
_READ = "<?xml version='1.0'?><read paper='{}' of='{}'/>"  # a paper that was read already
_ADMITTED, _DISCHARGED = date(2025, 8, 15), date(2025, 8, 23)


def hospital_of(number: int) -> Hospital:
    """Give the hospital that a claim is about."""
    place = number % HOSPITALS
    return Hospital(f"BH{place}", f"示例市第{place}医院", "三级", "公立")


def agent_of(number: int) -> Agent:
    """Give the agent who sold a policy."""
    place = number % AGENTS
    return Agent(f"BA{place}", f"赵示{place}", f"1000009{place:04}", "示例支公司")


def person_of(number: int) -> Person:
    """Give the insured of a claim; each has one of their own."""
    return Person(f"B{number}", f"李示{number}", f"990101{number:012}", date(1988, 3, 14), f"1{number:010}", has_social_insurance=True)


def policy_of(number: int) -> Policy:
    """Give the policy of an insured."""
    who, term = f"B{number}", (date(2025, 2, 1), date(2026, 1, 31), date(2025, 2, 1))
    return Policy(f"BP{number}", who, who, "anxin-inpatient", "标准版", *term, 200_000_000, agent_of(number).agent_id)


def invoice_of(number: int) -> bytes:
    """Write the e-invoice of a claim: 12 charged items, 30,000.00 in all, of which social insurance paid 5,000.00."""
    lines = tuple(InvoiceLine(f"{name}{place}", 250_000, "甲") for place in range(4) for name in ("床位费", "西药费", "检查费"))
    page = MedicalInvoice(
        "99010126", f"{number:010}", f"{number % 1_000_000:06}", person_of(number).name, _DISCHARGED, hospital_of(number).name,
        _ADMITTED, _DISCHARGED, "职工基本医疗保险", 500_000, lines,
    )  # fmt: skip
    return write_fiscal_xml(page)


def notice_of(number: int, ref: str = "") -> ClaimNotice:
    """Write the claim of an insured, as the app sends it."""
    person = person_of(number)
    names = ("summary", "id_card")
    read = tuple(UploadedFile(f"{name}.xml", _READ.format(name, number).encode()) for name in names)
    return ClaimNotice(
        channel=Channel.APP,
        external_ref=ref or f"BENCH-{number}",
        insured=PersonClue(id_number=person.id_number),
        loss_date=_ADMITTED,
        loss_cause=LossCause.ILLNESS,
        narrative="腹痛住院",
        reporter_name=person.name,
        reporter_phone=person.phone,
        payee=Payee(person.name, f"99{number:017}", "示例银行"),
        device_id=f"device-{number}",
        files=(UploadedFile("invoice.xml", invoice_of(number)), *read),
    )


class PaperReader:
    """Parses an e-invoice; of a paper that was read already it gives what was read."""

    def __init__(self) -> None:
        self._reader = DocumentReader(OcrSettings())

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        """Read one file, as `adjudicator.system.Reader` asks."""
        if b"<read paper=" not in content[:40]:
            return self._reader.read_all(content)
        _, kind, _, number, _ = content.decode().split("?>")[1].split("'")
        return (_summary(int(number)) if kind == "summary" else _id_card(int(number)),)

    def read_joined(self, files: Sequence[tuple[bytes, tuple[int, ...]]]) -> tuple[Document, ...]:
        """Join nothing: each paper stands in one file."""
        return ()


class InstantBank:
    """A bank that confirms every order at once, so that its own time is not measured."""

    is_idempotent, key_ttl_seconds = True, 604_800

    def pay(self, order: PaymentOrder) -> BankAnswer:
        """Confirm it."""
        return BankAnswer(BankStatus.CONFIRMED, f"BANK-{order.idempotency_key}")

    def query(self, idempotency_key: str) -> BankAnswer:
        """Know nothing: whoever asks has lost an answer, and none is lost here."""
        return BankAnswer(BankStatus.NOT_FOUND)

    def pay_batch(self, orders: Sequence[PaymentOrder]) -> dict[str, BankAnswer]:
        """Confirm all of them."""
        return {each.idempotency_key: self.pay(each) for each in orders}

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        """Tell nothing."""
        return ()


inspect: Callable[[bytes], str] = sniff_media_type


def _summary(number: int) -> Document:
    return _paper(
        DocumentClass.DISCHARGE_SUMMARY, patient_name=person_of(number).name, hospital_name=hospital_of(number).name,
        admission_date=_ADMITTED, discharge_date=_DISCHARGED, inpatient_days=8, diagnosis_icd10="K35.8",
    )  # fmt: skip


def _id_card(number: int) -> Document:
    return _paper(DocumentClass.ID_CARD, holder_name=person_of(number).name, id_number=person_of(number).id_number)


def _paper(document_class: DocumentClass, **values: int | str | date) -> Document:
    fields = tuple(Field(name, value, 0.99, proven=True) for name, value in values.items())
    return Document("", "application/xml", DocumentState.EXTRACTED, document_class, 0.99, fields=fields, reader="written", pages=(0,))
