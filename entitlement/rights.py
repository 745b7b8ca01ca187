"""Rights (权益): what a policy's entitlements allow on a day, and how much of them is left."""

from collections.abc import Sequence
from datetime import date

from domain.policy import Entitlement, Hospital, Policy
from storage import registry
from storage.database import Transaction


def open_entitlements(tx: Transaction, policies: Sequence[Policy], on: date) -> tuple[Entitlement, ...]:
    """List what the policies still entitle to on a day: valid, and not used up."""
    every = (each for policy in policies for each in registry.entitlements_of(tx, policy.policy_number, on))
    return tuple(each for each in every if each.allowed is None or each.used < each.allowed)


def may_settle_directly(policy: Policy, hospital: Hospital) -> bool:
    """Tell whether a hospital may settle with us at discharge (理赔直付): both sides have agreed to it."""
    return policy.direct_settlement and hospital.direct_settlement
