"""Everything of a policy that its figures come from: contract, terms, entries, state on a day. The base for looking and for doing.

A person's policies take four statements, however many they are.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from actuarial.standing import standing_on, standing_without_contract
from domain.contract import Contract, Holding, PolicyEntry, Standing
from domain.errors import NotFoundError
from domain.policy import Policy
from domain.terms import ProductTerms
from storage import policy_ledger, registry
from storage.database import Transaction

Terms = Mapping[str, ProductTerms]


def holdings_of_person(tx: Transaction, person_id: str, terms: Terms, day: date) -> tuple[Holding, ...]:
    """Give every policy in which a person is insured or policyholder, as of a day, by number."""
    policies = registry.policies_of(tx, person_id)
    contracts = policy_ledger.contracts_of(tx, [each.policy_number for each in policies])
    return _together(tx, policies, contracts, policy_ledger.entries_of(tx, list(contracts), day), terms, day)


def holdings_of(tx: Transaction, numbers: Collection[str], terms: Terms, day: date, *, lock: bool = False) -> tuple[Holding, ...]:
    """Give policies by number, as of a day; `lock` keeps every other transaction that locks them waiting until commit.

    Raises:
        NotFoundError: a number that no policy has.
    """
    policies = registry.find_policies(tx, sorted(set(numbers)), lock=lock)
    if missing := sorted(set(numbers) - {each.policy_number for each in policies}):
        raise NotFoundError(f"no policy {missing[0]}", "check the policy number")
    contracts = policy_ledger.contracts_of(tx, numbers)
    return _together(tx, policies, contracts, policy_ledger.entries_of(tx, list(contracts), day), terms, day)


def not_covering(tx: Transaction, policies: Sequence[Policy], terms: Terms, day: date) -> dict[str, Standing]:
    """Find those of some policies that by their entries do not cover on a day, with their states: lapsed, ended, not begun.

    Policies of which only the cover is known are never among them.
    """
    contracts = policy_ledger.contracts_of(tx, [each.policy_number for each in policies])
    entries = policy_ledger.entries_of(tx, list(contracts), day) if contracts else {}
    standings = {
        each.policy_number: standing_of(each, contracts[each.policy_number], terms.get(each.product), entries[each.policy_number], day)
        for each in policies
        if each.policy_number in contracts
    }
    return {number: standing for number, standing in standings.items() if not standing.is_covering}


def _together(
    tx: Transaction,
    policies: Sequence[Policy],
    contracts: Mapping[str, Contract],
    entries: Mapping[str, tuple[PolicyEntry, ...]],
    terms: Terms,
    day: date,
) -> tuple[Holding, ...]:
    insureds = registry.insureds_of(tx, {each.insured_id for each in policies})
    holdings = []
    for policy in policies:
        contract, of_product = contracts.get(policy.policy_number), terms.get(policy.product)
        moved, insured = entries.get(policy.policy_number, ()), insureds[policy.insured_id]
        standing = standing_of(policy, contract, of_product, moved, day)
        holdings.append(Holding(policy, contract, of_product, insured.name, insured.birth_date, moved, standing, day))
    return tuple(holdings)


def standing_of(
    policy: Policy, contract: Contract | None, terms: ProductTerms | None, entries: Sequence[PolicyEntry], day: date
) -> Standing:
    """Tell a policy's state on a day; by its days alone where no contract or no terms are known."""
    if contract is None or terms is None:
        return standing_without_contract(policy, day)
    return standing_on(policy, contract, terms, entries, day)
