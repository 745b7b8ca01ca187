"""The claim page draws a field's box on the picture it stands on, also where a document's pages came as several files."""

from dataclasses import replace

from api.workbench.document_view import document_views
from domain.document import Box, Document, DocumentClass, Field, Sheet
from domain.states import DocumentState
from storage.documents import DocumentRecord

BOX = Box(10, 20, 110, 60)
TOTAL = Field("total_fen", 3_000_000, 0.99, page=1, box=BOX, proven=True)


def record(name: str, state: DocumentState, *fields: Field, sheets: tuple[Sheet, ...] = ()) -> DocumentRecord:
    read = Document(name, "image/jpeg", state, DocumentClass.EXPENSE_LIST, fields=fields, sheets=sheets)
    return DocumentRecord(f"D-{name}", "C1", 1, f"{name}.jpg", name, 1, "image/jpeg", state, DocumentClass.EXPENSE_LIST, read, 0)


def test_the_box_of_a_page_that_came_as_a_file_of_its_own_is_on_that_files_picture():
    sheets = (Sheet("first", 0), Sheet("second", 0))
    whole, part = record("first", DocumentState.EXTRACTED, TOTAL, sheets=sheets), record("second", DocumentState.JOINED)
    first, second = document_views((whole, part))
    assert first.boxes == () and [(each.key, each.box) for each in second.boxes] == [("D-first-total_fen", BOX)]
    assert (second.state_word, second.is_part, second.is_good, second.fields) == ("已并入", True, True, ())


def test_a_document_of_one_file_has_its_boxes_on_its_own_picture():
    first, second = document_views((record("a", DocumentState.EXTRACTED, replace(TOTAL, page=0)), record("b", DocumentState.EXTRACTED)))
    assert [each.key for each in first.boxes] == ["D-a-total_fen"] and second.boxes == ()
