"""What people do with a claim that does not decide itself: approve, pay in part, decline, ask, investigate, correct a field.

Every act names the version of the claim it was decided on; when somebody else saved in between, nothing happens.
"""

from dataclasses import replace
from datetime import date

from adjudicator import clocks
from adjudicator.adjudicate import Worked, books_of, work_out
from adjudicator.decide import Verdict, decide
from adjudicator.evidence import Evidence
from adjudicator.judging import gather_evidence, learn_from, save_work
from adjudicator.letters import tell_given, write_supplement
from adjudicator.settlement import settlement_evidence
from adjudicator.system import System
from domain.decision import Actor, DecisionKind
from domain.document import PRINTED_FIELDS, Document, Field
from domain.errors import ConflictError, InputError, NotAllowedError, NotFoundError, StaleVersionError
from domain.finding import Finding, Severity
from domain.money import format_fen, parse_fen
from domain.states import ClaimState
from rules.element_texts import parse_elements
from rules.types import ListType
from storage import audit, claims, documents, notices, registry
from storage.access import Staff
from storage.claims import ClaimRecord
from storage.database import Transaction

WITH_PEOPLE = (ClaimState.IN_REVIEW, ClaimState.IN_INVESTIGATION)
_DECIDERS = ("adjuster", "senior_adjuster")
_HANDLERS = (*_DECIDERS, "investigator")  # who may look into a claim, ask, and correct what was read


def approve(system: System, claim_id: str, version: int, staff: Staff, reason: str) -> None:
    """Give what the rules propose, money and waived premiums, worked out anew with the limits as they are now.

    Raises:
        NotAllowedError: beyond the authority, or a role that decides nothing.
        StaleVersionError: the claim changed since the page was made.
        ConflictError: the claim is with nobody, or the rules cannot tell an amount yet.
    """
    with system.database.write() as tx:
        claim = _take(tx, claim_id, version, staff)
        worked = _work_again(system, tx, claim, staff)
        amount_fen, waived_fen = worked.adjudication.proposed_fen, worked.adjudication.waived_fen
        _check_authority(staff, amount_fen + waived_fen)
        if amount_fen == waived_fen == 0:
            raise ConflictError(
                f"the rules propose nothing for claim {claim_id}", "decline it with a clause, ask for papers, or correct a field"
            )
        verdict = Verdict(DecisionKind.PAY_FULL, amount_fen, reason or f"人工审核通过，按条款{tell_given(amount_fen, waived_fen)}")
        decide(tx, claims.get_claim(tx, claim_id), worked.adjudication, verdict, _actor(staff), claim.payee)
    system.wake()


def pay_part(system: System, claim_id: str, version: int, staff: Staff, amount_fen: int, reason: str) -> None:
    """Pay less than the rules propose, for a reason that the customer will read; raises as `approve` does."""
    if not reason.strip():
        raise InputError("a part payment needs a reason", "write what is not paid, and why", field="reason")
    with system.database.write() as tx:
        claim = _take(tx, claim_id, version, staff)
        worked = _work_again(system, tx, claim, staff)
        proposed = worked.adjudication.proposed_fen
        if not 0 < amount_fen < proposed:
            told = f"{format_fen(amount_fen)} is not between 0.01 and what the rules propose, {format_fen(proposed)}"
            raise InputError(told, "approve it in full, decline it, or give an amount in between", field="amount")
        _check_authority(staff, amount_fen)
        decide(
            tx,
            claims.get_claim(tx, claim_id),
            worked.adjudication,
            Verdict(DecisionKind.PAY_PART, amount_fen, reason),
            _actor(staff),
            claim.payee,
        )
    system.wake()


def decline(system: System, claim_id: str, version: int, staff: Staff, reason: str, clause: str) -> None:
    """Decline a claim, citing the clause and the reason that the letter will give; raises as `approve` does."""
    for name, text in (("clause", clause), ("reason", reason)):
        if not text.strip():
            raise InputError(f"declining needs a {name}", "the letter of refusal must give both the clause and the reason", field=name)
    with system.database.write() as tx:
        claim = _take(tx, claim_id, version, staff)
        worked = _work_again(system, tx, claim, staff)
        _check_authority(staff, worked.adjudication.proposed_fen)
        decide(
            tx,
            claims.get_claim(tx, claim_id),
            worked.adjudication,
            Verdict(DecisionKind.DECLINE, 0, reason, clause),
            _actor(staff),
            claim.payee,
        )
    system.wake()


def investigate(system: System, claim_id: str, version: int, staff: Staff, reason: str) -> None:
    """Hand a claim to the investigators."""
    with system.database.write() as tx:
        _take(tx, claim_id, version, staff, _HANDLERS)
        claims.move(tx, claim_id, ClaimState.IN_INVESTIGATION, _actor(staff), {"reason": reason})


def ask(system: System, claim_id: str, version: int, staff: Staff, items: tuple[str, ...]) -> None:
    """Send the one supplement notice, with everything that is missing.

    Raises:
        InputError: nothing is asked for.
        ConflictError: the one notice went out before.
    """
    wanted = tuple(Finding("document.asked", Severity.BLOCK, each.strip(), "请补交") for each in items if each.strip())
    if not wanted:
        raise InputError("nothing is asked for", "write what the customer must send, one item a line", field="items")
    with system.database.write() as tx:
        claim = _take(tx, claim_id, version, staff, _HANDLERS)
        if any(each.kind == "supplement" and each.round == claim.round for each in notices.notices_of(tx, claim_id)):
            raise ConflictError(
                f"the one supplement notice of claim {claim_id} went out before", "decide with what is there, or call the customer"
            )
        claims.move(tx, claim_id, ClaimState.NEEDS_SUPPLEMENT, _actor(staff), {"gaps": len(wanted)})
        subject, body = write_supplement(claim, wanted)
        notices.add_notice(tx, claim_id, claim.round, "supplement", subject, body, wanted)
        clocks.papers_asked(tx, claim_id)


def correct_field(system: System, document_id: str, field_name: str, text: str, staff: Staff) -> None:
    """Write what a person read in place of the machine's reading, and work the claim out again at once.

    A name that no paper prints is an element of one of the claim's contracts, which a person establishes (人工认定); the
    text is written as the contract's tests write it: 否, 九级残, 8000元.

    Raises:
        NotFoundError: no such document.
        InputError: a text that does not fit the type, or a name that no paper prints and no contract asks for.
        ConflictError: the claim is not with people any more.
    """
    _check_role(staff, _HANDLERS)
    with system.database.write() as tx:
        record = documents.find_document(tx, document_id)
        if record is None or record.read is None:
            raise NotFoundError(f"no read document {document_id}", "reload the page")
        claim = claims.get_claim(tx, record.claim_id, lock=True)
        _check_with_people(claim)
        is_printed = field_name in PRINTED_FIELDS
        if not is_printed:
            _check_statement(system, tx, claim, field_name, text)
        value = typed_value(field_name, text) if is_printed else text.strip()
        documents.correct_reading(tx, document_id, _corrected(record.read, field_name, value))
        audit.append(tx, claim.claim_id, _actor(staff), "field.corrected", {"document": document_id, "field": field_name})
        claims.note_facts(tx, claim.claim_id)
        _work_again(system, tx, claims.get_claim(tx, claim.claim_id), staff)


def _check_statement(system: System, tx: Transaction, claim: ClaimRecord, name: str, text: str) -> None:
    # What the papers tell of the day of the loss was written into the claim when they were first worked out.
    books = [each.book for each in books_of(system, tx, registry.find_policies(tx, claim.policy_numbers), claim.loss_date)]
    asking = [book for book in books if name in book.elements]
    if not asking:
        raise InputError(f"no paper prints {name}, and no contract of claim {claim.claim_id} asks for it", "check the name", field=name)
    for book in asking:
        if isinstance(book.elements[name].type, ListType):
            raise InputError(f"{name} is a list of lines", "correct the lines' paper, or ask for it", field=name)
        parse_elements(book, {name: text})


def typed_value(field_name: str, text: str) -> int | date | str:
    """Read a correction by the ending of its field's name.

    Raises:
        InputError: not an amount, a number of days, or a date.
    """
    text = text.strip()
    try:
        if field_name.endswith("_fen"):
            return parse_fen(text)
        if field_name.endswith("_days"):
            return int(text)
        return date.fromisoformat(text) if field_name.endswith("_date") else text
    except ValueError as error:
        raise InputError(
            f"{text!r} does not fit {field_name}", "dates read 2026-08-15, days are whole numbers", field=field_name
        ) from error


def _corrected(read: Document, name: str, value: int | date | str) -> Document:
    old = read.field(name)
    new = replace(old, value=value, confidence=1.0, proven=True) if old else Field(name, value, 1.0, proven=True)
    others = tuple(each for each in read.fields if each.name != name)
    settled = tuple(each for each in read.findings if each.about != name)
    return replace(read, fields=(*others, new), findings=settled)


def _take(tx: Transaction, claim_id: str, version: int, staff: Staff, roles: tuple[str, ...] = _DECIDERS) -> ClaimRecord:
    _check_role(staff, roles)
    claim = claims.get_claim(tx, claim_id, lock=True)
    if claim.version != version:
        last = audit.entries(tx, claim_id)[-1]
        told = f"claim {claim_id} was changed by {last.actor} ({last.action}) after this page was made"
        raise StaleVersionError(told, "reload the page and decide again")
    _check_with_people(claim)
    return claim


def _check_with_people(claim: ClaimRecord) -> None:
    if claim.state not in WITH_PEOPLE:
        raise ConflictError(
            f"claim {claim.claim_id} is {claim.state} and waits for nobody", "only claims in review or investigation are decided by people"
        )


def _check_role(staff: Staff, roles: tuple[str, ...]) -> None:
    if staff.role not in roles:
        raise NotAllowedError(f"the role {staff.role} may not do this to a claim", "it takes one of: " + ", ".join(roles))


def _check_authority(staff: Staff, amount_fen: int) -> None:
    if amount_fen > staff.authority_fen:
        told = f"{format_fen(amount_fen)} is beyond the authority of {staff.user_name}, {format_fen(staff.authority_fen)}"
        raise NotAllowedError(told, "hand it to somebody with more authority")


def _work_again(system: System, tx: Transaction, claim: ClaimRecord, staff: Staff) -> Worked:
    evidence = _evidence(system, tx, claim)
    learn_from(tx, claim, evidence)
    claim = claims.get_claim(tx, claim.claim_id)
    worked = work_out(system, tx, claim, evidence)
    save_work(tx, claim, worked, _actor(staff))
    return worked


def _evidence(system: System, tx: Transaction, claim: ClaimRecord) -> Evidence:
    return settlement_evidence(tx, claim) if claim.settlement_json else gather_evidence(system, tx, claim)


def _actor(staff: Staff) -> Actor:
    return Actor(staff.user_name, staff.role)
