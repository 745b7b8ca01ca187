"""A whole system on SQLite, with real books, routing and risk model. Only the outside world is played: the reader's
answers are written down in advance (tests/ocr reads real pictures), and the bank is kept in memory."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from adjudicator.publishing import RELEASE, SHIPPED_FROM
from adjudicator.system import System
from adjudicator.worker import drain
from domain.claim import Channel, ClaimNotice, LossCause, Payee, PersonClue, UploadedFile
from domain.document import Document, DocumentClass, Field, InvoiceLine
from domain.errors import BankError, MingbaiError
from domain.payout import BankAnswer, BankStatus, Movement, PaymentOrder, StatementLine
from domain.policy import Hospital, Person, Policy
from domain.states import DocumentState
from rules.medical_base import shipped_base
from storage import publications
from storage.access import Staff
from storage.database import Transaction
from storage.documents import IN_ROW_BYTES

HOME = Path(__file__).parents[2]

INSURED = Person("P1", "李示安", "990101198803140056", date(1988, 3, 14), "10000000001", has_social_insurance=True)
OTHER = Person("P2", "王示平", "990101199001010034", date(1990, 1, 1), "10000000002", has_social_insurance=True)
HOSPITAL = Hospital("H1", "示例市第一医院", "三级", "公立", direct_settlement=True, account_number="9900000000000000101")
PRIVATE = Hospital("H2", "示例市康复门诊部", "未定级", "民营")
STANDARD = Policy("PL1", "P1", "P1", "anxin-inpatient", "标准版", date(2025, 2, 1), date(2026, 1, 31), date(2025, 2, 1), 200_000_000, "A1")
CASH = Policy("PL2", "P1", "P1", "ankang-cash", "基础版", date(2025, 2, 1), date(2026, 1, 31), date(2025, 2, 1), 3_600_000, "A1")
DIRECT = Policy("PL3", "P2", "P2", "zhifu-direct", "直付版", date(2025, 2, 1), date(2026, 1, 31), date(2025, 2, 1), 100_000_000, "A1", True)
ADJUSTER = Staff("lin", "林", "adjuster", 5_000_000)
SENIOR = Staff("gao", "高", "senior_adjuster", 50_000_000)
ACTUARY = Staff("suan", "算", "actuary", 0)


class WrittenReader:
    """Answers with what a test wrote down for a content; an error that was written down is raised."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[Document, ...] | MingbaiError] = {}
        self.joined: tuple[Document, ...] = ()

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        answer = self.answers[hashlib.sha256(content).hexdigest()]
        if isinstance(answer, MingbaiError):
            raise answer
        return answer

    def read_joined(self, files: Sequence[tuple[bytes, tuple[int, ...]]]) -> tuple[Document, ...]:
        return self.joined


@dataclass
class MemoryBank:
    """A bank that answers to keys; `mishaps` are raised or answered first, one a call of `pay`."""

    is_idempotent: bool = True
    key_ttl_seconds: int = 604_800
    booked: dict[str, PaymentOrder] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    mishaps: list[str] = field(default_factory=list)

    def pay(self, order: PaymentOrder) -> BankAnswer:
        self.calls.append(f"pay {order.idempotency_key}")
        mishap = self.mishaps.pop(0) if self.mishaps else ""
        if mishap == "lost before":
            raise BankError("no answer")
        if mishap == "reject":
            return BankAnswer(BankStatus.REJECTED, reason="账号不存在")
        known = self.booked.setdefault(order.idempotency_key, order)
        assert known == order, "one key, two orders"
        if mishap == "lost after":
            raise BankError("no answer")
        return BankAnswer(BankStatus.CONFIRMED, f"BANK-{order.idempotency_key[:8]}")

    def pay_batch(self, orders: Sequence[PaymentOrder]) -> dict[str, BankAnswer]:
        cut = len(orders) // 2 if self.mishaps and self.mishaps[0] == "half" and self.mishaps.pop(0) else len(orders)
        return {each.idempotency_key: self.pay(each) for each in reversed(orders[:cut])}

    def statement(self, day: date) -> tuple[StatementLine, ...]:
        paid = [(key, order.amount_fen) for key, order in self.booked.items()]
        return tuple(StatementLine(Movement.PAYMENT, key, f"BANK-{key[:8]}", amount_fen) for key, amount_fen in paid)

    def query(self, idempotency_key: str) -> BankAnswer:
        self.calls.append(f"query {idempotency_key}")
        if idempotency_key in self.booked:
            return BankAnswer(BankStatus.CONFIRMED, f"BANK-{idempotency_key[:8]}")
        return BankAnswer(BankStatus.NOT_FOUND)


@dataclass(frozen=True)
class World:
    """A system, with handles on what is played."""

    system: System
    reader: WrittenReader
    bank: MemoryBank

    def file(self, name: str, *answers: Document | MingbaiError) -> UploadedFile:
        """Make a file, large as photographs are, that is read as `answers`, each on a page of its own, or that raises the one error."""
        content = (b"\xff\xd8\xff" + name.encode()).ljust(IN_ROW_BYTES + 1)
        sha256 = hashlib.sha256(content).hexdigest()
        papers = [replace(each, sha256=sha256, pages=(page,)) for page, each in enumerate(answers) if isinstance(each, Document)]
        self.reader.answers[sha256] = tuple(papers) or next(each for each in answers if isinstance(each, MingbaiError))
        return UploadedFile(f"{name}.jpg", content)

    def files(self, *papers: Document, tag: str = "") -> tuple[UploadedFile, ...]:
        return tuple(self.file(f"{tag}{number}-{paper.document_class}", paper) for number, paper in enumerate(papers))

    def run(self) -> None:
        drain(self.system)

    def with_limits(self, **changes: float) -> "World":
        return replace(self, system=replace(self.system, limits=replace(self.system.limits, **changes)))


def ship_untested(tx: Transaction, path: Path) -> str:
    """Put a shipped book in force; its own tests run in tests/rules, and not once more before every test of this room."""
    book, base = publications.keep(tx, path.read_bytes()), publications.keep(tx, shipped_base().content)
    publications.add_act(tx, publications.Act.SHIPPED, RELEASE, path.stem, book, base, SHIPPED_FROM)
    return book


def paper(document_class: DocumentClass, **values: int | str | date) -> Document:
    """A well-read document: every field sure and proven."""
    fields = tuple(Field(name, value, 0.99, proven=True) for name, value in values.items())
    return Document("", "image/jpeg", DocumentState.EXTRACTED, document_class, 0.99, fields=fields, reader="written")


def invoice(total_fen: int = 3_000_000, social_fen: int = 500_000, number: str = "9900000001", **changes: int | str | date) -> Document:
    values: dict[str, int | str | date] = {
        "invoice_code": "99010126", "invoice_number": number, "payer_name": INSURED.name, "hospital_name": HOSPITAL.name,
        "admission_date": date(2025, 8, 15), "discharge_date": date(2025, 8, 23), "inpatient_days": 8, "insurance_type": "职工基本医疗保险",
        "total_fen": total_fen, "social_insurance_paid_fen": social_fen,
    }  # fmt: skip
    made = paper(DocumentClass.MEDICAL_INVOICE, **(values | changes))
    return replace(made, lines=(InvoiceLine("床位费", total_fen // 3, "甲"), InvoiceLine("西药费", total_fen - total_fen // 3, "乙")))


def summary(**changes: int | str | date) -> Document:
    values: dict[str, int | str | date] = {
        "patient_name": INSURED.name, "hospital_name": HOSPITAL.name, "admission_date": date(2025, 8, 15),
        "discharge_date": date(2025, 8, 23), "inpatient_days": 8, "diagnosis_icd10": "K35.8",
    }  # fmt: skip
    return paper(DocumentClass.DISCHARGE_SUMMARY, **(values | changes))


def id_card(person: Person = INSURED) -> Document:
    return paper(DocumentClass.ID_CARD, holder_name=person.name, id_number=person.id_number)


def unusable(code: str = "document.blurred") -> Document:
    from ocr.findings import make_finding

    return Document("", "image/jpeg", DocumentState.RETAKE_ASKED, findings=(make_finding(code),))


def notice(ref: str = "APP-1", files: tuple[UploadedFile, ...] = (), **changes: object) -> ClaimNotice:
    made = ClaimNotice(
        channel=Channel.APP,
        external_ref=ref,
        insured=PersonClue(id_number=INSURED.id_number),
        loss_date=date(2025, 8, 15),
        loss_cause=LossCause.ILLNESS,
        narrative="腹痛住院",
        reporter_name=INSURED.name,
        reporter_phone=INSURED.phone,
        payee=Payee(INSURED.name, "9900000000000000010", "示例银行"),
        device_id="device-1",
        files=files,
    )
    return replace(made, **changes)
