"""Photographs of one stay on the claims of two people, the second time sent on by a messenger: a person is told whose they were."""

from dataclasses import dataclass, replace
from io import BytesIO

from PIL import Image, ImageOps

from adjudicator.intake import submit
from adjudicator.people import WITH_PEOPLE
from adjudicator.story import ClaimStory, tell
from domain.claim import PersonClue, UploadedFile
from domain.document import Document
from domain.policy import Person
from ocr.reading import DocumentReader
from sandbox.photograph import Level, photograph
from sandbox.render import render
from tests.adjudicator.test_one_pdf import INVOICE, SUMMARY
from tests.adjudicator.test_pages_as_files import real_reader
from tests.adjudicator.world import INSURED, OTHER, World, WrittenReader, id_card, notice
from tests.ocr.conftest import needs


@dataclass(frozen=True)
class PartlyWrittenReader:
    """Answers what was written down, and reads every other file really."""

    written: WrittenReader
    real: DocumentReader

    def read_all(self, content: bytes) -> tuple[Document, ...]:
        try:
            return self.written.read_all(content)
        except KeyError:
            return self.real.read_all(content)

    def read_joined(self, files: object) -> tuple[Document, ...]:
        return ()


def sent_on(photo: bytes) -> bytes:
    """Send a photograph through a messenger: turned upright, 1,080 pixels wide, strongly compressed, without EXIF."""
    picture, sink = ImageOps.exif_transpose(Image.open(BytesIO(photo))), BytesIO()
    picture.resize((1080, round(picture.height * 1080 / picture.width))).save(sink, "JPEG", quality=70)
    return sink.getvalue()


def claimed_by(world: World, person: Person, photos: tuple[bytes, bytes]) -> ClaimStory:
    files = tuple(UploadedFile(f"{place}.jpg", content) for place, content in enumerate(photos))
    card = world.file(f"card of {person.person_id}", id_card(person))
    receipt = submit(world.system, notice(person.person_id, (*files, card), insured=PersonClue(id_number=person.id_number)))
    world.run()
    return tell(world.system, receipt.claim_id)


@needs("rapidocr")
def test_a_re_encoded_invoice_and_summary_on_somebody_elses_claim_go_to_a_person_who_is_told_the_first_claim(world: World) -> None:
    world = replace(world, system=replace(world.system, reader=PartlyWrittenReader(world.reader, real_reader())))
    invoice, summary = (photograph(render(page), Level.GOOD, 5) for page in (INVOICE, SUMMARY))
    first = claimed_by(world, INSURED, (invoice, summary))
    second = claimed_by(world, OTHER, (sent_on(invoice), sent_on(summary)))
    assert second.adjudication is not None
    told = {each.code: each for each in second.adjudication.findings if each.code.endswith(".duplicate")}
    assert set(told) == {"invoice.duplicate", "document.duplicate"}
    assert all(f"案件 {first.claim.claim_id}（已支付，另一被保险人）" in each.message for each in told.values())
    assert "票据代码和号码相同" in told["invoice.duplicate"].message and "画面几乎相同" in told["document.duplicate"].message
    assert second.claim.state in WITH_PEOPLE and second.decision is None
