"""Audits tell how much fraud went through: right on the mean, within the interval as often as it says, better than drawn alike."""

import math
from dataclasses import replace

import numpy as np
import pytest

from riskmodel.audits import Audit, estimate_missed, estimate_missed_fen
from riskmodel.policy import Policy, spread_of

CLAIMS, RATE, ROUNDS = 20_000, 0.05, 400


def simulate(*, stratified: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:  # type: ignore[type-arg]
    """Draw portfolios and audits of them; gives what was estimated, the truth, and whether the interval held it."""
    random = np.random.default_rng(11)
    told = random.beta(0.4, 20, CLAIMS)
    policy = replace(Policy(0.08, 0.35), audit_spread=spread_of(told.tolist()))
    inclusion = np.array([policy.audit_inclusion(each, RATE) for each in told])
    inclusion = inclusion if stratified else np.full(CLAIMS, inclusion.mean())
    estimates, truths, held = [], [], []
    for _ in range(ROUNDS):
        is_fraud, drawn = random.random(CLAIMS) < told, random.random(CLAIMS) < inclusion
        found = estimate_missed([Audit(inclusion[each], bool(is_fraud[each])) for each in np.flatnonzero(drawn).tolist()])
        truth = int(is_fraud.sum())
        estimates.append(found.value)
        truths.append(truth)
        held.append(found.low <= truth <= found.high)
    return np.array(estimates), np.array(truths), np.array(held)


def test_the_estimate_is_right_on_the_mean_and_its_interval_holds_as_often_as_it_says_and_stratifying_makes_it_better() -> None:
    estimates, truths, held = simulate(stratified=True)
    assert estimates.mean() == pytest.approx(truths.mean(), rel=0.02)
    assert 0.93 <= held.mean() <= 0.995
    alike, truths_alike, _ = simulate(stratified=False)
    error, error_alike = np.sqrt(((estimates - truths) ** 2).mean()), np.sqrt(((alike - truths_alike) ** 2).mean())
    assert error < 0.8 * error_alike


def test_no_fraud_among_a_hundred_audits_of_two_percent_leaves_room_for_185() -> None:
    found = estimate_missed([Audit(0.02, is_fraud=False)] * 100)
    assert (found.value, found.low) == (0, 0)
    assert found.high == pytest.approx(50 * 3.69, rel=0.01)  # the Poisson bound for none


def test_one_fraud_stands_for_as_many_as_were_not_drawn_and_its_money_too() -> None:
    audits = [Audit(0.1, is_fraud=True, amount_fen=500), Audit(0.5, is_fraud=False, amount_fen=900)]
    assert estimate_missed(audits).value == 10
    assert estimate_missed_fen(audits).value == 5_000


def test_audits_that_are_not_settled_yet_are_taken_to_be_like_the_others() -> None:
    assert estimate_missed([Audit(0.1, is_fraud=True)], seen_share=0.5).value == 20


def test_without_audits_anything_may_be() -> None:
    assert estimate_missed([]).high == math.inf
