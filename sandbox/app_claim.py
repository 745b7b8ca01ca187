"""What the insurer's app sends: the claim as JSON and the photographs beside it."""

import zlib
from typing import Any

from sandbox.cast import BANK_NAME, Member
from sandbox.pages.bank_card import BankCard
from sandbox.pages.id_card import IdCard
from sandbox.photograph import Level
from sandbox.render import PageSpec
from sandbox.scenario import Photograph
from sandbox.stay import Stay


def stay_claim(stay: Stay, external_ref: str, narrative: str, **changes: Any) -> dict[str, Any]:
    """Write the claim for a stay in hospital by illness; `changes` replace single entries."""
    return illness_claim(stay.member, stay.admission_date.isoformat(), external_ref, narrative, **changes)


def illness_claim(member: Member, loss_date: str, external_ref: str, narrative: str, **changes: Any) -> dict[str, Any]:
    """Write a claim of the insured, reported and to be paid to themselves, under all their policies."""
    person = member.person
    return {
        "external_ref": external_ref,
        "insured": {"id_number": person.id_number},
        "policy_numbers": [],
        "loss_date": loss_date,
        "loss_cause": "疾病",
        "narrative": narrative,
        "reporter": {"name": person.name, "phone": person.phone},
        "payee": {"holder": person.name, "account_number": member.account_number, "bank_name": BANK_NAME},
        "device_id": member.device_id,
    } | changes


def take_of(filename: str, page: PageSpec, external_ref: str, level: Level = Level.GOOD) -> Photograph:
    """Plan a photograph; another claim's photograph of the same page is another picture."""
    return Photograph(filename, page, level, seed=zlib.crc32(f"{external_ref}/{filename}".encode()))


def id_card_of(member: Member) -> IdCard:
    """Print the insured's identity card."""
    return IdCard(member.person.name, member.person.id_number)


def bank_card_of(member: Member) -> BankCard:
    """Print the insured's bank card."""
    return BankCard(member.account_number, BANK_NAME, member.person.name)


def usual_photographs(stay: Stay, external_ref: str, level: Level = Level.GOOD) -> tuple[Photograph, ...]:
    """Plan the three pictures that a claim for a stay needs: invoice, discharge summary, identity card."""
    return (
        take_of("invoice.jpg", stay.invoice(), external_ref, level),
        take_of("discharge-summary.jpg", stay.summary(), external_ref, level),
        take_of("id-card.jpg", id_card_of(stay.member), external_ref, level),
    )
