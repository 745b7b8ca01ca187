"""The figures of the managers' page (管理看板), counted by the database; the claims behind each are those of storage/cohorts.py."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from storage import tables as t
from storage.cohorts import AGES, WITH_PEOPLE, Cohort, Figure, is_at_risk, is_first_of, is_of, of_decision, proposed_of
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
    within: dict[Cohort, Figure] = {each: Figure(each, since_ms, until_ms) for each in Cohort if each is not Cohort.WAITING}
    counts, decided, expected = _of_decisions(tx, within)
    times = _times_to_money(tx, within[Cohort.PAID], now)
    return Dashboard(
        counts={**counts, **_of_received(tx, within, now), Cohort.PAID: len(times), **_of_clocks(tx, now)},
        waiting=_waiting(tx, now),
        declined_by_clause=_by_clause(tx, within[Cohort.DECLINED]),
        decided_fen=decided,
        expected_fen=expected,
        median_ms=_time_of(times, 50),
        slowest_tenth_ms=_time_of(times, 90),
    )


def _of_decisions(tx: Transaction, within: Mapping[Cohort, Figure]) -> tuple[dict[Cohort, int], int, int]:
    """Count claims by their decisions of the period, and sum what was decided and what the rules had worked out, in fen."""
    counted = (Cohort.DECIDED, Cohort.STRAIGHT_THROUGH, Cohort.DECLINED, Cohort.CHANGED)
    counts = [func.count().filter(is_first_of(within[each])) for each in counted]
    sums = [func.coalesce(func.sum(each), 0) for each in (t.decision.c.amount_fen, proposed_of())]
    *found, decided, expected = tx.connection.execute(select(*counts, *sums).where(*of_decision(within[Cohort.DECIDED]))).one()
    return dict(zip(counted, found, strict=True)), int(decided), int(expected)


def _of_received(tx: Transaction, within: Mapping[Cohort, Figure], now: int) -> dict[Cohort, int]:
    counted = (Cohort.RECEIVED, Cohort.COMPLETE)
    counts = [func.count().filter(is_of(within[each], now)) for each in counted]
    received = select(*counts).select_from(t.claim).where(is_of(within[Cohort.RECEIVED], now))
    return dict(zip(counted, tx.connection.execute(received).one(), strict=True))


def _of_clocks(tx: Transaction, now: int) -> dict[Cohort, int]:
    missed = select(func.count()).select_from(t.claim).where(is_of(Figure(Cohort.MISSED), now))
    at_risk = select(func.count(t.clock.c.claim_id.distinct())).where(*is_at_risk(now))
    counts = tx.connection.execute(select(at_risk.scalar_subquery(), missed.scalar_subquery())).one()
    return dict(zip((Cohort.AT_RISK, Cohort.MISSED), counts, strict=True))


def _waiting(tx: Transaction, now: int) -> tuple[tuple[str, int], ...]:
    """Count those that wait by their age, in one look along the index of states."""
    of_age = [func.count().filter(is_of(Figure(Cohort.WAITING, detail=age), now)) for age in AGES]
    with_people = select(*of_age).select_from(t.claim).where(t.claim.c.state.in_(WITH_PEOPLE))
    return tuple(zip(AGES, tx.connection.execute(with_people).one(), strict=True))


def _by_clause(tx: Transaction, figure: Figure) -> tuple[tuple[str, int], ...]:
    d, count = t.decision.c, func.count(t.decision.c.claim_id.distinct())
    rows = select(d.clause, count).where(*of_decision(figure)).group_by(d.clause).order_by(count.desc(), d.clause).limit(_MOST_CLAUSES)
    return tuple((clause, found) for clause, found in tx.connection.execute(rows))


def _times_to_money(tx: Transaction, figure: Figure, now: int) -> list[int]:
    """List how long each claim of the period took to its first money, the quickest first."""
    took = select(t.claim.c.first_paid_ms - t.claim.c.created_ms).where(is_of(figure, now))
    return sorted(tx.connection.execute(took).scalars())


def _time_of(times: Sequence[int], percent: int) -> int | None:
    """Give the time that so many of a hundred had their money in: of the sorted times the one at that place, none between two."""
    return times[-(-len(times) * percent // 100) - 1] if times else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
