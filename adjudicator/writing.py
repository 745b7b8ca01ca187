"""Writes letters (函件): each notice that has one is printed once it is out, outside the transaction that decided.

What a letter says comes from rows that no longer change, and the same letter is always the same bytes: printing twice,
on two machines or after a crash, gives one letter. Its hash stands in the audit chain.
"""

import logging

from adjudicator.benefits_letter import write_benefits_letter
from adjudicator.decide import SYSTEM
from adjudicator.decision_letter import write_decision_letter
from adjudicator.letter_frame import LetterCase
from adjudicator.published import PublishedBooks
from adjudicator.repayment_letter import write_repayment_letter
from adjudicator.supplement_letter import write_supplement_letter
from adjudicator.system import System
from adjudicator.wording import wordings_of
from domain.decision import DecisionKind
from domain.errors import ConflictError, NotFoundError
from domain.letter import Letter, LetterFormat, Letterhead
from letters.press import Printed
from storage import audit, claims, decisions, erasure, letters, notices, payouts, registry
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.letters import LetterFile

_log = logging.getLogger(__name__)
_BATCH = 4  # printing takes its time, and who prints also sends messages
_HELD_MS = 60_000
_TRY_AGAIN_MS = 300_000
_LOOK_FOR_FONT_MS = 3_600_000


def write_letters(system: System) -> int:
    """Print the letters that are due; gives how many notices were dealt with."""
    with system.database.read() as tx:
        if not letters.has_due(tx):
            return 0
    with system.database.write() as tx:
        due = letters.lease_due(tx, _HELD_MS, _BATCH)
    for claim_id, notice_id in due:
        try:
            write_letters_of(system, claim_id, notice_id)
        except Exception:  # noqa: BLE001  # one letter that cannot be written must not keep the others from going out
            _log.exception("the letters of notice %s could not be written", notice_id)
            with system.database.write() as tx:
                letters.put_off(tx, notice_id, _TRY_AGAIN_MS)
    return len(due)


def write_letters_of(system: System, claim_id: str, notice_id: str) -> None:
    """Print a notice's letters and keep them by their hash."""
    with system.database.read() as tx:
        case = _case(tx, system.books, claims.get_claim(tx, claim_id), notice_id)
    printed = [(letter, system.press.print(letter)) for letter in compose(case, system.letterhead)]
    files = [file for letter, copy in printed for file in _stored(system, case, letter, copy)]
    with system.database.write() as tx:
        claims.get_claim(tx, claim_id, lock=True)
        for letter, copy in printed:
            new = [each for each in files if each.letter_id == letter.number and letters.add_letter(tx, each)]
            if new:
                undrawn = {"undrawn": [f"U+{ord(each):04X}" for each in copy.missing]} if copy.missing else {}
                hashes = {each.format.value: each.sha256 for each in new}
                audit.append(tx, claim_id, SYSTEM, "letter.written", {"letter": letter.number, "kind": letter.kind} | hashes | undrawn)
        letters.put_off(tx, notice_id, _LOOK_FOR_FONT_MS if any(copy.pdf is None for _, copy in printed) else None)
    _warn(printed)


def print_now(system: System, claim_id: str) -> tuple[LetterFile, ...]:
    """Print what is still due of one claim, and list all its letters.

    Raises:
        NotFoundError: no such claim.
        ConflictError: it was erased, and its letters with it.
    """
    with system.database.read() as tx:
        claims.get_claim(tx, claim_id)
        if erasure.erased_ms(tx, claim_id):
            raise ConflictError(f"claim {claim_id} was erased", "its papers are gone for good: nothing of it is printed or decided anew")
        due = letters.due_of(tx, claim_id)
    for notice_id in due:
        write_letters_of(system, claim_id, notice_id)
    with system.database.read() as tx:
        return letters.letters_of(tx, claim_id)


def compose(case: LetterCase, head: Letterhead) -> tuple[Letter, ...]:
    """Write what a notice says on paper: what is missing, what is to be given back, or the decision and how a payment came about."""
    if case.notice.kind == "supplement":
        return (write_supplement_letter(case, head),)
    if case.notice.kind in ("repayment", "offset"):
        return (write_repayment_letter(case, head),)
    if case.notice.kind != "decision":
        return ()  # a notice that is a message and no letter: another account is asked for, a claim is reopened or withdrawn
    decision, done = case.decision, case.adjudication
    if decision is None or done is None:
        return ()
    told = write_decision_letter(case, head, decision, done)
    if decision.kind is DecisionKind.DECLINE or not (decision.amount_fen or done.waived_fen):
        return (told,)
    return told, write_benefits_letter(case, head, decision, done)


def _case(tx: Transaction, books: PublishedBooks, claim: ClaimRecord, notice_id: str) -> LetterCase:
    notice = next((each for each in notices.notices_of(tx, claim.claim_id) if each.notice_id == notice_id), None)
    insured = registry.find_person(tx, claim.insured_id)
    if notice is None or insured is None:
        raise NotFoundError(f"no notice {notice_id} of claim {claim.claim_id}, or no insured", "import the customer again")
    done = decisions.find_adjudication(tx, claim.claim_id, notice.round)
    return LetterCase(
        claim,
        insured,
        notice,
        done,
        decisions.find_decision(tx, claim.claim_id, notice.round),
        next((each for each in payouts.payouts_of(tx, claim.claim_id) if each.round == notice.round), None),
        wordings_of(tx, books, done) if notice.kind == "decision" else {},
    )


def _stored(system: System, case: LetterCase, letter: Letter, copy: Printed) -> list[LetterFile]:
    contents = {LetterFormat.HTML: copy.html} | ({LetterFormat.PDF: copy.pdf} if copy.pdf is not None else {})
    kept = ((format_, content, system.blobs.put(content)) for format_, content in contents.items())
    claim_id, notice = case.claim.claim_id, case.notice
    return [
        LetterFile(letter.number, format_, claim_id, notice.round, letter.kind, notice.notice_id, sha256, len(content))
        for format_, content, sha256 in kept
    ]


def _warn(printed: list[tuple[Letter, Printed]]) -> None:
    for letter, copy in printed:
        if copy.lacking:
            _log.warning("letter %s was printed as HTML only: %s", letter.number, copy.lacking)
        if copy.missing:
            _log.warning("letter %s: no font draws %s", letter.number, "、".join(f"U+{ord(each):04X}" for each in copy.missing))
