"""One customer with 157 policies, 109 in force and 48 ended on `AS_OF`, and everything that ever moved on them.

The same every time. Products, first days and ways of paying take turns, so that premiums come due and benefits are paid in
every month. Months are counted from first days up to the 28th: no month is too short.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.contract import Contract, EntryKind, PolicyEntry, benefit_event, premium_event
from domain.policy import Person, Policy
from domain.terms import Frequency
from sandbox.medical_base import AGENTS
from sandbox.numbers import id_number, phone

AS_OF = date(2026, 6, 30)
IN_FORCE, ENDED = 109, 48
_BORN = date(1964, 5, 17)
_GRACE_DAYS = 60
_FOR_LIFE = date(2084, 12, 31)


@dataclass(frozen=True)
class CustomerBooks:
    """A customer with their policies, contracts and entries."""

    person: Person
    policies: tuple[Policy, ...]
    contracts: tuple[Contract, ...]
    entries: tuple[PolicyEntry, ...]


@dataclass(frozen=True)
class _Offer:
    """A product as this customer buys it."""

    product: str
    plan: str
    years: int  # of its term; 0: for life
    payment_years: int
    sum_insured_fen: int
    yearly_fen: int


_LONG = (
    _Offer("fulu-endowment", "福禄版", 15, 10, 10_000_000, 980_000),
    _Offer("changqing-whole", "", 0, 20, 20_000_000, 760_000),
    _Offer("yinian-annuity", "", 0, 10, 12_000_000, 1_500_000),
    _Offer("dingshou-term", "定期二十年", 20, 20, 100_000_000, 240_000),
    _Offer("jinhui-universal", "", 0, 1, 10_000_000, 2_000_000),
)
_SHORT = (
    _Offer("baiwan-medical", "", 1, 1, 200_000_000, 36_000),
    _Offer("anxin-inpatient", "标准版", 1, 1, 200_000_000, 48_000),
    _Offer("jiacai-property", "", 1, 1, 150_000_000, 60_000),
)
_FREQUENCIES = (Frequency.YEARLY, Frequency.YEARLY, Frequency.QUARTERLY, Frequency.MONTHLY, Frequency.HALF_YEARLY)


def build_customer() -> CustomerBooks:
    """Make the customer."""
    person = Person("C98000001", "钱示多", id_number(_BORN, 157), _BORN, phone(98000001), has_social_insurance=True)
    made = [_policy(number, person.person_id) for number in range(IN_FORCE + ENDED)]
    entries = tuple(entry for policy, contract in made for entry in _entries(policy, contract))
    return CustomerBooks(person, tuple(policy for policy, _ in made), tuple(contract for _, contract in made), entries)


def _is_ended(number: int) -> bool:
    return number >= IN_FORCE


def _policy(number: int, person_id: str) -> tuple[Policy, Contract]:
    is_short = number % 4 == 3
    offer = (_SHORT if is_short else _LONG)[number // 4 % 3 if is_short else number % 5]
    start = _start_of(number, offer)
    until = _FOR_LIFE if not offer.years else _later(start, 12 * offer.years) - timedelta(days=1)
    policy = Policy(
        f"P98{number + 1:06d}", person_id, person_id, offer.product, offer.plan, start, until, start, offer.sum_insured_fen,
        AGENTS[number % len(AGENTS)].agent_id,
    )  # fmt: skip
    frequency = Frequency.YEARLY if is_short else _FREQUENCIES[number // 5 % len(_FREQUENCIES)]
    frequency = Frequency.FLEXIBLE if offer.product == "jinhui-universal" else frequency
    premium_fen = 0 if frequency is Frequency.FLEXIBLE else offer.yearly_fen * frequency.months // 12
    lends = offer.product in ("fulu-endowment", "changqing-whole") and number % 3 == 0
    return policy, Contract(policy.policy_number, frequency, premium_fen, offer.payment_years, lends, is_short and not _is_ended(number))


def _start_of(number: int, offer: _Offer) -> date:
    """Spread first days over months and years, so that what is to be in force is, and what is to be over is over."""
    month, day = number % 12 + 1, number * 5 % 28 + 1
    if offer.years == 1:
        year = AS_OF.year - (1 if _is_ended(number) else 0) - (0 if (month, day) <= (AS_OF.month, AS_OF.day) else 1)
        return date(year, month, day)
    return date((2003 if _is_ended(number) else 2013) + number % 8, month, day)


def _later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, day.day)


def _entries(policy: Policy, contract: Contract) -> Iterator[PolicyEntry]:
    """Write what moved on a policy, up to `AS_OF`."""
    number = int(policy.policy_number[3:]) - 1
    stop = _stopped_on(number, policy)
    if policy.product == "jinhui-universal":
        yield from _account_entries(policy, stop)
    else:
        yield from _premiums(policy, contract, number, stop)
        yield from _benefits(policy, number, stop)
        yield from _loans(policy, number, stop)
    if stop < AS_OF and _is_surrendered(number, policy):
        amount_fen = 300_000 + number * 1_000
        yield _entry(policy, EntryKind.SURRENDER, amount_fen, "surrender", stop)
        yield _entry(policy, EntryKind.SURRENDER_PAID, amount_fen, "surrender paid", stop + timedelta(days=2))


def _is_surrendered(number: int, policy: Policy) -> bool:
    """Of the ended ones, those for life were surrendered, and every other of the rest that had not run out."""
    return _is_ended(number) and policy.effective_to >= AS_OF and (policy.effective_to == _FOR_LIFE or number % 2 == 0)


def _stopped_on(number: int, policy: Policy) -> date:
    """Give the day after which nothing is paid any more: surrender, the last premium of a lapse, or today."""
    if _is_ended(number) and policy.effective_to >= AS_OF:
        return _later(policy.first_effective_from, 12 * 6 + 5)  # in the seventh year
    return min(AS_OF, policy.effective_to)


def _premiums(policy: Policy, contract: Contract, number: int, stop: date) -> Iterator[PolicyEntry]:
    step = contract.frequency.months
    for place in range(contract.payment_years * 12 // step):
        due = _later(policy.first_effective_from, place * step)
        if due > stop or _is_still_missing(due, number):
            return
        by_loan = contract.automatic_premium_loan and place and (place * 7 + number) % 19 == 0
        late = 0 if policy.effective_to < _later(policy.first_effective_from, 13) else (place * 3 + number) % 20
        on = due + timedelta(days=_GRACE_DAYS if by_loan else late)
        if on > stop and not _is_ended(number):
            return
        kind = EntryKind.PREMIUM_BY_LOAN if by_loan else EntryKind.PREMIUM
        yield _entry(policy, kind, contract.premium_fen, premium_event(due), min(on, stop))


def _is_still_missing(due: date, number: int) -> bool:
    """Leave one premium in three unpaid that came due within the last weeks: the policy is in its grace."""
    return number % 3 == 1 and timedelta() < AS_OF - due < timedelta(days=_GRACE_DAYS // 2)


def _benefits(policy: Policy, number: int, stop: date) -> Iterator[PolicyEntry]:
    """Book what came due; what came due last waits to be fetched on every other policy."""
    dues = [(event_kind, due, fen) for event_kind, due, fen in _benefit_days(policy) if due <= stop]
    for place, (kind, due, amount_fen) in enumerate(dues):
        yield _entry(policy, EntryKind.BENEFIT_DUE, amount_fen, benefit_event(kind, due), due)
        paid = due + timedelta(days=3)
        if paid <= AS_OF and (place + 1 < len(dues) or number % 2):
            yield _entry(policy, EntryKind.BENEFIT_PAID, amount_fen, f"paid {benefit_event(kind, due)}", paid)


def _benefit_days(policy: Policy) -> Iterator[tuple[str, date, int]]:
    """List the survival benefits and annuities as policy/terms/ has them."""
    start, insured_fen = policy.first_effective_from, policy.sum_insured_fen
    if policy.product == "fulu-endowment":
        yield from (("survival", _later(start, 12 * year), insured_fen // 10) for year in (3, 6, 9, 12))
    if policy.product == "changqing-whole":
        yield from (("survival", _later(start, 12 * year), insured_fen // 50) for year in range(5, 31))
    if policy.product == "yinian-annuity":
        first = next(year for year in range(1, 80) if _age_on(_later(start, 12 * year)) >= 60)
        yield from (("annuity", _later(start, 12 * first + month), insured_fen // 120) for month in range(12 * 20))


def _age_on(day: date) -> int:
    return day.year - _BORN.year - ((day.month, day.day) < (_BORN.month, _BORN.day))


def _loans(policy: Policy, number: int, stop: date) -> Iterator[PolicyEntry]:
    """Lend on every sixth policy of a kind that has cash value, and see half of it back."""
    taken = _later(policy.first_effective_from, 12 * 5 + 2)
    if number % 6 == 0 and policy.product in ("fulu-endowment", "changqing-whole", "yinian-annuity") and taken < stop:
        yield _entry(policy, EntryKind.LOAN, 400_000 + number * 500, "loan 1", taken)
        back = taken + timedelta(days=120)
        if back < stop:
            yield _entry(policy, EntryKind.LOAN_INTEREST_PAID, 3_000, "repayment 1", back)
            yield _entry(policy, EntryKind.LOAN_REPAID, 200_000, "repayment 1", back)


def _account_entries(policy: Policy, stop: date) -> Iterator[PolicyEntry]:
    """Pay into a universal account once a year, for ten years, and take something out in the eighth."""
    for year in range(10):
        on = _later(policy.first_effective_from, 12 * year)
        if on <= stop:
            yield _entry(policy, EntryKind.ACCOUNT_PREMIUM, 2_000_000, f"deposit {on}", on)
            yield _entry(policy, EntryKind.ACCOUNT_CHARGE, 60_000 if year == 0 else 40_000 if year < 3 else 20_000, f"deposit {on}", on)
    taken = _later(policy.first_effective_from, 12 * 7 + 4)
    if taken <= stop:
        yield _entry(policy, EntryKind.ACCOUNT_WITHDRAWAL, 500_000, f"withdrawal {taken}", taken)


def _entry(policy: Policy, kind: EntryKind, amount_fen: int, event: str, on: date) -> PolicyEntry:
    return PolicyEntry(policy.policy_number, kind, amount_fen, event, on)
