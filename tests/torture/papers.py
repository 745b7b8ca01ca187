"""Insureds by number, each with a policy of their own and two stays in hospital, sent in with electronic papers.

A sheet is drawn once and its words are changed for each insured, so that a thousand claims are written in a second or two.
"""

from copy import copy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from domain.money import parse_fen
from domain.policy import Person
from sandbox.app_claim import id_card_of, stay_claim
from sandbox.cast import Member, terms
from sandbox.electronic.e_invoice import write_fiscal_xml
from sandbox.electronic.habits import Habits
from sandbox.electronic.pdf import write_pdf
from sandbox.medical_base import AGENTS, FIRST_HOSPITAL, HOSPITALS
from sandbox.numbers import account_number, id_number, phone
from sandbox.portfolio import Portfolio
from sandbox.sheet import Sheet
from sandbox.stay import APPENDICITIS, GALLSTONES, Stay, charge

PRODUCT = "anxin-inpatient"
CLAIMS_EACH = 2  # of one insured, under one policy: they share its yearly deductible
DEDUCTIBLE_FEN = parse_fen("8000.00")
_OF_ONE_BIRTHDAY = 500
_SIGNED_EACH, _SIGNATURE_BYTES = 3, 33_000  # so that every third invoice is a file of its own, and not a part of its row
_BIRTH = date(1988, 3, 14)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
_GIVEN = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
# The bill of 28,503.62 less 9,000.00 of social insurance is 19,503.62, and five days beyond the third bring 500.00: together
# 20,003.62, of which whichever stay is worked out first bears the deductible.
_GIVEN_FEN = parse_fen("20003.62")
_STAYS = ((date(2026, 5, 4), date(2026, 5, 12), APPENDICITIS), (date(2026, 8, 15), date(2026, 8, 23), GALLSTONES))


@dataclass(frozen=True)
class Paper:
    """A file to upload."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Sent:
    """A claim as the app sends it."""

    payload: dict[str, Any]
    papers: tuple[Paper, ...]

    @property
    def ref(self) -> str:
        return str(self.payload["external_ref"])


def paid_to_insured_fen(claims: int) -> int:
    """Tell what one insured gets in all for that many of the two stays, whichever comes first."""
    return claims * _GIVEN_FEN - DEDUCTIBLE_FEN if claims else 0


def insured_of(number: int) -> int:
    """Tell whose claim it is."""
    return number // CLAIMS_EACH


def portfolio_of(claims: int) -> Portfolio:
    """Give everybody whom that many claims need."""
    members = [member_of(number) for number in range(insured_of(claims - 1) + 1)]
    return Portfolio(
        persons=tuple(each.person for each in members),
        policies=tuple(policy for each in members for policy in each.policies),
        hospitals=HOSPITALS,
        agents=AGENTS,
        entitlements=(),
    )


def member_of(number: int) -> Member:
    """Give an insured: name, ID number, telephone, account and device are nobody else's."""
    size = len(_GIVEN)
    name = _SURNAMES[number % 20] + _GIVEN[number // 20 % size] + _GIVEN[number // 20 // size % size]
    born = _BIRTH.replace(year=_BIRTH.year + number // _OF_ONE_BIRTHDAY)
    # An even number, a woman's: sex and birthday are printed too, and must be those of the sheet that was drawn.
    person = Person(f"T{number:06}", name, id_number(born, number % _OF_ONE_BIRTHDAY * 2), born, phone(number), has_social_insurance=True)
    policy = replace(
        terms(PRODUCT, "标准版", date(2026, 2, 1), years_before=1),
        policy_number=f"TP{number:06}",
        insured_id=person.person_id,
        policyholder_id=person.person_id,
        agent_id=AGENTS[number % len(AGENTS)].agent_id,
    )
    return Member(person, (policy,), account_number(number), f"device-{number:06}")


def claim_of(number: int) -> Sent:
    """Write the claim of that number: its payload, an e-invoice as XML, and summary and identity card as PDF."""
    stay = _stay_of(number)
    ref = f"T-{number:06}"
    signature = b"<!--" + b"s" * _SIGNATURE_BYTES + b"-->" if number % _SIGNED_EACH == 0 else b""
    invoice = Paper("invoice.xml", write_fiscal_xml(stay.invoice()) + signature, "application/xml")
    like = insured_of(number) // _OF_ONE_BIRTHDAY * _OF_ONE_BIRTHDAY * CLAIMS_EACH + number % CLAIMS_EACH  # of the same birthday
    summary = Paper("summary.pdf", _changed(_summary_sheet(like), like, number), "application/pdf")
    card = Paper("id-card.pdf", _changed(_card_sheet(like), like, number), "application/pdf")
    return Sent(stay_claim(stay, ref, "因病住院，现申请理赔。"), (invoice, summary, card))


def _stay_of(number: int) -> Stay:
    admitted, discharged, illness = _STAYS[number % CLAIMS_EACH]
    charges = (
        charge("床位费", "甲", "640.00"), charge("诊查费", "甲", "240.00"), charge("检查费", "乙", "2150.00"),
        charge("化验费", "甲", "1680.50"), charge("治疗费", "乙", "3200.00"), charge("手术费", "甲", "8800.00"),
        charge("护理费", "甲", "360.00"), charge("西药费", "乙", "7310.12"), charge("卫生材料费", "乙", "4123.00"),
    )  # fmt: skip
    social_fen = parse_fen("9000.00")
    return Stay(member_of(insured_of(number)), FIRST_HOSPITAL, admitted, discharged, illness, charges, social_fen, number)


@cache
def _summary_sheet(number: int) -> Sheet:
    return _stay_of(number).summary().draw()


@cache
def _card_sheet(number: int) -> Sheet:
    return id_card_of(member_of(insured_of(number))).draw()


def _changed(drawn: Sheet, drawn_for: int, number: int) -> bytes:
    """Write a sheet of one insured as another's: what names a person is as long for everybody."""
    first, other = member_of(insured_of(drawn_for)).person, member_of(insured_of(number)).person
    sheet = copy(drawn)
    sheet.pieces = [
        replace(each, text=each.text.replace(first.name, other.name).replace(first.id_number, other.id_number)) for each in drawn.pieces
    ]
    return write_pdf([sheet], Habits())
