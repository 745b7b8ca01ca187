"""Promoting (模型上线): a model that one person proposes, with what it was compared by, and another puts in force.

Running processes take it over by themselves (adjudicator/serving.py); every score names the model it came from.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from adjudicator.china_time import today
from adjudicator.people import actor_of, check_role
from adjudicator.serving import load_in_force
from domain.errors import ConflictError, NotAllowedError
from riskmodel.model import load_model
from riskmodel.training.comparing import Comparison, compare
from riskmodel.training.snapshots import Finding, Learnable, Snapshot, learnable_on, together
from storage import risk_releases
from storage.access import Staff
from storage.database import Database, Transaction
from storage.risk_labels import iter_labels
from storage.risk_rows import iter_first_rows

PROMOTERS = ("actuary",)
LABEL_DELAY_DAYS = 60


@dataclass(frozen=True)
class Promotion:
    """What a signature came to."""

    model_hash: str
    is_in_force: bool
    comparison: Comparison | None  # None for the second signature


def promote(database: Database, default: Path, folder: Path, staff: Staff, reason: str = "") -> Promotion:
    """Sign a model: as the first of two, when nobody has proposed it, or else as the second.

    `default` is the folder that counts while nothing was promoted. Without proof that it ranks better (a paired bootstrap on
    stored rows and labels that neither model learnt from) the first signature takes a reason: a new policy, the end of a drift.

    Raises:
        ModelError: the folder cannot be loaded.
        NotAllowedError: a role that promotes nothing, or the person who proposed it.
        ConflictError: it is in force already, or nothing proves that it is better and no reason is given.
    """
    check_role(staff, PROMOTERS)
    model, champion = load_model(folder), load_in_force(database, default).model
    if model.model_hash == champion.model_hash:
        raise ConflictError(f"model {model.model_hash[:12]} is in force already", "promote another folder")
    with database.read() as tx:
        proposal = risk_releases.waiting(tx, model.model_hash)
        comparison = None if proposal else compare(champion, model, claims_known(tx))
    if proposal and proposal.actor == staff.user_name:
        told = f"{staff.user_name} proposed model {model.model_hash[:12]} and cannot be its second person, too"
        raise NotAllowedError(told, f"let somebody else sign: risk promote {folder} --as NAME")
    if comparison and not comparison.is_better and not reason.strip():
        raise ConflictError(tell_comparison(comparison), "train on more, or say with --reason why it should serve all the same")
    told = json.dumps({"claims": comparison.claims, "frauds": comparison.frauds, "gain": _gain(comparison)}) if comparison else "{}"
    with database.write() as tx:
        if risk_releases.waiting(tx, model.model_hash) != proposal:
            raise ConflictError(f"model {model.model_hash[:12]} was signed in between", "look again: risk status")
        number = proposal.seq if proposal else None
        risk_releases.add_release(tx, model.model_hash, str(folder.resolve()), told, reason.strip(), actor_of(staff), number)
    return Promotion(model.model_hash, proposal is not None, comparison)


def claims_known(tx: Transaction) -> list[Learnable]:
    """Give the claims that are old enough to be known, with what they turned out to be."""
    register = together((each.claim_id, Finding(each.is_fraud, each.known_on)) for each in iter_labels(tx))
    return learnable_on(today(tx), LABEL_DELAY_DAYS, (Snapshot(*each) for each in iter_first_rows(tx)), register)


def tell_comparison(comparison: Comparison) -> str:
    """Say what a comparison came to."""
    on = f"on {comparison.claims} claims that neither model learnt from, {comparison.frauds} of them fraud"
    if comparison.gain is None:
        return f"nothing proves that the model ranks better: {on}, are too few to tell"
    gain = comparison.gain
    verdict = "the model ranks better" if comparison.is_better else "nothing proves that the model ranks better"
    if gain.high < 0:
        verdict = "the model ranks worse"
    return f"{verdict}: {gain.value:+.3f} AUC ({gain.low:+.3f} to {gain.high:+.3f}) {on}"


def _gain(comparison: Comparison) -> list[float] | None:
    gain = comparison.gain
    return None if gain is None else [round(each, 6) for each in (gain.value, gain.low, gain.high)]
