"""Watching the risk model (模型监测): a chore writes its figures once a day, a week and a month; nobody has to remember it.

A day tells of its own claims. Weeks and months tell of claims old enough that findings about them are there: scored
at least sixty days before, over ninety days, because few frauds are found in one week.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from adjudicator.china_time import today
from adjudicator.system import System
from domain.china import china_midnight_ms
from domain.risk import SYNTHETIC
from riskmodel.histograms import Histogram, histograms_of
from riskmodel.model import RiskModel
from riskmodel.watching import Watched, calibration_figures, fairness_figures, inputs_figures
from storage.database import Transaction
from storage.risk_rows import ScoredRow, scored_between
from storage.risk_watch import Figures, add_figures, last_days

LABEL_DELAY_DAYS = 60
_WINDOW_DAYS = 90
_BEFORE_DAYS = 28  # of one's own past, where the model has no histograms of what it learnt from
_MOST = 20_000  # claims that a period is told of


def is_due(tx: Transaction) -> bool:
    """Tell whether a period has ended that nobody wrote figures of."""
    return bool(_due(tx))


def watch(system: System) -> int:
    """Write the figures of every period that has ended; gives how many."""
    with system.database.read() as tx:
        due = _due(tx)
        model = system.risk_model  # one and the same for all of them, whatever is promoted meanwhile
        written = [Figures(kind, until, _figures(model, tx, kind, until)) for kind, until in due.items()]
    if written:
        with system.database.write() as tx:
            for each in written:
                add_figures(tx, each)
    return len(written)


def _due(tx: Transaction) -> dict[str, date]:
    """Name the last day of the newest period of each kind that has ended and was not told of."""
    now, known = today(tx), last_days(tx)
    ended = {
        "day": now - timedelta(days=1),
        "week": now - timedelta(days=now.weekday() + 1),  # a Sunday
        "month": now.replace(day=1) - timedelta(days=1),
    }
    return {kind: until for kind, until in ended.items() if known.get(kind, date.min) < until}


def _figures(model: RiskModel, tx: Transaction, kind: str, until: date) -> dict[str, object]:
    told: dict[str, object] = {"model": model.model_hash[:12], "evidence": model.manifest.evidence}
    if kind == "day":
        return told | inputs_figures(_between(model, tx, until, until), _reference(model, tx, until))
    last = until - timedelta(days=LABEL_DELAY_DAYS)
    mature = _between(model, tx, last - timedelta(days=_WINDOW_DAYS - 1), last)
    if kind == "month":
        return told | fairness_figures(mature)
    figures = calibration_figures(mature)
    if model.manifest.evidence == SYNTHETIC:  # what was told are no probabilities
        figures = {name: value for name, value in figures.items() if name not in ("frauds_told", "calibration_error")}
    return told | figures


def _between(model: RiskModel, tx: Transaction, first: date, last: date) -> Sequence[Watched]:
    """Give the claims that the model in force scored from the first day to the last, both included."""
    found = scored_between(tx, china_midnight_ms(first), china_midnight_ms(last + timedelta(days=1)), _MOST)
    return [_watched(model, each) for each in found if each.model_hash == model.model_hash]


def _watched(model: RiskModel, scored: ScoredRow) -> Watched:
    return Watched(
        scored.row,
        scored.probability,
        model.policy.band(scored.probability, scored.amount_fen, model.manifest.evidence),
        bool(scored.is_fraud),
        scored.audit_inclusion,
        scored.audit_drawn,
        scored.challenger_probability,
        is_settled=scored.is_fraud is not None or scored.is_decided_by_person,
    )


def _reference(model: RiskModel, tx: Transaction, until: date) -> Mapping[str, Histogram]:
    """Give what the inputs are held against: what the model learnt from, or else one's own four weeks before."""
    if model.histograms:
        return model.histograms
    before = _between(model, tx, until - timedelta(days=_BEFORE_DAYS), until - timedelta(days=1))
    if not before:
        return {}
    names = model.manifest.features
    rows = [each.row for each in before if all(name in each.row for name in names)]
    return histograms_of(rows, names, [each.probability for each in before]) if rows else {}
