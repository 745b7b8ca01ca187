"""Attachments lie beside a claim: through the same door as papers, never read, erased with the claim."""

from dataclasses import replace

import pytest

from adjudicator.attaching import attach
from adjudicator.erasing import erase
from adjudicator.story import tell
from domain.claim import UploadedFile
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from storage import attachments
from storage.attachments import Attachment
from tests.adjudicator.test_erasing import OPERATOR, ORDER, paid
from tests.adjudicator.world import ACTUARY, ADJUSTER, World

PHOTO = UploadedFile("李示安来信.jpg", b"\xff\xd8\xff a note")


def of(world: World, claim_id: str) -> tuple[Attachment, ...]:
    with world.system.database.read() as tx:
        return attachments.attachments_of(tx, claim_id)


def test_an_attachment_is_shown_and_is_no_document(world: World) -> None:
    claim_id = paid(world)
    before = tell(world.system, claim_id)
    assert attach(world.system, claim_id, ADJUSTER, (PHOTO, PHOTO)) == ()
    (kept,) = of(world, claim_id)  # each content once
    assert (kept.file_name, kept.added_by, kept.media_type) == (PHOTO.name, "lin", "image/jpeg")
    assert world.system.blobs.get(kept.sha256) == PHOTO.content
    world.run()
    after = tell(world.system, claim_id)
    assert (after.documents, after.claim.version, after.adjudication) == (before.documents, before.claim.version, before.adjudication)


def test_what_cannot_be_opened_is_named_and_left_out(world: World) -> None:
    claim_id = paid(world)
    (problem,) = attach(world.system, claim_id, ADJUSTER, (PHOTO, UploadedFile("x.exe", b"MZ")))
    assert problem.file_name == "x.exe"
    assert len(of(world, claim_id)) == 1
    with pytest.raises(InputError):
        attach(world.system, claim_id, ADJUSTER, (UploadedFile("x.exe", b"MZ"),))
    with pytest.raises(InputError):
        attach(world.system, claim_id, ADJUSTER, ())


@pytest.mark.parametrize(("more", "fits"), [(2, True), (3, False)])
def test_a_claim_has_so_many_attachments_and_no_more(world: World, more: int, fits: bool) -> None:
    world = world.with_limits(max_files=3)
    claim_id = paid(world)
    attach(world.system, claim_id, ADJUSTER, (PHOTO,))
    files = tuple(replace(PHOTO, content=PHOTO.content + bytes([each])) for each in range(more))
    if fits:
        attach(world.system, claim_id, ADJUSTER, files)
    else:
        with pytest.raises(InputError):
            attach(world.system, claim_id, ADJUSTER, files)
    assert len(of(world, claim_id)) == 1 + more * fits


def test_who_handles_no_claims_attaches_nothing(world: World) -> None:
    with pytest.raises(NotAllowedError):
        attach(world.system, paid(world), ACTUARY, (PHOTO,))
    with pytest.raises(NotFoundError):
        attach(world.system, "C0", ADJUSTER, (PHOTO,))


def test_erasing_a_claim_destroys_what_lies_beside_it_but_not_what_another_claim_has(world: World) -> None:
    first, second = paid(world), paid(world, "APP-2", "9900000002")
    shared, own = PHOTO, replace(PHOTO, content=PHOTO.content + b"!")
    attach(world.system, first, ADJUSTER, (shared, own))
    attach(world.system, second, ADJUSTER, (shared,))
    hashes = {each.sha256 for each in of(world, first)}
    erase(world.system, first, OPERATOR, "来函2026-1", ORDER)
    assert of(world, first) == ()
    (kept,) = of(world, second)
    assert world.system.blobs.get(kept.sha256) == shared.content
    (gone,) = hashes - {kept.sha256}
    with pytest.raises(NotFoundError):
        world.system.blobs.get(gone)
    with pytest.raises(ConflictError):
        attach(world.system, first, ADJUSTER, (own,))
