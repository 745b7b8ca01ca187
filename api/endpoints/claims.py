"""Claims over HTTP: send one in, add documents to it, ask where it stands."""

from typing import Annotated

from flask import Response, request
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from adjudicator.intake import add_files, submit
from adjudicator.reopening import appeal
from adjudicator.repaying import give_account
from adjudicator.story import ClaimStory, tell
from adjudicator.withdrawing import withdraw
from api.answers.receipt import ClaimReceipt, receipt_of
from api.answers.status import ClaimStatus, status_of
from api.channels.app import AppClaim, to_notice
from api.channels.fields import LongText, PayeeAccount, Payload, Uploads
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, CLAIMS, multipart_claim, multipart_files, problems
from api.endpoints.uploads import read_files, read_submission, read_uploads
from api.endpoints.write import check_unchanged, refusing_what_is_stale, write
from api.guard import needs
from api.permissions import OUTSIDERS, Action, Principal, Role, check_claim, may, no_such_claim
from domain.claim import UploadedFile
from domain.decision import Actor
from domain.errors import NotFoundError
from storage.claims import ClaimRecord, get_claim
from storage.letters import LetterFile, letters_of

blueprint = APIBlueprint("claims", __name__, url_prefix="/v1/claims", abp_tags=[CLAIMS], abp_security=BEARER)


class ClaimPath(BaseModel):
    """Which claim."""

    claim_id: str = Field(max_length=32)


@blueprint.post(
    "",
    responses={"202": ClaimReceipt, "200": ClaimReceipt, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)},
    openapi_extensions=multipart_claim(AppClaim),
)
@needs(Action.SUBMIT_CLAIM)
def submit_claim() -> Response:
    """Send a claim in, with its documents or without.

    202 when it is new, 200 when the same `external_ref` came before with the same content.
    """
    claim, files = read_submission()
    payload = AppClaim.model_validate(claim)
    receipt = submit(the_system(), to_notice(payload, files + read_uploads(payload.uploads)))
    return write(receipt_of(receipt), 202 if receipt.is_new else 200)


class MoreDocuments(Payload):
    """Files that came in parts before."""

    uploads: Uploads


@blueprint.post(
    "/<string:claim_id>/documents",
    responses={"202": ClaimReceipt, **problems(400, 401, 403, 404, 409, 413, 415, 422, 429)},
    openapi_extensions=multipart_files(MoreDocuments),
)
@needs(Action.ADD_DOCUMENTS)
def add_documents(path: ClaimPath) -> Response:
    """Add documents: after a report, or in answer to the supplement notice."""
    principal, system = the_principal(), the_system()
    check_claim(principal, Action.ADD_DOCUMENTS, _claim_of(path.claim_id))
    receipt = add_files(system, path.claim_id, _sent_files(), _actor_of(principal))
    return write(receipt_of(receipt), 202)


def _sent_files() -> tuple[UploadedFile, ...]:
    """Give the files of this request: its parts, or uploads that it names."""
    if request.is_json:
        return read_uploads(MoreDocuments.model_validate(request.get_json()).uploads)
    return read_files(request)


class Withdrawal(Payload):
    """A claim is taken back (撤案)."""

    reason: LongText = ""


class Appeal(Payload):
    """A customer does not agree with a decision (申诉); with `brings_papers` the claim waits for them before people look."""

    reason: Annotated[LongText, StringConstraints(min_length=1)]
    brings_papers: bool = False


@blueprint.post("/<string:claim_id>/withdrawal", responses={"200": ClaimStatus, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)})
@needs(Action.WITHDRAW)
def withdraw_claim(path: ClaimPath, body: Withdrawal) -> Response:
    """Take a claim back, as long as it was never decided."""
    principal, system = the_principal(), the_system()
    check_claim(principal, Action.WITHDRAW, _claim_of(path.claim_id))
    version = _version_seen(path.claim_id)
    with refusing_what_is_stale():
        withdraw(system, path.claim_id, _actor_of(principal), body.reason, version=version)
    return _status(path.claim_id)


@blueprint.post("/<string:claim_id>/appeal", responses={"200": ClaimStatus, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)})
@needs(Action.APPEAL)
def appeal_decision(path: ClaimPath, body: Appeal) -> Response:
    """Appeal against a decision: somebody else decides anew, and only the difference moves."""
    principal, system = the_principal(), the_system()
    check_claim(principal, Action.APPEAL, _claim_of(path.claim_id))
    version = _version_seen(path.claim_id)
    with refusing_what_is_stale():
        appeal(system, path.claim_id, _actor_of(principal), body.reason, brings_papers=body.brings_papers, version=version)
    return _status(path.claim_id)


@blueprint.post("/<string:claim_id>/account", responses={"200": ClaimStatus, **problems(400, 401, 403, 404, 409, 412, 413, 415, 422)})
@needs(Action.GIVE_ACCOUNT)
def give_new_account(path: ClaimPath, body: PayeeAccount) -> Response:
    """Give another account of the insured's own, after the bank returned the money; it is paid there at once."""
    principal, system = the_principal(), the_system()
    check_claim(principal, Action.GIVE_ACCOUNT, _claim_of(path.claim_id))
    version = _version_seen(path.claim_id)
    with refusing_what_is_stale():
        give_account(system, path.claim_id, _actor_of(principal), body.to_payee(), version=version)
    return _status(path.claim_id)


@blueprint.get("/<string:claim_id>", responses={"200": ClaimStatus, **problems(401, 403, 404)})
@needs(Action.READ_STATUS)
def read_status(path: ClaimPath) -> Response:
    """Ask where a claim stands: timeline, what is missing, what was decided and why, what was paid."""
    check_claim(the_principal(), Action.READ_STATUS, _claim_of(path.claim_id))
    return _status(path.claim_id)


def _status(claim_id: str) -> Response:
    return write(_told_of(claim_id))


def _version_seen(claim_id: str) -> int | None:
    """Give the version of the claim whose ETag the sender named, which the transaction checks again; None without an If-Match.

    Raises:
        PreconditionFailed: the tag is of something older.
    """
    if not request.if_match:
        return None
    story = tell(the_system(), claim_id)
    check_unchanged(_shown(story))
    return story.claim.version


def _told_of(claim_id: str) -> ClaimStatus:
    return _shown(tell(the_system(), claim_id))


def _shown(story: ClaimStory) -> ClaimStatus:
    role = the_principal().role
    letters: tuple[LetterFile, ...] = ()
    if may(role, Action.READ_LETTERS):
        with the_system().database.read() as tx:
            letters = letters_of(tx, story.claim.claim_id)
    return status_of(story, to_outsider=role in OUTSIDERS, letters=letters)


def _claim_of(claim_id: str) -> ClaimRecord:
    with the_system().database.read() as tx:
        try:
            return get_claim(tx, claim_id)
        except NotFoundError as error:
            raise no_such_claim(claim_id) from error


def _actor_of(principal: Principal) -> Actor:
    name = principal.person_id if principal.role is Role.CUSTOMER else principal.name
    return Actor(name, principal.role)
