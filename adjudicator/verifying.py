"""Proving the books (总账核验): every claim's ledger, orders, decisions, used limits and audit chain against each other.

The database keeps each row a pair, so that all accounts together are nothing. What it cannot know is told here: that the
pairs are the right ones. Claims are read page by page; the first difference names the claim, both amounts and the law.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from adjudicator.decide import decision_event
from adjudicator.offsetting import offset_event
from adjudicator.payees import OF_HOSPITAL, is_of_hospital
from adjudicator.verifying_policies import iter_books, verify_policy
from adjudicator.writing_off import write_off_event
from domain.money import format_fen
from domain.states import ClaimState
from storage import audit, books
from storage.books import ClaimBooks
from storage.database import Database
from storage.ledger import Account, LedgerEntry
from storage.payouts import IN_FLIGHT

_PAGE = 500
_SETTLED = (ClaimState.PAID, ClaimState.CLOSED, ClaimState.WITHDRAWN, ClaimState.DUPLICATE)
_Tell = Callable[[str], None]


@dataclass(frozen=True)
class Verified:
    """What a look through the books came to."""

    claims: int
    entries: int
    differences: tuple[str, ...]
    policies: int = 0  # that have entries in the ledger of policies
    policy_entries: int = 0


def verify_books(database: Database, advance: Callable[[int], None] = lambda _: None, *, at_most: int = 100) -> Verified:
    """Go through all claims; ends early after `at_most` differences. `advance` is told how many claims were looked at."""
    claims = entries = 0
    differences: list[str] = []
    on_the_way: Counter[str] = Counter()  # what was set off, by event: both claims' entries come to nothing
    after: str | None = ""
    while after is not None and len(differences) < at_most:
        with database.read() as tx:
            page = books.read_books(tx, after, _PAGE)
            for each in page:
                differences += verify_claim(each)
                _add_offsets(on_the_way, each)
                broken = audit.find_break(tx, each.claim_id)
                differences += [broken] if broken else []
                claims, entries = claims + 1, entries + len(each.entries)
        after = page[-1].claim_id if len(page) == _PAGE else None
        advance(claims)
    if after is None:
        differences += [f"{event}: {format_fen(abs(fen))} stands on one side only" for event, fen in on_the_way.items() if fen]
    policies = policy_entries = 0
    for books_of_policy in iter_books(database) if len(differences) < at_most else ():
        differences += verify_policy(books_of_policy)
        policies, policy_entries = policies + 1, policy_entries + len(books_of_policy.entries)
    return Verified(claims, entries, tuple(differences[:at_most]), policies, policy_entries)


def _add_offsets(on_the_way: Counter[str], claim: ClaimBooks) -> None:
    for each in claim.entries:
        for account, sign in ((each.debit_account, 1), (each.credit_account, -1)):
            if account == Account.CLAIMS_OFFSET:
                on_the_way[each.event] += sign * each.amount_fen


def verify_claim(claim: ClaimBooks) -> list[str]:
    """List what does not agree in the books of one claim; empty when everything does."""
    found: list[str] = []

    def tell(difference: str) -> None:
        found.append(f"claim {claim.claim_id}: {difference}")

    _verify_events(claim, tell)
    _verify_balances(claim, tell)
    _verify_limits(claim, tell)
    _verify_payees(claim, tell)
    return found


def _verify_events(claim: ClaimBooks, tell: _Tell) -> None:
    """Every event is one we know, and sums to what it tells."""
    events: defaultdict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in claim.entries:
        events[entry.event].append(entry)
    decided = {decision_event(claim.claim_id, each.round): each.amount_fen for each in claim.decisions}
    decided |= {f"receipt {each.bank_reference}": each.amount_fen for each in claim.receipts}
    decided |= {write_off_event(each): each.amount_fen for each in claim.write_offs}
    at_most = {offset_event(each.claim_id, each.round): each.amount_fen for each in claim.offsets}
    paid = {each.idempotency_key: each.amount_fen for each in claim.payouts}
    for event, amount_fen in decided.items():
        _same(tell, event, _sum(events.get(event, [])), amount_fen)
    for event, pairs in events.items():
        what, _, about = event.partition(" ")
        if what == "payment":
            _same(tell, event, _sum(pairs), paid.get(about.split(" #")[0], 0))
        elif what == "return":
            _mirror(tell, event, pairs, _payment_before(events, event))
        elif what == "reversal":
            _mirror(tell, event, pairs, events.get(about.removeprefix("of "), []))
        elif what == "offset" and _sum(pairs) > at_most.get(event, 0):
            tell(f"{event}: {format_fen(_sum(pairs))} was set off, and {format_fen(at_most.get(event, 0))} arranged")
        elif what not in ("set-off", "restored", "offset") and event not in decided:
            tell(f"nobody knows the event {event}")


def _verify_balances(claim: ClaimBooks, tell: _Tell) -> None:
    """The accounts of a claim say what was decided, what was paid, and what of it is open."""
    sums: Counter[str] = Counter()
    for entry in claim.entries:
        sums[entry.debit_account] += entry.amount_fen
        sums[entry.credit_account] -= entry.amount_fen
    decided = claim.decisions[-1].amount_fen if claim.decisions else 0
    paid = sum(each.amount_fen for each in claim.payouts if each.has_moved_money)
    flying = sum(each.amount_fen for each in claim.payouts if each.state in IN_FLIGHT)
    payable, recoverable = -sums[Account.CLAIMS_PAYABLE], sums[Account.CLAIMS_RECOVERABLE]
    received, written_off = sum(each.amount_fen for each in claim.receipts), sums[Account.CLAIMS_WRITTEN_OFF]
    given_up = sum(each.amount_fen for each in claim.write_offs)
    restored = _sum([each for each in claim.entries if each.event.startswith("restored ")])
    _same(tell, "the expense and the decision that stands", sums[Account.CLAIMS_EXPENSE], decided)
    _same(tell, "what left the bank and the orders it confirmed, less receipts", -sums[Account.BANK], paid - received)
    _same(tell, "what is written off and the write-offs, less what was restored", written_off, given_up - restored)
    open_fen = decided - paid + received + written_off + sums[Account.CLAIMS_OFFSET]
    _same(tell, "what is owed and what is decided but not paid", payable - recoverable, open_fen)
    if written_off < 0:
        tell(f"{format_fen(-written_off)} more was restored than written off")
    if payable < 0 or recoverable < 0 or (payable and recoverable):
        tell(f"{format_fen(payable)} is owed and {format_fen(recoverable)} to be given back")
    if claim.state is ClaimState.PAYING:
        if not claim.hospital or flying > payable:  # of a bill that was decided anew, the hospital and the insured are paid one by one
            _same(tell, "what is owed and the order in flight", payable, flying)
        if not flying:
            tell("it is PAYING, and no order of it is in flight")
    if claim.state is ClaimState.PRESETTLED:
        _same(tell, "what is owed and what was pre-settled", payable, decided)
        _same(tell, "what is ordered before the confirmation and nothing", flying + paid, 0)
    if claim.state in _SETTLED and payable:
        tell(f"it is {claim.state}, and {format_fen(payable)} is still owed")


def _verify_limits(claim: ClaimBooks, tell: _Tell) -> None:
    """Limits are used by the decision that stands, and by no other."""
    last = claim.decisions[-1].round if claim.decisions else 0
    for round_ in sorted(claim.using_rounds - {last}):
        tell(f"limits are still used by round {round_}, but the decision that stands is of round {last}")


def _verify_payees(claim: ClaimBooks, tell: _Tell) -> None:
    """A hospital is paid what it settled with us, and nothing that its patient has paid."""
    settled = any(each.round == OF_HOSPITAL and is_of_hospital(each) for each in claim.decisions)
    for each in claim.payouts:
        if claim.hospital and each.payee.holder == claim.hospital and not (settled and each.round == OF_HOSPITAL):
            tell(f"{format_fen(each.amount_fen)} was ordered to {claim.hospital}, which did not settle it with us: it is the patient's")


def _payment_before(events: dict[str, list[LedgerEntry]], event: str) -> list[LedgerEntry]:
    """Find the booking that a return takes back: the last one of the order before it."""
    key = event.removeprefix("return ").split(" #")[0]
    names = list(events)
    before = [each for each in names[: names.index(event)] if each.split(" #")[0] == f"payment {key}"]
    return events[before[-1]] if before else []


def _mirror(tell: _Tell, event: str, pairs: list[LedgerEntry], of: list[LedgerEntry]) -> None:
    back = Counter((each.policy_number, each.credit_account, each.debit_account, each.amount_fen) for each in pairs)
    if back != Counter((each.policy_number, each.debit_account, each.credit_account, each.amount_fen) for each in of):
        tell(f"{event} does not take back what was booked: {format_fen(_sum(pairs))} of {format_fen(_sum(of))}")


def _sum(pairs: list[LedgerEntry]) -> int:
    return sum(each.amount_fen for each in pairs)


def _same(tell: _Tell, what: str, here: int, there: int) -> None:
    if here != there:
        tell(f"{what}: {format_fen(here)} and {format_fen(there)}")


def iter_lines(verified: Verified) -> Iterator[str]:
    """Say what was found, one line each."""
    yield from verified.differences
    told = "no difference" if not verified.differences else f"{len(verified.differences)} differences"
    yield f"{verified.claims} claims, {verified.entries} entries: {told}"
    if verified.policies:
        yield f"{verified.policies} policies, {verified.policy_entries} entries of theirs among what was looked at"
