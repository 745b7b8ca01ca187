"""Who plays in a scenario: an insured with policies, a phone, an account and a device, different in every round."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from domain.policy import Person, Policy
from sandbox.medical_base import AGENTS
from sandbox.numbers import account_number, id_number, phone

BANK_NAME = "示例银行"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗"
_SLOTS_PER_ROUND = 100
_SUMS_INSURED_FEN = {
    "anxin-inpatient": 200_000_000,
    "ankang-cash": 3_600_000,
    "zhifu-direct": 100_000_000,
}  # a year, as the policy prints it


@dataclass(frozen=True)
class Member:
    """An insured person with all that belongs to them."""

    person: Person
    policies: tuple[Policy, ...]
    account_number: str
    device_id: str

    @property
    def sex(self) -> str:
        """The 17th digit of the ID number is odd for men."""
        return "男" if int(self.person.id_number[16]) % 2 else "女"

    def age_on(self, day: date) -> int:
        """Count the full years lived."""
        return self.person.age_on(day)


def serial_of(slot: int, round_number: int) -> int:
    """Number the players of all rounds: a slot is a part in the play, a round is one performance of it."""
    return round_number * _SLOTS_PER_ROUND + slot


def cast_member(slot: int, round_number: int, given_name: str, born: date, *policies: Policy) -> Member:
    """Fill a part: the policies are given with their terms only, and here get number, insured and agent.

    In later rounds the surname, the birth date and every number differ; the terms stay.
    """
    serial = serial_of(slot, round_number)
    birth_date = born + timedelta(days=round_number)
    person = Person(
        person_id=f"C99{serial:06d}",
        name=_SURNAMES[(slot + round_number) % len(_SURNAMES)] + given_name,
        id_number=id_number(birth_date, slot * 5 % 1000),
        birth_date=birth_date,
        phone=phone(serial),
        has_social_insurance=True,
    )
    agent = AGENTS[slot % len(AGENTS)]
    signed = tuple(
        replace(
            terms,
            policy_number=f"P99{serial:06d}{place}",
            insured_id=person.person_id,
            policyholder_id=person.person_id,
            agent_id=agent.agent_id,
        )
        for place, terms in enumerate(policies, 1)
    )
    return Member(person, signed, account_number(serial), f"device-99{serial:06d}")


def terms(product: str, plan: str, effective_from: date, *, years_before: int = 0) -> Policy:
    """Write one policy year of a product, not yet anybody's; `years_before` were renewed without a gap."""
    return Policy(
        policy_number="",
        insured_id="",
        policyholder_id="",
        product=product,
        plan=plan,
        effective_from=effective_from,
        effective_to=effective_from.replace(year=effective_from.year + 1) - timedelta(days=1),
        first_effective_from=effective_from.replace(year=effective_from.year - years_before),
        sum_insured_fen=_SUMS_INSURED_FEN[product],
        direct_settlement=product == "zhifu-direct",
    )
