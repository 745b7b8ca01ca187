"""Rings of fraud planted in a simulated portfolio: what features of sharing add to a score. `python -m bench.risk_rings`.

Everything here is simulated, rings and labels too: the lift tells that the counters carry what a ring leaves behind, and
how it grows with the share of rings that is found out. It is no performance on real claims, and none is to be quoted.

A ring is a handful of insureds who take turns with few phones, accounts and devices, at one or two hospitals, some through
one agent; its amounts, tenures and papers are drawn as everybody's are, so that nothing but what it shares gives it away
(printed: the AUC of those alone, which must be about one half). Opportunists cheat alone. Honest families share, too, and
counters of brokers are shared by hundreds. Rows are made by the production counters, one claim after another; a ring that
is found out is found thirty days later. Learnt from the first two thirds in time, examined on the last.
"""

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from domain.claim import Channel
from domain.decision import Actor
from domain.policy import Person
from domain.risk import Band, EntityKind, FeatureRow, RiskScore
from domain.states import ClaimState
from riskmodel.evaluation.measures import Scored, difference, measure
from riskmodel.evaluation.shapes import Trees, grow_trees
from riskmodel.facts import RiskFacts, shared_facts
from riskmodel.features import FEATURES, feature_row
from storage import claims, decisions, entities, registry, risk_labels
from storage.claims import NewClaim
from storage.crypto import FieldCipher
from storage.database import Database, Transaction
from storage.decisions import Scoring
from storage.migrate import upgrade

K = EntityKind
_FIRST = date(2024, 1, 1)
_DAYS = 540
_FOUND_AFTER_DAYS = 30
_DAY_MS = 86_400_000
_HOSPITALS, _AGENTS = 60, 300
_ACTOR = Actor("bench", "system")
_NO_SCORE = RiskScore(0.0, 0, Band.LOW, (), "", "")
_SHARING = tuple(each.name for each in FEATURES if each.source == "counters" and each.name != "claimed_to_usual")
_OWN = tuple(each.name for each in FEATURES if each.source != "counters" and not each.personal)


@dataclass(frozen=True)
class Simulated:
    """One claim of the portfolio."""

    day: int
    person: int
    told: dict[K, str]
    facts: RiskFacts
    is_fraud: bool
    is_ring: bool


def main() -> None:
    """Print the lift for some shares of rings that are found out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--claims", type=int, default=12_000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    print(f"SIMULATED portfolio, {chosen.claims} claims, planted rings; no figure here is performance on real claims")
    for found in (0.0, 0.25, 0.5, 0.9):
        _report(chosen.claims, found, chosen.seed)


def _report(count: int, found_share: float, seed: int) -> None:
    portfolio = list(_portfolio(count, random.Random(seed)))
    rows, known = _scored(portfolio, found_share, random.Random(seed + 1))
    later = np.array([each.day >= _DAYS * 2 // 3 for each in portfolio])
    labels = np.array([int(each.is_fraud) for each in portfolio])
    learn, examine = np.flatnonzero(~later), np.flatnonzero(later)
    taught = np.array([int(each) for each in known])
    if found_share == 0:
        rings = np.array([int(each.is_ring) for each in portfolio])
        apart = _learn(rows, ("claimed_fen", "policy_age_days", "report_lag_days", "document_doubts"), rings, learn, examine, seed)
        auc = measure([Scored(np.arange(len(examine)), rings[examine], apart)], len(examine), seed)["auc"]
        print(f"  amount, tenure, lag and papers alone tell rings with an AUC of {auc.value:.3f}: no leak where it is about .5")  # type: ignore[union-attr]
        return
    told = {
        name: [Scored(np.arange(len(examine)), labels[examine], _learn(rows, names, taught, learn, examine, seed))]
        for name, names in (("own", _OWN), ("with", (*_OWN, *_SHARING)))
    }
    figures = {name: measure(parts, len(examine), seed) for name, parts in told.items()}
    lift = difference(told["with"], told["own"], len(examine), seed)
    auc, precision = ({name: each[figure].value for name, each in figures.items()} for figure in ("auc", "average_precision"))  # type: ignore[union-attr]
    print(
        f"  {found_share:.0%} of frauds found out ({int(taught[learn].sum())} to learn from, {int(labels[examine].sum())} examined): "
        f"AUC {auc['own']:.3f} -> {auc['with']:.3f} ({lift.value:+.3f}, {lift.low:+.3f} to {lift.high:+.3f}), "
        f"average precision {precision['own']:.3f} -> {precision['with']:.3f}"
    )


def _learn(
    rows: list[FeatureRow], names: tuple[str, ...], taught: npt.NDArray[np.int64], learn: npt.NDArray[np.int64],
    examine: npt.NDArray[np.int64], seed: int,
) -> npt.NDArray[np.float64]:  # fmt: skip
    matrix = np.array([[row[name] for name in names] for row in rows])
    return grow_trees(matrix[learn], taught[learn], matrix[examine], Trees(splits=600, rows_in_leaf=20), 6, seed)


def _scored(portfolio: list[Simulated], found_share: float, chance: random.Random) -> tuple[list[FeatureRow], list[bool]]:
    """Score the claims in the order of their days with the production counters; gives their rows, and which frauds were found out."""
    with tempfile.TemporaryDirectory() as folder:
        moment = [0]
        database = Database(f"sqlite:///{Path(folder) / 'claims.db'}", FieldCipher(bytes(range(64))), lambda: moment[0])
        upgrade(database)
        with database.write() as tx:
            born = date(1990, 1, 1)
            registry.save_people(tx, [Person(f"I{n}", f"示例{n}", f"99{n:016}", born) for n in {each.person for each in portfolio}])
        rows, known, due = [], [], []
        for day in range(_DAYS):
            moment[0] = day * _DAY_MS
            with database.write() as tx:
                for claim_id in [claim_id for at, claim_id in due if at == day]:
                    risk_labels.add_label(tx, claim_id, True, _FIRST, _ACTOR)
                for number, each in [pair for pair in enumerate(portfolio) if pair[1].day == day]:
                    claim_id = f"C{number}"
                    rows.append(_score(tx, claim_id, each))
                    known.append(each.is_fraud and chance.random() < found_share)
                    if known[-1]:
                        due.append((day + _FOUND_AFTER_DAYS, claim_id))
        database.close()
    return rows, known


def _score(tx: Transaction, claim_id: str, each: Simulated) -> FeatureRow:
    claims.add_claim(
        tx,
        NewClaim(
            claim_id, Channel.APP, claim_id, "0" * 64, ClaimState.SUBMITTED, f"I{each.person}", (), None, None, "", "", "", None, ""
        ),
        _ACTOR,
    )  # fmt: skip
    keys = {kind: entities.key_of(tx, kind, value) for kind, value in each.told.items()}
    met = entities.meet(tx, claim_id, keys, each.facts.claimed_fen)
    facts = replace(each.facts, **shared_facts(met.shared))  # type: ignore[arg-type]
    row = feature_row(facts)
    scoring = Scoring({}, 0.0, met.known_json)
    decisions.save_risk_row(tx, claim_id, 1, scoring, _NO_SCORE)
    return row


def _portfolio(count: int, chance: random.Random) -> Iterator[Simulated]:
    """Draw claims in the order of their days: honest ones, opportunists alone, rings together."""
    rings = [_ring(number, chance) for number in range(max(6, count // 300))]
    drawn = []
    for _ in range(count):
        kind, day = chance.random(), chance.randrange(_DAYS)
        if kind < 0.025:
            ring = chance.choice(rings)
            drawn.append(_of_ring(ring, day, chance))
        else:
            drawn.append(_alone(day, chance.randrange(count), chance, is_fraud=kind < 0.035))
    yield from sorted(drawn, key=lambda each: each.day)


@dataclass(frozen=True)
class _Ring:
    people: tuple[int, ...]
    phones: tuple[str, ...]
    accounts: tuple[str, ...]
    devices: tuple[str, ...]
    hospitals: tuple[str, ...]
    agent: str


def _ring(number: int, chance: random.Random) -> _Ring:
    people = tuple(1_000_000 + 100 * number + each for each in range(chance.randrange(4, 12)))
    some = chance.randrange(1, 4)
    return _Ring(
        people,
        tuple(f"ring {number} phone {each}" for each in range(some + 1)),
        tuple(f"ring {number} account {each}" for each in range(some)),
        tuple(f"ring {number} device {each}" for each in range(some)),
        tuple(str(chance.randrange(_HOSPITALS)) for _ in range(2)),
        str(chance.randrange(_AGENTS)),
    )


def _of_ring(ring: _Ring, day: int, chance: random.Random) -> Simulated:
    """A claim of a ring: careful about half the time, when it uses a phone and an account of its own."""
    person = chance.choice(ring.people)
    careful = chance.random() < 0.4
    own = f"person {person}"
    told = _told(person, day, chance)
    told |= {K.HOSPITAL: chance.choice(ring.hospitals), K.AGENT: ring.agent if chance.random() < 0.5 else told[K.AGENT]}
    told |= {K.PHONE: own if careful else chance.choice(ring.phones), K.ACCOUNT: own if careful else chance.choice(ring.accounts)}
    told |= {K.DEVICE: own if chance.random() < 0.5 else chance.choice(ring.devices)}
    return Simulated(day, person, _pairs(told), _facts(day, chance), is_fraud=True, is_ring=True)


def _alone(day: int, person: int, chance: random.Random, *, is_fraud: bool) -> Simulated:
    facts = _facts(day, chance)
    if is_fraud:  # more on paper than there was, and papers that contradict each other
        facts = replace(facts, claimed_fen=facts.claimed_fen * 2, document_doubts=facts.document_doubts + chance.randrange(2))
    return Simulated(day, person, _pairs(_told(person, day, chance)), facts, is_fraud=is_fraud, is_ring=False)


def _told(person: int, day: int, chance: random.Random) -> dict[K, str]:
    """What an honest claim tells: families share a phone, some report at a broker's counter, accounts change now and then."""
    family = f"family {person // 3}"
    phone = f"broker {chance.randrange(5)}" if chance.random() < 0.03 else family if chance.random() < 0.5 else f"person {person}"
    account = family if chance.random() < 0.15 else f"person {person} {day // 400}"
    device = f"broker {chance.randrange(5)}" if chance.random() < 0.05 else family
    hospital = str(min(_HOSPITALS - 1, int(chance.expovariate(0.06))))
    told = {K.INSURED: str(person), K.PHONE: phone, K.ACCOUNT: account, K.DEVICE: device}
    return told | {K.HOSPITAL: hospital, K.AGENT: str(chance.randrange(_AGENTS))}


def _pairs(told: dict[K, str]) -> dict[K, str]:
    return told | {K.HOSPITAL_AGENT: f"{told[K.HOSPITAL]} {told[K.AGENT]}"}


def _facts(day: int, chance: random.Random) -> RiskFacts:
    """Amount, tenure, lag and papers: drawn alike for everybody."""
    lost = _FIRST + timedelta(days=day)
    claimed = round(100 * min(chance.lognormvariate(9.2, 0.9), 500_000))
    return RiskFacts(
        claimed_fen=claimed,
        payable_fen=claimed * chance.randrange(50, 100) // 100,
        sum_insured_fen=20_000_000,
        loss_date=lost,
        report_date=lost + timedelta(days=int(chance.expovariate(1 / 12))),
        policy_effective_from=lost - timedelta(days=31 + int(chance.expovariate(1 / 600))),
        inpatient_days=1 + int(chance.expovariate(1 / 7)),
        payee_is_insured=chance.random() > 0.08,
        document_doubts=chance.choices((0, 1, 2), (90, 9, 1))[0],
    )


if __name__ == "__main__":
    main()
