"""docs/documents.md names every class, every field, every finding and every key, as they are."""

from pathlib import Path

import pytest

from commands.document_answers import object_of
from domain.document import FIELD_LABELS_ZH, DocumentClass
from ocr.findings import KINDS
from tests.ocr.conftest import invoice
from tests.ocr.electronic_files import pdf_of, read

PAGE = (Path(__file__).parents[2] / "docs" / "documents.md").read_text()


@pytest.mark.parametrize("document_class", list(DocumentClass))
def test_it_names_every_class_with_its_fields(document_class):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{document_class}` |"))
    assert all(f"`{name}` {label}" in row for name, label in FIELD_LABELS_ZH[document_class].items())


@pytest.mark.parametrize("code", list(KINDS))
def test_it_names_every_finding_with_its_severity_and_advice(code):
    kind = KINDS[code]
    assert f"| `{code}` | {kind.severity} | {kind.message.replace('{detail}', '…')} | {kind.advice} |" in PAGE


def test_it_names_every_key_of_the_answer():
    answer = object_of("a.pdf", read(pdf_of(invoice())))
    inner = [set(next(iter(answer["fields"].values()))), *map(set, answer["lines"])]
    assert [key for key in answer if f"| `{key}` |" not in PAGE] == []
    assert [key for keys in inner for key in keys if f"`{key}`" not in PAGE] == []
