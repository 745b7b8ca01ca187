"""A document as the claim page shows it: its picture with boxes, and its fields, the uncertain ones first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.workbench.language import say
from domain.document import CLASS_NAMES_ZH, FIELD_LABELS_ZH, Box, Document, DocumentClass, Field
from domain.finding import Finding
from domain.identity import mask_id_number, mask_tail
from domain.money import format_fen
from domain.states import DocumentState
from ocr.settings import OcrSettings
from storage.documents import DocumentRecord

SHOWN_INLINE = frozenset(
    {"image/jpeg", "image/png", "image/webp", "image/gif", "image/bmp", "image/avif"}
)  # drawn by browsers, and holding no script
_SURE = OcrSettings.field_confidence_min  # from here on nobody needs to look

# On screens these are masked; who must compare them has the picture beside.
_MASKS: Mapping[str, Callable[[str], str]] = {"id_number": mask_id_number, "card_number": mask_tail, "bank_account": mask_tail}

_STATES_ZH = {
    DocumentState.RECEIVED: "待识别",
    DocumentState.CHECKED: "质检通过",
    DocumentState.CLASSIFIED: "已分类",
    DocumentState.EXTRACTED: "已识别",
    DocumentState.JOINED: "已并入",
    DocumentState.RETAKE_ASKED: "需重拍",
    DocumentState.UNREADABLE: "无法打开",
}


@dataclass(frozen=True)
class FieldRow:
    """One field: what was read, how sure that is, and where it stands on the page."""

    name: str
    label: str
    text: str  # "" when it was not found
    typed: str  # as a person would type it
    confidence: float
    is_sure: bool
    proven: bool
    raw: str
    box: Box | None
    page: int
    is_masked: bool = False


@dataclass(frozen=True)
class BoxRow:
    """Where a field stands on a picture; `key` is that of the field's row, which may belong to another document's form."""

    key: str
    title: str
    is_sure: bool
    box: Box


@dataclass(frozen=True)
class DocumentView:
    """One document with everything the page needs."""

    document_id: str
    title: str
    file_name: str
    state_word: str
    is_good: bool
    is_part: bool  # of another document, where its pages count
    is_image: bool
    page_count: int
    reader: str
    class_confidence: float
    advice: tuple[str, ...]
    findings: tuple[Finding, ...]
    fields: tuple[FieldRow, ...]
    boxes: tuple[BoxRow, ...]
    text: str

    @property
    def doubtful(self) -> int:
        """How many fields want a look."""
        return sum(not each.is_sure for each in self.fields)


def document_views(records: Sequence[DocumentRecord]) -> tuple[DocumentView, ...]:
    """Prepare a claim's documents; of one whose pages came in several files, each box is drawn on the picture that it stands on."""
    rows = {each.document_id: _field_rows(each.read) if each.read else () for each in records}
    return tuple(_document_view(each, rows[each.document_id], _boxes(each, records, rows)) for each in records)


def _boxes(record: DocumentRecord, records: Sequence[DocumentRecord], rows: Mapping[str, tuple[FieldRow, ...]]) -> tuple[BoxRow, ...]:
    holders = [each for each in records if each.read and (each is record or each.read.sheets)]
    return tuple(
        BoxRow(f"{each.document_id}-{row.name}", say("{name}：{value}", name=row.label, value=row.text), row.is_sure, row.box)
        for each in holders
        for row in rows[each.document_id]
        if each.read and row.box and each.read.sheet(row.page).sha256 == record.sha256
    )


def _document_view(record: DocumentRecord, fields: tuple[FieldRow, ...], boxes: tuple[BoxRow, ...]) -> DocumentView:
    read = record.read
    findings = read.findings if read else ()
    told = {each.advice for each in findings}
    return DocumentView(
        document_id=record.document_id,
        title=say(CLASS_NAMES_ZH[record.document_class] if record.document_class else "未能归类"),
        file_name=record.file_name,
        state_word=say(_STATES_ZH[record.state]),
        is_good=record.state in (DocumentState.EXTRACTED, DocumentState.JOINED),
        is_part=record.state is DocumentState.JOINED,
        is_image=record.media_type in SHOWN_INLINE,
        page_count=read.page_count if read else 1,
        reader=read.reader if read else "",
        class_confidence=read.class_confidence if read else 0.0,
        advice=tuple(each.advice for each in read.quality if not each.passed and each.advice and each.advice not in told) if read else (),
        findings=findings,
        fields=fields,
        boxes=boxes,
        text=read.text if read else "",
    )


def _field_rows(read: Document) -> tuple[FieldRow, ...]:
    labels = {name: say(label) for name, label in FIELD_LABELS_ZH[read.document_class or DocumentClass.OTHER].items()}
    rows = [_field_row(field, labels.get(field.name, field.name)) for field in read.fields]
    if read.state is DocumentState.EXTRACTED:
        found = {field.name for field in read.fields}
        rows += [FieldRow(name, label, "", "", 0.0, True, False, "", None, 0) for name, label in labels.items() if name not in found]
    order = list(labels)
    return tuple(sorted(rows, key=lambda row: (row.is_sure, order.index(row.name) if row.name in order else len(order))))


def _field_row(field: Field, label: str) -> FieldRow:
    is_sure, mask = field.proven or field.confidence >= _SURE, _MASKS.get(field.name)
    if mask:
        shown = mask(str(field.value))
        return FieldRow(field.name, label, shown, "", field.confidence, is_sure, field.proven, "", field.box, field.page, is_masked=True)
    return FieldRow(
        field.name, label, _shown(field), _typed(field), field.confidence, is_sure, field.proven, field.raw, field.box, field.page
    )


def _shown(field: Field) -> str:
    if field.name.endswith("_fen") and isinstance(field.value, int):
        return format_fen(field.value)
    if field.name.endswith("_days"):
        return say("{count} 天", count=field.value)
    return str(field.value)


def _typed(field: Field) -> str:
    if field.name.endswith("_fen") and isinstance(field.value, int):
        return format_fen(field.value, grouped=False)
    return field.value.isoformat() if isinstance(field.value, date) else str(field.value)
