"""Pictures whose reading is planted: each is a real PNG, and the reader knows what stands on it."""

import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from PIL import Image

from domain.document import Box, Document, DocumentClass, Field, InvoiceLine, QualityScore
from domain.errors import UnreadableFileError
from domain.finding import Finding, Severity
from domain.payout import BankAnswer, BankStatus, PaymentOrder
from domain.policy import Person
from domain.states import DocumentState

# An encrypted PDF of one empty page (RC4, 40 bit); the key entries stand for a password nobody knows.
LOCKED_PDF = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/O<%b>/U<%b>/P -4>>endobj
trailer<</Root 1 0 R/Encrypt 4 0 R/Size 5/ID[<00112233445566778899AABBCCDDEEFF><00112233445566778899AABBCCDDEEFF>]>>
%%%%EOF""" % (b"11" * 32, b"22" * 32)
BLANK_PDF = LOCKED_PDF.replace(b"/Encrypt 4 0 R", b"")


@dataclass
class PlantedReader:
    """Reads what was planted, and nothing else."""

    known: dict[str, Document] = field(default_factory=dict)

    def plant(self, seed: int, document: Document) -> bytes:
        """Make a picture that reads as this document."""
        content = picture(seed)
        self.known[hashlib.sha256(content).hexdigest()] = document
        return content

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        if content == BLANK_PDF:
            raise UnreadableFileError("the PDF has an empty page", "export it again")
        sha256 = hashlib.sha256(content).hexdigest()
        return (replace(self.known[sha256], sha256=sha256),)

    def read_joined(self, files: Sequence[tuple[bytes, tuple[int, ...]]]) -> tuple[Document, ...]:
        return ()


class TrustingBank:
    """Confirms every order at once."""

    is_idempotent = True
    key_ttl_seconds = 86_400

    def pay(self, order: PaymentOrder) -> BankAnswer:
        return BankAnswer(BankStatus.CONFIRMED, f"BANK-{order.idempotency_key[:12]}")

    def query(self, idempotency_key: str) -> BankAnswer:
        return BankAnswer(BankStatus.CONFIRMED, f"BANK-{idempotency_key[:12]}")


def picture(seed: int, size: tuple[int, int] = (600, 400)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200 + seed % 50, 220, 230)).save(buffer, "PNG")
    return buffer.getvalue() + bytes([seed % 256])


def stay_papers(
    reader: PlantedReader, person: Person, admitted: date, discharged: date, *, seed: int = 0, is_clear: bool = False
) -> dict[str, bytes]:
    """Plant the three papers of a stay: invoice 20,000.00 of which social insurance paid 8,000.00, summary, ID card.

    What social insurance paid was read doubtfully, unless the papers are clear.
    """
    days = (discharged - admitted).days
    invoice = _document(
        DocumentClass.MEDICAL_INVOICE,
        Field("invoice_code", "99060126", 0.99, box=Box(40, 20, 160, 44), proven=True),
        Field("invoice_number", f"00000{seed:05d}", 0.99, box=Box(300, 20, 460, 44), proven=True),
        Field("payer_name", person.name, 0.97, box=Box(40, 60, 120, 84)),
        Field("hospital_name", "示例市第一医院", 0.96, box=Box(40, 100, 260, 124)),
        Field("admission_date", admitted, 0.98, box=Box(40, 140, 160, 164)),
        Field("discharge_date", discharged, 0.98, box=Box(220, 140, 340, 164)),
        Field("inpatient_days", days, 0.98, box=Box(400, 140, 440, 164)),
        Field("insurance_type", "职工基本医疗保险", 0.95, box=Box(40, 180, 260, 204)),
        Field("total_fen", 2_000_000, 0.99, box=Box(40, 300, 180, 330), proven=True),
        Field("social_insurance_paid_fen", 800_000, 0.98 if is_clear else 0.71, box=Box(240, 300, 380, 330), raw="8OOO.00"),
        lines=(InvoiceLine("手术费", 1_200_000, "甲"), InvoiceLine("西药费", 800_000, "乙")),
    )
    summary = _document(
        DocumentClass.DISCHARGE_SUMMARY,
        Field("patient_name", person.name, 0.97),
        Field("hospital_name", "示例市第一医院", 0.96),
        Field("admission_date", admitted, 0.98),
        Field("discharge_date", discharged, 0.98),
        Field("inpatient_days", days, 0.98),
        Field("diagnosis", "急性阑尾炎", 0.98),
        Field("diagnosis_icd10", "K35.8", 0.98),
    )
    card = _document(
        DocumentClass.ID_CARD,
        Field("holder_name", person.name, 0.98),
        Field("id_number", person.id_number, 0.99, proven=True),
        Field("birth_date", person.birth_date, 0.99, proven=True),
    )
    named = {"invoice.png": invoice, "summary.png": summary, "id.png": card}
    return {name: reader.plant(seed * 10 + place, document) for place, (name, document) in enumerate(named.items())}


def blurred(reader: PlantedReader, seed: int) -> bytes:
    """Plant a picture that must be taken again."""
    advice = "图片模糊，请对焦后重拍"
    finding = Finding("quality.blur", Severity.BLOCK, "图片模糊", advice)
    score = QualityScore("blur", 0.4, 1.3, passed=False, advice=advice)
    return reader.plant(seed, Document("", "image/png", DocumentState.RETAKE_ASKED, quality=(score,), findings=(finding,)))


def _document(document_class: DocumentClass, *fields: Field, lines: tuple[InvoiceLine, ...] = ()) -> Document:
    return Document(
        sha256="",
        media_type="image/png",
        state=DocumentState.EXTRACTED,
        document_class=document_class,
        class_confidence=0.97,
        fields=fields,
        lines=lines,
        text="样张",
        reader="planted",
    )
