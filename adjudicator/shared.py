"""What a claim shares with others (关联要素): which phone, account, hospital … it is counted under, as keyed hashes."""

from collections.abc import Mapping, Sequence

from adjudicator.evidence import Evidence
from adjudicator.system import System
from domain.policy import Person, Policy
from domain.risk import EntityKind
from storage import registry
from storage.claims import ClaimRecord
from storage.database import Transaction
from storage.entities import key_of

_CATEGORY = 3  # characters of an ICD-10 code that name what kind of illness it is


def keys_of_claim(system: System, tx: Transaction, claim: ClaimRecord, evidence: Evidence) -> Mapping[EntityKind, str]:
    """Name the entities of a claim; what it does not tell is left out, and where it is paid to a hospital the account is nobody's.

    Its policies must be locked, and it must have learnt what its papers tell.
    """

    def find() -> Mapping[EntityKind, str]:
        insured = registry.find_person(tx, claim.insured_id)
        policies = registry.find_policies(tx, claim.policy_numbers, lock=True)
        return _keys(tx, claim, insured, policies, evidence, system.risk_personal)

    return tx.once(("entity keys", claim.claim_id, claim.version), find)


def _keys(
    tx: Transaction, claim: ClaimRecord, insured: Person | None, policies: Sequence[Policy], evidence: Evidence, personal: frozenset[str]
) -> Mapping[EntityKind, str]:
    agent = next((each.agent_id for each in policies if each.agent_id), "")
    hospital = claim.hospital_id or ""
    diagnosis = (evidence.diagnosis_icd10 or "")[:_CATEGORY].upper()
    told = {
        EntityKind.INSURED: claim.insured_id,
        EntityKind.PHONE: claim.reporter_phone_index,
        EntityKind.ACCOUNT: "" if claim.settlement_json else claim.payee_account_index,
        EntityKind.ADDRESS: insured.address_index if insured else "",
        EntityKind.DEVICE: claim.device_index,
        EntityKind.HOSPITAL: hospital,
        EntityKind.AGENT: agent,
        EntityKind.HOSPITAL_AGENT: f"{hospital} {agent}" if hospital and agent else "",
        EntityKind.HOSPITAL_DIAGNOSIS: f"{hospital} {diagnosis}" if hospital and diagnosis else "",
        EntityKind.DIAGNOSIS: diagnosis,
        EntityKind.REGION: insured.region_code if insured and "region" in personal else "",
    }
    return {kind: key_of(tx, kind, value) for kind, value in told.items() if value}
