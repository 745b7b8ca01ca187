"""Proving who asks (身份验证): a one-time code to the phone on file. A wrong one is counted, whatever becomes of the call."""

from domain.china import HOUR_MS, MINUTE_MS
from domain.errors import ConflictError, InputError
from domain.identification import FaceMatcher
from policy.transacting.quoting import own_record
from storage import registry, servicing_codes
from storage.database import Database, Transaction
from storage.servicing import ServicingRecord

CODE_MS = 5 * MINUTE_MS
MOST_TRIES = 5
MOST_CODES = 10  # in an hour, to one customer: text messages cost money, and guesses cost more


def send_code(tx: Transaction, person_id: str, transaction_id: str, what: str) -> ServicingRecord:
    """Send a code for a quote; an earlier one opens nothing any more.

    Raises:
        NotFoundError: no such transaction of one's own.
        ConflictError: it is no quote any more, no phone is on file, or too many codes were sent.
    """
    record = own_record(tx, person_id, transaction_id)
    check_open(tx, record)
    person = registry.find_person(tx, person_id)
    if person is None or not person.phone:
        raise ConflictError("no phone number of this customer is on file", "have one entered at a counter, with an identity card")
    if servicing_codes.count_since(tx, person_id, tx.now_ms() - HOUR_MS) >= MOST_CODES:
        raise ConflictError(f"{MOST_CODES} codes were sent within an hour", "wait an hour, or come to a counter")
    servicing_codes.send(tx, transaction_id, person_id, person.phone, what, CODE_MS)
    return record


def prove(database: Database, transaction_id: str, written: str) -> str:
    """Check a code in a transaction of its own, so that a wrong one is counted; gives the number of the right one.

    Raises:
        ConflictError: none was sent, it has expired, or it was tried five times.
        InputError: it is wrong.
    """
    with database.write() as tx:
        code = servicing_codes.newest(tx, transaction_id, lock=True)
        if code is None:
            raise ConflictError("no code was sent for this transaction", f"POST /v1/me/servicing/{transaction_id}/code first")
        if code.expires_ms <= tx.now_ms():
            raise ConflictError("the code has expired: the identity check is over", "ask for a new code")
        if code.tries >= MOST_TRIES:
            raise ConflictError(f"the code was tried {MOST_TRIES} times", "ask for a new code")
        is_right = servicing_codes.try_code(tx, code, written)
    if not is_right:
        left = MOST_TRIES - code.tries - 1
        advice = f"验证码不正确，还可尝试 {left} 次" if left else "验证码不正确，请重新获取"
        raise InputError("this is not the code that was sent", f"{left} tries are left", field="code", advice_zh=advice)
    return code.code_id


def prove_face(matcher: FaceMatcher | None, person_id: str, picture: bytes) -> str:
    """Compare a picture with the one on file, beside a code whose tries bound it; gives the likeness as proof.

    Raises:
        ConflictError: nothing compares faces here, or the picture shows somebody else.
        InputError: no picture, or none with one face; NotFoundError: none is on file.
    """
    if matcher is None:
        raise ConflictError("this item asks for a face, and nothing compares faces here", "set identity.face_models, or come to a counter")
    if not picture:
        raise InputError("this item asks for a picture of the face", "send it as base64", field="picture", advice_zh="请拍摄本人正面照片")
    likeness = matcher.compare(person_id, picture)
    if not likeness.is_same:
        raise ConflictError("the picture does not show the person on file", "take another in good light, or come to a counter")
    return f"{likeness.score:.3f}"


def check_open(tx: Transaction, record: ServicingRecord) -> None:
    """Make sure that a quote can still be signed.

    Raises:
        ConflictError: it was signed or refused before, or its time is over.
    """
    if record.signed_ms is not None:
        raise ConflictError(f"transaction {record.transaction_id} is {record.state}", f"see GET /v1/me/servicing/{record.transaction_id}")
    if record.expires_ms <= tx.now_ms():
        raise ConflictError(f"the quote {record.transaction_id} has expired", "ask for a new quote: its figures are those of its day")
