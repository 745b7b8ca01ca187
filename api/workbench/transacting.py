"""A transaction done for a customer who is on the telephone or at the counter (代办): they hear what they sign, and read out the code.

The code goes to the phone on file and nowhere else; who typed it in stands in the customer's chain as the one who acted.
"""

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from api.context import actor_of_staff, the_principal, the_system
from api.guard import needs
from api.letter_files import respond_with
from api.owned import check_owned
from api.permissions import Action
from api.problems import Problem, page_with, problem_of
from api.workbench.form_text import plain_text
from api.workbench.policies import LIST, TRANSACTION_STATES, look_up
from domain.china import china_minute
from domain.errors import ConflictError, InputError, NotFoundError
from domain.identity import mask_tail
from domain.letter import LetterFormat
from domain.policy import Person
from domain.servicing import Level
from policy.transacting import doing, proving, quoting
from storage import endorsements, servicing, servicing_codes, servicing_orders

blueprint = Blueprint("transacting", __name__, url_prefix="/hotline/policies/<string:person_id>")


@blueprint.get("/<string:policy_number>/items/<string:item>")
@needs(Action.TRANSACT_FOR)
def show_form(person_id: str, policy_number: str, item: str) -> Response:
    """Show what an item asks for."""
    return _form(look_up(person_id), policy_number, item)


@blueprint.post("/<string:policy_number>/items/<string:item>")
@needs(Action.TRANSACT_FOR)
def quote(person_id: str, policy_number: str, item: str) -> BaseResponse:
    """Work out what it would come to; nothing moves."""
    system, person = the_system(), look_up(person_id)
    fields = {each.name: plain_text(request.form, each.name, 128) for each in quoting.item_of(system.shelf, item).fields}
    try:
        with system.database.write() as tx:
            record = quoting.quote(tx, system.shelf, person_id, policy_number, item, fields, None)
    except (InputError, ConflictError) as error:
        return _form(person, policy_number, item, problem_of(error))
    return _to(person_id, record.transaction_id)


@blueprint.get("/transactions/<string:transaction_id>")
@needs(Action.TRANSACT_FOR)
def show(person_id: str, transaction_id: str) -> Response:
    """Show a transaction: the text to be read to the customer, and how far it is."""
    return _page(look_up(person_id), transaction_id)


@blueprint.post("/transactions/<string:transaction_id>/code")
@needs(Action.TRANSACT_FOR)
def send_code(person_id: str, transaction_id: str) -> BaseResponse:
    """Send a code to the customer's phone on file."""
    system, person = the_system(), look_up(person_id)
    try:
        with system.database.write() as tx:
            item = system.servicing.get(quoting.own_record(tx, person_id, transaction_id).item)
            proving.send_code(tx, person_id, transaction_id, item.name_zh if item else "保全业务")
    except ConflictError as error:
        return _page(person, transaction_id, problem_of(error))
    return _to(person_id, transaction_id)


@blueprint.post("/transactions/<string:transaction_id>/signature")
@needs(Action.TRANSACT_FOR)
def sign(person_id: str, transaction_id: str) -> BaseResponse:
    """Sign it with the code that the customer read out, and do it."""
    system, person = the_system(), look_up(person_id)
    try:
        _sign(person_id, transaction_id)
    except (InputError, ConflictError) as error:
        return _page(person, transaction_id, problem_of(error))
    system.wake()
    return _to(person_id, transaction_id)


@blueprint.get("/transactions/<string:transaction_id>/endorsement.<string:written>")
@needs(Action.TRANSACT_FOR)
def read_endorsement(person_id: str, transaction_id: str, written: str) -> Response:
    """Give the endorsement (批单) as it was printed."""
    look_up(person_id)
    with the_system().database.read() as tx:
        quoting.own_record(tx, person_id, transaction_id)
        files = endorsements.of_transaction(tx, transaction_id)
    file = next((each for each in files if each.format == written), None)
    if file is None:
        raise NotFoundError(f"transaction {transaction_id} has no endorsement as {written} yet", "one is printed a moment after it is done")
    name = f"E{transaction_id[1:]}"
    return respond_with(the_system().blobs.get(file.sha256), name, file.format, is_inline=file.format is LetterFormat.HTML)


def _sign(person_id: str, transaction_id: str) -> None:
    system = the_system()
    with system.database.read() as tx:
        record = quoting.own_record(tx, person_id, transaction_id)
        if record.signed_ms is not None:
            return
        proving.check_open(tx, record)
        level = quoting.item_of(system.shelf, record.item).level
    if level is Level.FACE:
        raise ConflictError("this item asks for a face, which the desk cannot see", "the customer does it in the app")
    code = plain_text(request.form, "code", 16)
    if not (len(code) == 6 and code.isdecimal()):
        raise InputError(
            "a code has six digits", "type the six digits that the customer reads out", field="code", advice_zh="验证码为六位数字"
        )
    proof = proving.prove(system.database, transaction_id, code)
    with system.database.write() as tx:
        text_sha256 = plain_text(request.form, "text_sha256", 64)
        doing.sign(tx, system.shelf, person_id, transaction_id, text_sha256, level, proof, actor_of_staff())


def _to(person_id: str, transaction_id: str) -> BaseResponse:
    return redirect(url_for("workbench.transacting.show", person_id=person_id, transaction_id=transaction_id))


def _form(person: Person, policy_number: str, item: str, problem: Problem | None = None) -> Response:
    system = the_system()
    with system.database.read() as tx:
        check_owned(tx, person.person_id, policy_number, LIST)
        offers = quoting.offers(tx, system.shelf, person.person_id, policy_number)
    found = quoting.item_of(system.shelf, item)
    typed = {each.name: plain_text(request.form, each.name, 128) for each in found.fields}
    page = render_template(
        "transacting.html",
        principal=the_principal(),
        person=person,
        policy_number=policy_number,
        item=found,
        refusal=next(each.refusal for each in offers if each.item.code == item),
        typed=typed,
        problem=problem,
    )
    return page_with(page, problem)


def _page(person: Person, transaction_id: str, problem: Problem | None = None) -> Response:
    system = the_system()
    with system.database.read() as tx:
        record = quoting.own_record(tx, person.person_id, transaction_id)
        code = servicing_codes.newest(tx, transaction_id)
        sent = code is not None and code.expires_ms > tx.now_ms() and record.signed_ms is None
        money = servicing_orders.of_transaction(tx, transaction_id)
        files = endorsements.of_transaction(tx, transaction_id)
        signature = servicing.find_signature(tx, transaction_id)
        is_open = record.signed_ms is None and record.expires_ms > tx.now_ms()
    page = render_template(
        "transaction.html",
        principal=the_principal(),
        person=person,
        record=record,
        item=system.servicing.get(record.item),
        transaction_states=TRANSACTION_STATES,
        until=china_minute(record.expires_ms),
        is_open=is_open,
        is_code_sent=sent,
        phone=mask_tail(person.phone) if person.phone else "",
        money=money,
        files=files,
        signature=signature,
        signed_at=china_minute(record.signed_ms) if record.signed_ms else "",
        problem=problem,
    )
    return page_with(page, problem)
