"""Pages of one document that were sent one by one, in any order, some twice, one a day later: the claim settles on the whole document."""

import json
from dataclasses import replace
from functools import cache
from io import BytesIO
from threading import Lock

import pytest
from PIL import Image

from adjudicator.correcting import correct_field
from adjudicator.intake import add_files, submit
from adjudicator.joining import corrected_ids, find_joins
from adjudicator.story import ClaimStory, tell
from domain.claim import UploadedFile
from domain.decision import Actor
from domain.document import Document, DocumentClass
from domain.errors import ConflictError
from domain.finding import Finding, Severity
from domain.states import ClaimState, DocumentState
from ocr.inspect import inspect_file
from ocr.reading import DocumentReader
from ocr.settings import OcrSettings
from sandbox.bundle import back_of, list_over_pages, list_sheets
from sandbox.electronic.pdf import write_pdf
from sandbox.sheet import Sheet
from tests.adjudicator.test_one_pdf import CARD, INVOICE, LIST, SUMMARY
from tests.adjudicator.test_path import CLEAN_PAYS_FEN
from tests.adjudicator.world import ADJUSTER, OTHER, World, id_card, invoice, notice, paper, summary
from tests.ocr.conftest import needs
from tests.ocr.electronic_files import PLAIN

C, S = DocumentClass, DocumentState
APP = Actor("app", "channel")


class RememberingReader(DocumentReader):
    """Reads every file once in the whole test run; what is read together is read anew."""

    def __init__(self) -> None:
        super().__init__(OcrSettings())
        self._seen: dict[bytes, tuple[Document, ...]] = {}
        self._one_at_a_time = Lock()  # a reader is a process's own; the stage asks from several threads

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        with self._one_at_a_time:
            if content not in self._seen:
                self._seen[content] = super().read_all(content)
            return self._seen[content]


@cache
def real_reader() -> RememberingReader:
    return RememberingReader()


@pytest.fixture
def reading(world: World) -> World:
    """The world with real engines."""
    system = replace(world.system, reader=real_reader(), inspect=lambda content: inspect_file(content, OcrSettings()))
    return replace(world, system=system)


def photo(picture: Image.Image, name: str, quality: int = 88) -> UploadedFile:
    sink = BytesIO()
    picture.convert("RGB").save(sink, "JPEG", quality=quality)
    return UploadedFile(f"{name}.jpg", sink.getvalue())


def printed(sheet: Sheet, name: str) -> UploadedFile:
    return UploadedFile(f"{name}.pdf", write_pdf([sheet], PLAIN))


def pages(mark: str = "第{number}页/共{total}页") -> list[UploadedFile]:
    """The list's three pages, electronic: the photographs of one test show that reading them makes no difference."""
    return [printed(each, f"list-{number}") for number, each in enumerate(list_sheets(LIST, 3, mark=mark), 1)]


def others() -> list[UploadedFile]:
    return [printed(each.draw(), name) for name, each in (("invoice", INVOICE), ("summary", SUMMARY), ("front", CARD))]


def sent(world: World, *files: UploadedFile) -> ClaimStory:
    receipt = submit(world.system, notice(files=files))
    world.run()
    return tell(world.system, receipt.claim_id)


def the_list(story: ClaimStory) -> Document:
    (found,) = (each.read for each in story.documents if each.read and each.document_class is C.EXPENSE_LIST and each.state is S.EXTRACTED)
    return found


def outcome(story: ClaimStory) -> tuple[ClaimState, int, list[int]]:
    assert story.adjudication is not None, story.claim.state
    return story.claim.state, story.paid_fen, [each.charged_fen for each in story.adjudication.lines]


SETTLED = (ClaimState.PAID, CLEAN_PAYS_FEN, [each.amount_fen for each in LIST.lines])


@needs("rapidocr")
def test_three_photographs_in_any_order_settle_the_claim_with_every_line(reading: World) -> None:
    first, second, third = (photo(each, f"list-{number}") for number, each in enumerate(list_over_pages(LIST, 3), 1))
    story = sent(reading, third, photo(back_of(CARD), "back"), first, *others(), second)
    found = the_list(story)
    names = {each.sha256: each.file_name for each in story.documents}
    assert [names[found.sheet(page).sha256] for page in found.pages] == ["list-1.jpg", "list-2.jpg", "list-3.jpg"]
    assert [(line.amount_fen, line.page) for line in found.lines] == [
        (line.amount_fen, place // 3) for place, line in enumerate(LIST.lines)
    ]
    assert [each.file_name for each in story.documents if each.state is S.JOINED] == ["list-3.jpg", "back.jpg", "list-2.jpg"]
    assert outcome(story) == SETTLED


def test_a_list_without_page_numbers_is_joined_because_its_pages_sum_to_its_total(reading: World) -> None:
    first, second, third = pages(mark="")
    assert outcome(sent(reading, third, second, first, *others())) == SETTLED


def test_a_first_page_that_comes_a_day_later_takes_in_the_others(reading: World) -> None:
    first, second, third = pages()
    story = sent(reading, third, second, *others()[:2])
    assert story.claim.state is ClaimState.NEEDS_SUPPLEMENT
    add_files(reading.system, story.claim.claim_id, (first, others()[2]), APP)
    reading.run()
    after = tell(reading.system, story.claim.claim_id)
    assert outcome(after) == SETTLED and [each.state for each in after.documents][:2] == [S.JOINED, S.JOINED]


def test_a_last_page_that_comes_a_day_later_joins_those_that_were_joined_before(reading: World) -> None:
    first, second, third = pages()
    story = sent(reading, second, first, *others()[:2])
    assert len(the_list(story).sheets) == 2
    asked = [(each.message, each.advice) for notice in story.notices for each in notice.items]
    assert ("「list-1.pdf」按印刷的页码缺少第3页", "请补传缺少的页") in asked
    add_files(reading.system, story.claim.claim_id, (third, others()[2]), APP)
    reading.run()
    after = tell(reading.system, story.claim.claim_id)
    assert outcome(after) == SETTLED and len(the_list(after).sheets) == 3


def test_pages_of_another_patient_are_not_joined_and_hold_the_claim_for_a_person(reading: World) -> None:
    strange = replace(LIST, patient_name=OTHER.name, lines=tuple(replace(each, amount_fen=each.amount_fen + 1) for each in LIST.lines))
    first, second, third = pages()
    stranger = printed(list_sheets(strange, 3)[0], "stranger")
    story = sent(reading, stranger, third, first, second, *others())
    lists = [each for each in story.documents if each.document_class is C.EXPENSE_LIST and each.state is S.EXTRACTED]
    assert [len(each.read.sheets) for each in lists if each.read] == [0, 3]
    assert story.claim.state is ClaimState.IN_REVIEW and story.paid_fen == 0


def test_a_page_sent_twice_counts_once(reading: World) -> None:
    first, second, third = pages()
    scan = UploadedFile("again.pdf", write_pdf([list_sheets(LIST, 3)[1]], replace(PLAIN, is_by_character=True)))
    story = sent(reading, first, scan, second, third, *others())
    assert outcome(story) == SETTLED
    assert [(each.code, each.message) for each in the_list(story).findings] == [
        ("document.duplicate_page", "「list-2.pdf」与另一页相同，只采用较清晰的一页")
    ]


def list_paper(text: str) -> Document:
    return replace(paper(C.EXPENSE_LIST), text=text)


LONG = "住院费用清单 患者姓名 李示安 床位费 120.00 护理费 80.00 西药费 9000.00 检查费 4000.00 费用合计 13200.00"


def test_the_same_paper_in_two_files_stays_once(world: World) -> None:
    story = sent(world, *world.files(list_paper(LONG), list_paper(LONG), invoice(), summary(), id_card()))
    assert [each.state for each in story.documents][:2] == [S.EXTRACTED, S.JOINED]


def test_papers_that_differ_in_one_number_are_two(world: World) -> None:
    story = sent(world, *world.files(list_paper(LONG), list_paper(LONG.replace("80.00", "80.50")), invoice(), summary(), id_card()))
    assert [each.state for each in story.documents][:2] == [S.EXTRACTED, S.EXTRACTED]


def test_two_invoices_of_the_same_words_are_told_by_their_number_alone(world: World) -> None:
    twice = [replace(invoice(1_500_000, 250_000, number), text=LONG) for number in ("9900000001", "9900000002")]
    story = sent(world, *world.files(*twice, summary(), id_card()))
    assert all(each.state is S.EXTRACTED for each in story.documents)


def test_the_audit_tells_what_was_joined(world: World) -> None:
    story = sent(world, *world.files(list_paper(LONG), list_paper(LONG), invoice(), summary(), id_card()))
    (told,) = (json.loads(each.detail_json) for each in story.audit if each.action == "documents.joined")
    assert told == {"class": "expense_list", "document": story.documents[0].document_id, "parts": [story.documents[1].document_id]}


def test_a_part_is_corrected_in_the_document_where_it_counts(world: World) -> None:
    doubtful = replace(invoice(), findings=(Finding("invoice.total_mismatch", Severity.DOUBT, "合计不符", about="total_fen"),))
    story = sent(world, *world.files(list_paper(LONG), list_paper(LONG), doubtful, summary(), id_card()))
    assert story.claim.state is ClaimState.IN_REVIEW
    with pytest.raises(ConflictError, match="correct it there"):
        correct_field(world.system, story.documents[1].document_id, "total_fen", "1", ADJUSTER)


def test_a_paper_that_a_person_corrected_is_joined_to_nothing(world: World) -> None:
    doubtful = replace(invoice(), findings=(Finding("invoice.total_mismatch", Severity.DOUBT, "合计不符", about="total_fen"),))
    story = sent(world, *world.files(list_paper(LONG), doubtful, summary(), id_card()))
    correct_field(world.system, story.documents[0].document_id, "total_fen", "13200.00", ADJUSTER)
    after = tell(world.system, story.claim.claim_id)
    again = replace(after.documents[0], document_id="D-new", sha256="0" * 64)
    corrected = corrected_ids(after.audit)
    assert corrected == {story.documents[0].document_id}
    assert find_joins(world.system, [*after.documents, again], corrected) == ()
    assert len(find_joins(world.system, [*after.documents, again], frozenset())) == 1
