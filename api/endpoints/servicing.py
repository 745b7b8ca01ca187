"""Do it (速办理): a customer's transactions on their own policies, from what is possible to the endorsement."""

import base64
import binascii
from typing import Annotated

from flask import Response
from flask_openapi3.blueprint import APIBlueprint
from pydantic import BaseModel, Field, StringConstraints

from api.answers.servicing import SentCode, ShownItems, ShownTransaction, ShownTransactions, shown_item, shown_transaction
from api.channels.fields import Day, Payload, PolicyNumber, ShortText, clean_text
from api.context import the_principal, the_system
from api.endpoints.openapi import BEARER, SERVICING, problems
from api.endpoints.write import write
from api.guard import needs
from api.letter_files import respond_with
from api.paging import PageQuery, cursor_of, page_of, place_of
from api.permissions import Action
from domain.decision import Actor
from domain.errors import InputError, NotFoundError
from domain.identity import mask_tail
from domain.letter import LetterFormat
from domain.servicing import Level
from policy.transacting import doing, proving, quoting
from storage import endorsements, registry, servicing

blueprint = APIBlueprint("servicing", __name__, url_prefix="/v1/me", abp_tags=[SERVICING], abp_security=BEARER)
_Value = Annotated[str, StringConstraints(max_length=128)]
_Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_WrittenCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


class PolicyPath(BaseModel):
    """Which policy."""

    policy_number: PolicyNumber


class TransactionPath(BaseModel):
    """Which transaction."""

    transaction_id: str = Field(max_length=32)


class Wish(Payload):
    """What is asked for; `fields` are those that the item names."""

    policy_number: PolicyNumber
    item: ShortText
    fields: dict[ShortText, _Value] = Field(default={}, max_length=20)
    on: Day | None = Field(None, description="the day from which it counts: today in China, and nothing else")


class Signing(Payload):
    """The signature: the hash of the text that was shown, the code that proves who signs, and a picture where the item asks for a face."""

    text_sha256: _Sha256
    code: _WrittenCode
    picture: Annotated[str, StringConstraints(max_length=4_000_000)] = Field("", description="JPEG or PNG in base64")


class AnotherAccount(Payload):
    """Where money goes that the bank could not bring to the first account."""

    account: Annotated[str, StringConstraints(pattern=r"^[0-9]{6,32}$")]
    code: _WrittenCode


@blueprint.get("/policies/<string:policy_number>/servicing", responses={"200": ShownItems, **problems(401, 403, 404, 422)})
@needs(Action.READ_OWN)
def list_items(path: PolicyPath, query: PageQuery) -> Response:
    """List what can be done with a policy now, and of the rest why not."""
    with the_system().database.read() as tx:
        found = quoting.offers(tx, the_system().shelf, the_principal().person_id, path.policy_number)
    shown, following = page_of(found, query, lambda each: each.item.code)
    return write(ShownItems(items=tuple(map(shown_item, shown)), next=following))


@blueprint.post("/servicing", responses={"201": ShownTransaction, **problems(400, 401, 403, 404, 409, 413, 415, 422)})
@needs(Action.TRANSACT)
def ask_quote(body: Wish) -> Response:
    """Work out what a transaction would come to; nothing is done before it is signed."""
    system, person_id = the_system(), the_principal().person_id
    fields = {name: clean_text(value) for name, value in body.fields.items()}
    with system.database.write() as tx:
        record = quoting.quote(tx, system.shelf, person_id, body.policy_number, body.item, fields, body.on)
    return write(shown_transaction(record, system.servicing.get(record.item)), 201)


@blueprint.get("/servicing", responses={"200": ShownTransactions, **problems(401, 403, 422)})
@needs(Action.READ_OWN)
def list_transactions(query: PageQuery) -> Response:
    """List the customer's transactions, newest first, page by page."""
    place, system = place_of(query.cursor, int, str), the_system()
    after = (int(place[0]), str(place[1])) if place else None
    with system.database.read() as tx:
        found = servicing.of_person(tx, the_principal().person_id, query.limit + 1, after)
        shown = found[: query.limit]
        told = tuple(
            shown_transaction(each, system.servicing.get(each.item), endorsements.of_transaction(tx, each.transaction_id)) for each in shown
        )
    following = cursor_of(shown[-1].quoted_ms, shown[-1].transaction_id) if len(found) > query.limit else None
    return write(ShownTransactions(transactions=told, next=following))


@blueprint.get("/servicing/<string:transaction_id>", responses={"200": ShownTransaction, **problems(401, 403, 404)})
@needs(Action.READ_OWN)
def read_transaction(path: TransactionPath) -> Response:
    """Tell how far a transaction is."""
    return write(_shown(path.transaction_id))


@blueprint.post("/servicing/<string:transaction_id>/code", responses={"202": SentCode, **problems(400, 401, 403, 404, 409, 413, 422)})
@needs(Action.TRANSACT)
def send_code(path: TransactionPath) -> Response:
    """Send a one-time code to the phone on file; a code before it is of no use any more."""
    system, person_id = the_system(), the_principal().person_id
    with system.database.write() as tx:
        item = system.servicing.get(quoting.own_record(tx, person_id, path.transaction_id).item)
        proving.send_code(tx, person_id, path.transaction_id, item.name_zh if item else "保全业务")
        person = registry.find_person(tx, person_id)
    return write(SentCode(expires_in_seconds=proving.CODE_MS // 1000, phone=mask_tail(person.phone) if person else ""), 202)


@blueprint.post(
    "/servicing/<string:transaction_id>/signature",
    responses={"200": ShownTransaction, **problems(400, 401, 403, 404, 409, 413, 415, 422)},
)
@needs(Action.TRANSACT)
def sign(path: TransactionPath, body: Signing) -> Response:
    """Sign the quote with the code, and do it; what moves money is done when the bank has moved it."""
    system, person_id = the_system(), the_principal().person_id
    with system.database.read() as tx:
        record = quoting.own_record(tx, person_id, path.transaction_id)
        if record.signed_ms is None:
            proving.check_open(tx, record)
            quoting.item_of(system.shelf, record.item)
    if record.signed_ms is None:
        proof, level = proving.prove(system.database, path.transaction_id, body.code), system.shelf.items[record.item].level
        if level is Level.FACE:
            proof += " " + proving.prove_face(system.faces, person_id, _bytes_of(body.picture))
        with system.database.write() as tx:
            doing.sign(tx, system.shelf, person_id, path.transaction_id, body.text_sha256, level, proof, _actor())
        system.wake()
    return write(_shown(path.transaction_id))


@blueprint.post(
    "/servicing/<string:transaction_id>/account", responses={"200": ShownTransaction, **problems(400, 401, 403, 404, 409, 413, 415, 422)}
)
@needs(Action.TRANSACT)
def give_account(path: TransactionPath, body: AnotherAccount) -> Response:
    """Name another account for the money of a contract that has ended, when the bank could not pay the first."""
    system, person_id = the_system(), the_principal().person_id
    with system.database.read() as tx:
        quoting.own_record(tx, person_id, path.transaction_id)
    proving.prove(system.database, path.transaction_id, body.code)
    with system.database.write() as tx:
        doing.pay_again(tx, person_id, path.transaction_id, body.account, _actor())
    return write(_shown(path.transaction_id))


@blueprint.get(
    "/servicing/<string:transaction_id>/endorsement.pdf",
    responses={"200": {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}}, **problems(401, 403, 404)},
)
@needs(Action.READ_OWN)
def read_pdf(path: TransactionPath) -> Response:
    """Give the endorsement as PDF; the same bytes each time."""
    return _file(path.transaction_id, LetterFormat.PDF)


@blueprint.get(
    "/servicing/<string:transaction_id>/endorsement.html",
    responses={"200": {"content": {"text/html": {"schema": {"type": "string"}}}}, **problems(401, 403, 404)},
)
@needs(Action.READ_OWN)
def read_html(path: TransactionPath) -> Response:
    """Give the endorsement as a page; it loads nothing and runs nothing."""
    return _file(path.transaction_id, LetterFormat.HTML)


def _file(transaction_id: str, format_: LetterFormat) -> Response:
    with the_system().database.read() as tx:
        quoting.own_record(tx, the_principal().person_id, transaction_id)
        files = endorsements.of_transaction(tx, transaction_id)
    file = next((each for each in files if each.format is format_), None)
    if file is None:
        raise NotFoundError(f"transaction {transaction_id} has no endorsement as {format_} yet", "one is printed a moment after it is done")
    return respond_with(the_system().blobs.get(file.sha256), f"E{transaction_id[1:]}", format_, is_inline=format_ is LetterFormat.HTML)


def _shown(transaction_id: str) -> ShownTransaction:
    system = the_system()
    with system.database.read() as tx:
        record = quoting.own_record(tx, the_principal().person_id, transaction_id)
        return shown_transaction(record, system.servicing.get(record.item), endorsements.of_transaction(tx, transaction_id))


def _bytes_of(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise InputError("the picture is no base64", "encode the bytes of a JPEG or PNG", field="picture") from error


def _actor() -> Actor:
    return Actor(the_principal().person_id, the_principal().role)
