"""The figures of the managers' page (管理看板), counted by the database; the claims behind each are those of storage/cohorts.py."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from storage import tables as t
from storage.cohorts import AGES, Cohort, Figure, is_of, is_payment, of_decision
from storage.database import Transaction

_MOST_CLAUSES = 20


@dataclass(frozen=True)
class Dashboard:
    """What a period came to, and what stands now. A rate over nothing, and the time of no payment, is None."""

    counts: Mapping[Cohort, int]
    waiting: tuple[tuple[str, int], ...]  # age in days -> claims with people now
    declined_by_clause: tuple[tuple[str, int], ...]
    decided_fen: int  # of the decisions of the period
    expected_fen: int  # what the rules had worked out for them
    median_ms: int | None  # from the report to the money
    slowest_tenth_ms: int | None  # nine of ten had it by then

    @property
    def straight_through_rate(self) -> float | None:
        """The share of the decided that nobody had to look at."""
        return _share(self.counts[Cohort.STRAIGHT_THROUGH], self.counts[Cohort.DECIDED])

    @property
    def first_time_complete_rate(self) -> float | None:
        """The share of the received of which nothing had to be asked for."""
        return _share(self.counts[Cohort.COMPLETE], self.counts[Cohort.RECEIVED])

    @property
    def paid_to_expected(self) -> float | None:
        """What was decided, for each yuan that the rules had worked out."""
        return _share(self.decided_fen, self.expected_fen)


def dashboard_of(tx: Transaction, since_ms: int, until_ms: int) -> Dashboard:
    """Count a period, `until_ms` not included, and what stands now."""
    now = tx.now_ms()
    within = {each: Figure(each, since_ms, until_ms) for each in Cohort if each is not Cohort.WAITING}
    decided, expected = _sums(tx, within[Cohort.DECIDED])
    return Dashboard(
        counts={each: _count(tx, figure, now) for each, figure in within.items()},
        waiting=_waiting(tx, now),
        declined_by_clause=_by_clause(tx, within[Cohort.DECLINED]),
        decided_fen=decided,
        expected_fen=expected,
        median_ms=_time_to_money(tx, within[Cohort.PAID], now, 50),
        slowest_tenth_ms=_time_to_money(tx, within[Cohort.PAID], now, 90),
    )


def _count(tx: Transaction, figure: Figure, now: int) -> int:
    return int(tx.connection.execute(select(func.count()).select_from(t.claim).where(is_of(figure, now))).scalar_one())


def _waiting(tx: Transaction, now: int) -> tuple[tuple[str, int], ...]:
    of_age = [func.count().filter(is_of(Figure(Cohort.WAITING, detail=age), now)) for age in AGES]
    return tuple(zip(AGES, tx.connection.execute(select(*of_age).select_from(t.claim)).one(), strict=True))


def _sums(tx: Transaction, figure: Figure) -> tuple[int, int]:
    d, a = t.decision.c, t.adjudication.c
    both = t.decision.outerjoin(t.adjudication, (a.claim_id == d.claim_id) & (a.round == d.round))
    sums = select(func.coalesce(func.sum(d.amount_fen), 0), func.coalesce(func.sum(a.proposed_fen), 0)).select_from(both)
    decided, expected = tx.connection.execute(sums.where(*of_decision(figure))).one()
    return int(decided), int(expected)


def _by_clause(tx: Transaction, figure: Figure) -> tuple[tuple[str, int], ...]:
    d = t.decision.c
    count = func.count(d.claim_id.distinct())
    rows = select(d.clause, count).where(*of_decision(figure)).group_by(d.clause).order_by(count.desc(), d.clause).limit(_MOST_CLAUSES)
    return tuple((clause, found) for clause, found in tx.connection.execute(rows))


def _time_to_money(tx: Transaction, figure: Figure, now: int, percent: int) -> int | None:
    """Give the time that so many of a hundred had their money in: of the sorted times the one at that place, none between two."""
    times = _times(figure, now).subquery()
    count = tx.connection.execute(select(func.count()).select_from(times)).scalar_one()
    place = -(-count * percent // 100) - 1
    found = select(times.c.took_ms).order_by(times.c.took_ms).limit(1).offset(max(0, place))
    return tx.connection.execute(found).scalar_one_or_none()


def _times(figure: Figure, now: int) -> Select[tuple[int]]:
    c, entry = t.claim.c, t.ledger_entry.alias()  # another name than in the condition, which looks into the ledger, too
    took = (func.min(entry.c.booked_ms) - c.created_ms).label("took_ms")
    of_claim = t.claim.join(entry, entry.c.claim_id == c.claim_id)
    return select(took).select_from(of_claim).where(*is_payment(entry), is_of(figure, now)).group_by(c.claim_id, c.created_ms)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
