"""Customers as many as wanted, each with life and property policies and everything that ever moved on them up to a day.

The same for the same seed, counts and day; each customer comes from a chance of their own and is forgotten, so that memory does
not grow. Histories are those of the shipped products, as policy/terms/ has them: what is due by the contract is in the ledger, so
that a day's chores find little to make up. Months are counted from first days up to the 28th: no month is too short.
"""

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.contract import Contract, EntryKind, PolicyEntry, benefit_event, premium_event
from domain.policy import Person, Policy
from domain.terms import Frequency
from sandbox.many_policies import CustomerBooks
from sandbox.numbers import id_number, phone

FIRST_PERSON = "C970000000"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
_GIVEN = "成真远安宁和信诚达康平乐明华文"
_FIRST_BIRTHDAY, _BIRTHDAYS, _STRIDE = date(1950, 1, 1), 20_000, 7919  # the stride is prime to the count: every birthday in turn
_BIG, _ONE_BIG_IN = 157, 60_000  # policies of the few who have most, and how rare they are
_MOST = 60  # policies of anybody else
_YEAR_DAYS = 365
_GRACE_DAYS = 60
_LOAN_TERM_DAYS = 180
_LOAN_RATES = ((date(2024, 7, 1), 50), (date(2015, 1, 1), 55), (date.min, 65))  # from which day on, in thousandths
_FREQUENCIES = (Frequency.YEARLY,) * 16 + (Frequency.MONTHLY,) * 2 + (Frequency.QUARTERLY, Frequency.HALF_YEARLY)
_YEAR_OR_MONTH = (Frequency.YEARLY,) * 9 + (Frequency.MONTHLY,)
_YEARLY = (Frequency.YEARLY,)


@dataclass(frozen=True)
class _Offer:
    """A product as customers buy it."""

    product: str
    plan: str
    share: int  # of a hundred policies
    years: int  # of its term; 0: for life
    payment_years: int
    unit_fen: int  # the sum insured is a few of these
    base_price: int  # a year's premium, in fen for 10,000 元 insured,
    age_price: int  # and for each year of age more
    frequencies: tuple[Frequency, ...]


_OFFERS = (
    _Offer("baiwan-medical", "百万版", 18, 1, 1, 200_000_000, 90, 3, _YEAR_OR_MONTH),
    _Offer("anxin-inpatient", "标准版", 12, 1, 1, 200_000_000, 120, 4, _YEARLY),
    _Offer("jiacai-property", "安居版", 15, 1, 1, 150_000_000, 400, 0, _YEARLY),
    _Offer("fulu-endowment", "福禄版", 12, 15, 10, 5_000_000, 97_000, 100, _FREQUENCIES),
    _Offer("changqing-whole", "", 10, 0, 20, 10_000_000, 20_000, 400, _FREQUENCIES),
    _Offer("yinian-annuity", "", 10, 0, 10, 1_200_000, 125_000, 0, _YEAR_OR_MONTH),
    _Offer("dingshou-term", "定期二十年", 13, 20, 20, 50_000_000, 600, 40, _YEAR_OR_MONTH),
    _Offer("jinhui-universal", "", 10, 0, 1, 10_000_000, 0, 0, (Frequency.FLEXIBLE,)),
)
_SHARES = [each.share for each in _OFFERS]
_BENEFITS = frozenset({"fulu-endowment", "changqing-whole", "yinian-annuity"})
_UNIVERSAL = "jinhui-universal"
_YEARS_BACK = {"fulu-endowment": 17, _UNIVERSAL: 12}
_LEAST_AGE = 18


@dataclass(frozen=True)
class Wanted:
    """How many customers with how many policies, from which chance, with histories up to which day."""

    policies: int
    customers: int
    seed: int
    day: date


def policies_each(wanted: Wanted) -> "array[int]":
    """Draw how many policies each customer has: most a few, one in sixty thousand 157; together exactly as many as wanted."""
    dice, count = random.Random(f"sizes {wanted.seed}"), wanted.customers
    most = min(_MOST, wanted.policies)
    mean = wanted.policies / count
    sizes = array("H", (min(1 + int(dice.expovariate(1 / (mean * (2.6 if dice.random() < 0.12 else 0.55)))), most) for _ in range(count)))
    big = max(count // _ONE_BIG_IN, 1) if wanted.policies - count >= 2 * _BIG else 0
    chosen = range(0, count, -(-count // big)) if big else range(0)
    for number in chosen:
        sizes[number] = _BIG
    missing = wanted.policies - sum(sizes)
    while missing:
        number = dice.randrange(count)
        step = 1 if missing > 0 else -1
        if number not in chosen and sizes[number] + step >= 1:
            sizes[number] += step
            missing -= step
    return sizes


def iter_customers(wanted: Wanted) -> Iterator[CustomerBooks]:
    """Make the customers one after another: person, policies, contracts and entries of each.

    Some policies insure a partner, who is the customer before or after: people come in pairs, so store them two by two.
    """
    before = 0
    for number, size in enumerate(policies_each(wanted)):
        yield _customer(wanted, number, size, before)
        before += size


def person_of(number: int) -> Person:
    """Make the person of a customer; no two have one ID number, as long as they are fewer than ten million."""
    born = _FIRST_BIRTHDAY + timedelta(days=number * _STRIDE % _BIRTHDAYS)
    is_shifted = (born.month, born.day) == (2, 29)  # to the 28th, whose own people have even numbers
    born = born.replace(day=28) if is_shifted else born
    order = 2 * (number // _BIRTHDAYS) + is_shifted
    name = _SURNAMES[number % len(_SURNAMES)] + "示" + _GIVEN[number // len(_SURNAMES) % len(_GIVEN)]
    return Person(
        f"C97{number:07d}", name, id_number(born, order), born, phone(20_000_000 + number), has_social_insurance=number % 10 != 0,
        region_code=f"99{1 + number % 30:02d}01",
    )  # fmt: skip


def _customer(wanted: Wanted, number: int, size: int, before: int) -> CustomerBooks:
    dice, holder = random.Random(wanted.seed * 2**32 + number), person_of(number)
    partner_number = number ^ 1
    has_partner = partner_number < wanted.customers and size < _BIG
    policies, contracts, entries = [], [], []
    for place in range(size):
        insured = person_of(partner_number) if has_partner and dice.random() < 0.1 else holder
        life = _Life(dice, wanted.day, f"P97{before + place:09d}", holder, insured, f"A{number // 250:07d}")
        policies.append(life.policy)
        contracts.append(life.contract)
        entries += life.entries
    return CustomerBooks(holder, tuple(policies), tuple(contracts), tuple(entries))


def agents_wanted(wanted: Wanted) -> int:
    """Tell how many agents look after so many customers."""
    return (wanted.customers - 1) // 250 + 1


class _Life:
    """One policy from its first day up to a day, drawn once."""

    def __init__(self, dice: random.Random, day: date, number: str, holder: Person, insured: Person, agent_id: str) -> None:
        self._dice, self._day, self._born = dice, day, insured.birth_date
        offer = dice.choices(_OFFERS, _SHARES)[0]
        start = self._start(offer)
        units = dice.randint(1, 10) if offer.years != 1 else 1
        yearly_fen = offer.unit_fen * units // 1_000_000 * (offer.base_price + offer.age_price * _age_on(self._born, start))
        frequency = dice.choice(offer.frequencies)
        premium_fen = yearly_fen * frequency.months // 12
        lends = offer.product in ("fulu-endowment", "changqing-whole") and dice.random() < 0.3
        self._is_short, self._product, self._number = offer.years == 1, offer.product, number
        begins, until = self._term(offer, start)
        renews = self._is_short and until >= day and dice.random() < 0.9
        self.policy = Policy(
            number, insured.person_id, holder.person_id, offer.product, offer.plan, begins, until, start, offer.unit_fen * units, agent_id
        )  # fmt: skip
        self.contract = Contract(number, frequency, premium_fen, offer.payment_years, lends, renews)
        self.entries: list[PolicyEntry] = []
        self._write()

    def _start(self, offer: _Offer) -> date:
        """Draw a first day up to the 28th, not before the insured is of age."""
        grown = later(self._born.replace(day=1), 12 * _LEAST_AGE + 1)
        back = _YEARS_BACK.get(offer.product, 7 if offer.years == 1 else 14) * _YEAR_DAYS
        drawn = max(self._day - timedelta(days=self._dice.randrange(1, back)), grown)
        return drawn.replace(day=min(drawn.day, 28))

    def _term(self, offer: _Offer, start: date) -> tuple[date, date]:
        """Give the first and last day of the term: of a short policy that of the year it was renewed to last."""
        if not offer.years:
            return start, date(self._born.year + 120, 12, 31)
        if offer.years > 1:
            return start, later(start, 12 * offer.years) - timedelta(days=1)
        years = (self._day - start).days // _YEAR_DAYS + 1
        kept = years if self._dice.random() < 0.75 else self._dice.randint(1, years)
        begins = later(start, 12 * (kept - 1))
        begins = begins if begins <= self._day else later(start, 12 * (kept - 2))
        return begins, later(begins, 12) - timedelta(days=1)

    def _write(self) -> None:
        over = min(self._day, self.policy.effective_to)
        fate, age_days = self._dice.random(), (over - self.policy.first_effective_from).days
        surrendered = not self._is_short and fate < 0.12 and age_days > 3 * _YEAR_DAYS
        if surrendered:
            over = self.policy.first_effective_from + timedelta(days=self._dice.randrange(2 * _YEAR_DAYS, age_days))
        if self._product == _UNIVERSAL:
            self._deposits(over)
        else:
            lapses = 0.12 <= fate < 0.18 and not self._is_short
            covered_to = self._premiums(over, self._dice.randint(2, 12) if lapses else 10_000)
            self._benefits(covered_to, is_surrendered=surrendered)
            if not surrendered and not lapses and self._product in _BENEFITS and age_days > 4 * _YEAR_DAYS and fate > 0.85:
                self._loan(over)
        if surrendered:
            paid = sum(each.amount_fen for each in self.entries if each.kind in (EntryKind.PREMIUM, EntryKind.ACCOUNT_PREMIUM))
            self._add(EntryKind.SURRENDER, paid * 6 // 10 + 100, "surrender", over)
            self._add(EntryKind.SURRENDER_PAID, paid * 6 // 10 + 100, "surrender paid", over + timedelta(days=2))

    def _premiums(self, over: date, missed: int) -> date:
        """Pay premiums until one is missed; gives the last day on which benefits come due."""
        policy, contract, dice = self.policy, self.contract, self._dice
        step = contract.frequency.months
        years = (policy.effective_to.year - policy.first_effective_from.year) if self._is_short else contract.payment_years
        for place in range(years * 12 // step):
            due = later(policy.first_effective_from, place * step)
            if due > over:
                break
            late = dice.random()
            if place == missed and not contract.automatic_premium_loan:
                return min(over, due + timedelta(days=_GRACE_DAYS))
            if place and contract.automatic_premium_loan and (place == missed or late < 0.02):
                if due + timedelta(days=_GRACE_DAYS) > over:
                    break  # still in its grace
                self._lend(due, over)
                continue
            on = due if late < 0.7 or self._product == "jiacai-property" else due + timedelta(days=dice.randint(1, 20))
            if on > over:
                break
            self._add(EntryKind.PREMIUM, contract.premium_fen, premium_event(due), on)
        return over

    def _lend(self, due: date, over: date) -> None:
        """Lend a premium (自动垫交) on the last day of its grace, and see it back within the loan's term."""
        on, premium_fen = due + timedelta(days=_GRACE_DAYS), self.contract.premium_fen
        self._add(EntryKind.PREMIUM_BY_LOAN, premium_fen, premium_event(due), on)
        self._repay(premium_fen, on, on + timedelta(days=self._dice.randint(10, 25)), over)

    def _repay(self, principal_fen: int, since: date, on: date, over: date) -> None:
        if on <= over:
            rate = next(rate for day, rate in _LOAN_RATES if day <= since)
            interest_fen = (2 * principal_fen * rate * (on - since).days + 365_000) // 730_000
            if interest_fen:
                self._add(EntryKind.LOAN_INTEREST_PAID, interest_fen, f"repayment {on}", on)
            self._add(EntryKind.LOAN_REPAID, principal_fen, f"repayment {on}", on)

    def _loan(self, over: date) -> None:
        """Lend to some: paid back within its term, or taken lately; one in ten runs on for years."""
        kind, dice = self._dice.random(), self._dice
        back = dice.randint(1, _LOAN_TERM_DAYS - 5) if kind < 0.3 else dice.randint(_LOAN_TERM_DAYS, 3 * _YEAR_DAYS)
        taken, amount_fen = over - timedelta(days=back), dice.randint(10, 100) * 10_000
        if any(each.kind is EntryKind.PREMIUM_BY_LOAN for each in self.entries):
            return  # two loans at once: their interest would not be that of one
        self._add(EntryKind.LOAN, amount_fen, "loan 1", taken)
        if 0.3 <= kind < 0.9:
            self._repay(amount_fen, taken, taken + timedelta(days=dice.randint(20, _LOAN_TERM_DAYS - 10)), over)

    def _benefits(self, until: date, *, is_surrendered: bool) -> None:
        """Book what came due while it covered; what came due last waits to be fetched on every other policy."""
        dues = [each for each in self._benefit_days() if each[1] < until or (each[1] == until and not is_surrendered)]
        waits = self._dice.random() < 0.5
        for place, (kind, due, amount_fen) in enumerate(dues):
            event, paid = benefit_event(kind, due), due + timedelta(days=3)
            self._add(EntryKind.BENEFIT_DUE, amount_fen, event, due)
            if paid <= self._day and not (waits and place + 1 == len(dues)):
                self._add(EntryKind.BENEFIT_PAID, amount_fen, f"paid {event}", paid)
        if self._product == "fulu-endowment" and until == self.policy.effective_to < self._day:
            due = until + timedelta(days=1)
            self._add(EntryKind.BENEFIT_DUE, self.policy.sum_insured_fen, benefit_event("maturity", due), due)
            if due + timedelta(days=3) <= self._day:
                self._add(
                    EntryKind.BENEFIT_PAID, self.policy.sum_insured_fen, f"paid {benefit_event('maturity', due)}", due + timedelta(days=3)
                )

    def _benefit_days(self) -> Iterator[tuple[str, date, int]]:
        """List the survival benefits and annuities as policy/terms/ has them, oldest first."""
        start, insured_fen = self.policy.first_effective_from, self.policy.sum_insured_fen
        if self._product == "fulu-endowment":
            yield from (("survival", later(start, 12 * year), insured_fen // 10) for year in (3, 6, 9, 12))
        if self._product == "changqing-whole":
            yield from (("survival", later(start, 12 * year), insured_fen // 50) for year in range(5, 31))
        if self._product == "yinian-annuity":
            first = max(60 - _age_on(self._born, start), 1)
            months = (self._day.year - start.year + 1) * 12 - 12 * first
            yield from (("annuity", later(start, 12 * first + month), insured_fen // 120) for month in range(months))

    def _deposits(self, over: date) -> None:
        """Pay into a universal account once a year, for ten years, and take something out in the eighth."""
        start, yearly_fen = self.policy.first_effective_from, self._dice.randint(2, 40) * 100_000
        for year in range(10):
            on = later(start, 12 * year)
            if on <= over:
                self._add(EntryKind.ACCOUNT_PREMIUM, yearly_fen, f"deposit {on}", on)
                self._add(EntryKind.ACCOUNT_CHARGE, yearly_fen * (3 if year == 0 else 2 if year < 3 else 1) // 100, f"deposit {on}", on)
        taken = later(start, 12 * 7 + 4)
        if taken <= over:
            self._add(EntryKind.ACCOUNT_WITHDRAWAL, yearly_fen, f"withdrawal {taken}", taken)

    def _add(self, kind: EntryKind, amount_fen: int, event: str, on: date) -> None:
        if on <= self._day:
            self.entries.append(PolicyEntry(self._number, kind, amount_fen, event, on))


def later(day: date, months: int) -> date:
    """Give the same day, up to the 28th, some months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, day.day)


def _age_on(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
