"""Where the bytes of papers lie: small ones in the row of their document, larger ones in the blob store; nobody who asks notices."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import text

from adjudicator.erasing import erase
from adjudicator.intake import add_files, submit
from adjudicator.merging import merge
from adjudicator.paper_files import bytes_of
from adjudicator.story import tell
from adjudicator.withdrawing import withdraw
from domain.claim import UploadedFile
from domain.decision import Actor
from domain.document import Document
from domain.errors import NotFoundError, SetupError
from domain.states import ClaimState
from storage import documents
from storage.documents import IN_ROW_BYTES
from tests.adjudicator.test_erasing import OPERATOR, ORDER
from tests.adjudicator.world import SENIOR, World, id_card, invoice, notice, summary

CUSTOMER = Actor("app", "channel")


def sized(world: World, name: str, size_bytes: int, paper: Document) -> UploadedFile:
    file = world.file(name, paper)
    content = file.content[:size_bytes]
    sha256 = hashlib.sha256(content).hexdigest()
    world.reader.answers[sha256] = (replace(paper, sha256=sha256, pages=(0,)),)
    return UploadedFile(file.name, content)


def of_rows(world: World, claim_id: str) -> Mapping[tuple[str, str], bytes]:
    with world.system.database.read() as tx:
        return documents.contents_of(tx, [claim_id])


def test_a_file_of_32768_bytes_lies_in_its_row_and_one_byte_more_in_the_blob_store(world: World) -> None:
    files = tuple(sized(world, f"of {size}", size, paper) for size, paper in ((IN_ROW_BYTES, invoice()), (IN_ROW_BYTES + 1, summary())))
    claim_id = submit(world.system, notice("APP-1", files)).claim_id
    small, large = tell(world.system, claim_id).documents
    assert of_rows(world, claim_id) == {(claim_id, small.sha256): files[0].content}
    assert world.system.blobs.get(large.sha256) == files[1].content
    with pytest.raises(NotFoundError):
        world.system.blobs.get(small.sha256)
    assert bytes_of(world.system, [small, large]) == {small.sha256: files[0].content, large.sha256: files[1].content}


def test_a_claim_of_small_papers_pays_itself_alone_as_a_claim_of_large_ones_does(world: World) -> None:
    files = tuple(sized(world, f"small {number}", 200, paper) for number, paper in enumerate((invoice(), summary(), id_card())))
    claim_id = submit(world.system, notice("APP-1", files)).claim_id
    world.run()
    assert tell(world.system, claim_id).claim.state is ClaimState.PAID


def test_the_bytes_stand_nowhere_unsealed(world: World) -> None:
    file = sized(world, "a name that stands in the bytes", 200, invoice())
    submit(world.system, notice("APP-1", (file,)))
    with world.system.database.read() as tx:
        (sealed,) = tx.connection.execute(text("SELECT content_enc FROM document")).scalars()
    assert b"a name that stands" not in bytes(sealed)
    assert world.system.database.cipher.decrypt_bytes(bytes(sealed)) == file.content


def test_a_row_that_holds_another_papers_bytes_is_found(world: World) -> None:
    files = (sized(world, "one", 200, invoice()), sized(world, "two", 200, summary()))
    claim_id = submit(world.system, notice("APP-1", files)).claim_id
    with world.system.database.write() as tx:
        tx.connection.execute(text("UPDATE document SET content_enc = (SELECT content_enc FROM document WHERE seq = 2)"))
    with pytest.raises(SetupError, match="holds another paper's bytes"):
        bytes_of(world.system, tell(world.system, claim_id).documents)


def test_a_file_that_comes_twice_to_one_claim_is_kept_once(world: World) -> None:
    file = sized(world, "the same", 200, summary())
    claim_id = submit(world.system, notice("APP-1", (file, file))).claim_id
    world.run()
    assert tell(world.system, claim_id).claim.state is ClaimState.NEEDS_SUPPLEMENT
    add_files(world.system, claim_id, (file, sized(world, "another", 200, invoice())), CUSTOMER)
    assert len(of_rows(world, claim_id)) == 2


def test_papers_go_over_with_their_claim_when_it_is_merged(world: World) -> None:
    kept = submit(world.system, notice("APP-1", (sized(world, "one", 200, summary()),))).claim_id
    gone = submit(world.system, notice("APP-2", (sized(world, "two", 200, invoice()),))).claim_id
    world.run()
    merge(world.system, gone, kept, tell(world.system, gone).claim.version, SENIOR, "同一次住院")
    held = tell(world.system, kept).documents
    assert {each.rstrip() for each in bytes_of(world.system, held).values()} == {b"\xff\xd8\xffone", b"\xff\xd8\xfftwo"}


def test_the_bytes_go_when_their_claim_is_erased_and_stay_with_every_other(world: World) -> None:
    shared = sized(world, "shared", 200, id_card())
    claim_id = submit(world.system, notice("APP-8", (shared,))).claim_id
    other = submit(world.system, notice("APP-9", (shared,))).claim_id
    world.run()
    assert len(of_rows(world, claim_id)) == 1
    withdraw(world.system, claim_id, CUSTOMER, "不再申请")
    erase(world.system, claim_id, OPERATOR, "来信 7", ORDER)
    assert of_rows(world, claim_id) == {}
    assert [each[:9] for each in of_rows(world, other).values()] == [shared.content[:9]]
    with world.system.database.read() as tx:
        left = tx.connection.execute(text("SELECT count(*) FROM document WHERE content_enc IS NOT NULL")).scalar_one()
    assert left == 1
