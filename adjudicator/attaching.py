"""Attaching (附件): an adjuster puts a file beside a claim: a photo of a note, a letter, a message as a picture or PDF.

It comes through the same door as a customer's papers: bounded, and looked at in a process of its own. It is shown and nothing
more: nobody reads it by machine, no rule hears of it, and a verdict that waits does not fall because of it. What is to count as
evidence is sent in as a paper, by the customer or at the counter.
"""

from adjudicator.intake import FileProblem, store_files
from adjudicator.people import HANDLERS, actor_of, check_role
from adjudicator.system import System
from domain.claim import UploadedFile
from domain.errors import ConflictError, InputError
from storage import attachments, audit, claims, erasure
from storage.access import Staff
from storage.attachments import Attachment
from storage.ids import new_id


def attach(system: System, claim_id: str, staff: Staff, files: tuple[UploadedFile, ...]) -> tuple[FileProblem, ...]:
    """Put files beside a claim, each content once; gives those that could not be opened and were left out.

    Raises:
        NotFoundError: no such claim.
        NotAllowedError: a role that handles no claims.
        InputError: no file, none that can be opened, or more than a claim may have.
        ConflictError: the claim was erased.
    """
    check_role(staff, HANDLERS)
    if not files:
        raise InputError("no file was sent", "choose one", field="files")
    stored, problems = store_files(system, files)
    with system.database.write() as tx:
        claims.get_claim(tx, claim_id, lock=True)
        if erasure.erased_ms(tx, claim_id):
            raise ConflictError(f"claim {claim_id} was erased", "keep nothing about it")
        there = {each.sha256 for each in attachments.attachments_of(tx, claim_id)}
        fresh = [each for each in stored if each.sha256 not in there]
        if len(there) + len(fresh) > system.limits.max_files:
            raise InputError(
                f"claim {claim_id} would have {len(there) + len(fresh)} attachments, of at most {system.limits.max_files}", field="files"
            )
        now = tx.now_ms()
        attachments.add(
            tx, [Attachment(new_id("A"), claim_id, each.sha256, each.name, each.media_type, staff.user_name, now) for each in fresh]
        )
        audit.append(tx, claim_id, actor_of(staff), "attachment.added", {"count": len(fresh)})
    return problems
