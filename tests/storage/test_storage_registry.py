"""People, policies, hospitals, agents, entitlements: saved, brought up to date, found by what a caller knows."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from storage_samples import AGENT, HOSPITAL, OTHER_HOSPITAL, person, policy, save_world

from domain.claim import PersonClue
from domain.errors import InputError
from domain.policy import Entitlement
from storage import registry
from storage.database import Database


@pytest.fixture
def stocked(database: Database) -> Database:
    with database.write() as tx:
        save_world(tx, 3)
    return database


@pytest.mark.parametrize("has_social_insurance", [True, False, None])
def test_a_person_comes_back_as_they_were_saved(stocked: Database, has_social_insurance: bool | None) -> None:
    somebody = person(9, has_social_insurance=has_social_insurance, phone="")
    with stocked.write() as tx:
        registry.save_people(tx, [somebody])
        assert registry.find_person(tx, "I9") == somebody


def test_saving_a_person_again_brings_them_up_to_date(stocked: Database) -> None:
    moved = person(1, phone="19900005678")
    with stocked.write() as tx:
        registry.save_people(tx, [moved])
        assert registry.find_person(tx, "I1") == moved


def test_two_people_cannot_have_one_id_number(stocked: Database) -> None:
    with pytest.raises(IntegrityError), stocked.write() as tx:
        registry.save_people(tx, [replace(person(1), person_id="I99")])


ID_1, ID_2 = person(1).id_number, person(2).id_number


@pytest.mark.parametrize(
    ("clue", "found"),
    [
        (PersonClue(id_number=ID_2), ["I2"]),
        (PersonClue(id_number=f" {ID_2[:6]} {ID_2[6:].lower()} "), ["I2"]),
        (PersonClue(policy_number="P1"), ["I1"]),
        (PersonClue(name="示例3", birth_date=date(1990, 1, 1)), ["I3"]),
        (PersonClue(birth_date=date(1990, 1, 1)), ["I1", "I2", "I3"]),
        (PersonClue(name="示例3", birth_date=date(1990, 1, 2)), []),
        (PersonClue(id_number=ID_2, name="示例1"), []),  # all parts must agree
        (PersonClue(id_number=ID_1, policy_number="P1", name="示例1"), ["I1"]),
        (PersonClue(id_number="990101199001019999"), []),
        (PersonClue(policy_number="P404"), []),
        (PersonClue(), []),
    ],
)
def test_people_are_found_by_all_that_a_clue_gives(stocked: Database, clue: PersonClue, found: list[str]) -> None:
    with stocked.read() as tx:
        assert [each.person_id for each in registry.find_people(tx, clue)] == found


@pytest.mark.parametrize("agent_id", ["A1", ""])
def test_a_policy_comes_back_as_it_was_saved_sold_by_an_agent_or_by_nobody(stocked: Database, agent_id: str) -> None:
    wanted = policy(2, insured=2, agent_id=agent_id, sum_insured_fen=10**13, direct_settlement=True)
    with stocked.write() as tx:
        registry.save_policies(tx, [wanted])
        assert registry.find_policies(tx, ["P2"]) == (wanted,)


def test_policies_are_found_by_number_in_order_and_missing_ones_left_out(stocked: Database) -> None:
    with stocked.write() as tx:
        registry.save_policies(tx, [policy(3), policy(2)])
        assert [each.policy_number for each in registry.find_policies(tx, ["P3", "P404", "P2"], lock=True)] == ["P2", "P3"]


def test_a_persons_policies_are_those_they_hold_and_those_that_insure_them(stocked: Database) -> None:
    with stocked.write() as tx:
        registry.save_policies(tx, [policy(2, insured=2, policyholder_id="I1"), policy(3, insured=3)])
        assert [each.policy_number for each in registry.policies_of(tx, "I1")] == ["P1", "P2"]


def test_the_policies_that_insure_a_person_are_not_those_they_only_hold(stocked: Database) -> None:
    with stocked.write() as tx:
        registry.save_policies(tx, [policy(2, insured=2, policyholder_id="I1")])
        assert [each.policy_number for each in registry.policies_insuring(tx, "I1")] == ["P1"]


def test_a_policy_of_nobody_is_refused(stocked: Database) -> None:
    with pytest.raises(IntegrityError), stocked.write() as tx:
        registry.save_policies(tx, [policy(2, insured=99)])


def test_hospitals_are_listed_by_id(stocked: Database) -> None:
    with stocked.read() as tx:
        assert registry.list_hospitals(tx) == (HOSPITAL, OTHER_HOSPITAL)


@pytest.mark.parametrize(("hospital_id", "found"), [("H1", HOSPITAL), ("H404", None)])
def test_a_hospital_is_found_by_id(stocked: Database, hospital_id: str, found: object) -> None:
    with stocked.read() as tx:
        assert registry.find_hospital(tx, hospital_id) == found


@pytest.mark.parametrize(("agent_id", "found"), [("A1", AGENT), ("A404", None)])
def test_an_agent_is_found_by_id(stocked: Database, agent_id: str, found: object) -> None:
    with stocked.read() as tx:
        assert registry.find_agent(tx, agent_id) == found


@pytest.mark.parametrize(
    ("day", "codes"), [(date(2024, 2, 29), []), (date(2024, 3, 1), ["B", "S"]), (date(2024, 3, 2), ["S"]), (date(2025, 3, 1), [])]
)
def test_entitlements_are_valid_on_their_first_and_last_day(stocked: Database, day: date, codes: list[str]) -> None:
    second = Entitlement("S", "第二诊疗意见", "P1", date(2024, 3, 1), date(2025, 2, 28), 0, 2)
    one_day = Entitlement("B", "就医陪诊", "P1", date(2024, 3, 1), date(2024, 3, 1), 1)
    with stocked.write() as tx:
        registry.save_entitlements(tx, [second, one_day])
        assert [each.code for each in registry.entitlements_of(tx, "P1", day)] == codes


@pytest.mark.parametrize("database", ["postgres"], indirect=True)  # SQLite has one writer at a time anyway
def test_two_claims_that_use_one_policys_limits_wait_for_each_other(stocked: Database) -> None:
    with stocked.write() as tx:
        registry.find_policies(tx, ["P1"], lock=True)
        with stocked.read() as other:
            free = other.connection.execute(text("SELECT policy_number FROM policy FOR UPDATE SKIP LOCKED")).all()
    assert free == []


@pytest.mark.parametrize("database", ["postgres"], indirect=True)
def test_a_claim_of_one_member_makes_the_whole_family_wait(stocked: Database) -> None:
    with stocked.write() as tx:
        registry.save_policies(tx, [policy(family_id="F1"), policy(2, insured=2, family_id="F1"), policy(3, insured=3, family_id="F2")])
    with stocked.write() as tx:
        registry.find_policies(tx, ["P2"], lock=True)
        with stocked.read() as other:
            free = other.connection.execute(text("SELECT policy_number FROM policy FOR UPDATE SKIP LOCKED")).scalars().all()
    assert free == ["P3"]


def test_a_locked_policy_is_given_without_the_rest_of_its_family(stocked: Database) -> None:
    with stocked.write() as tx:
        registry.save_policies(tx, [policy(family_id="F1"), policy(2, insured=2, family_id="F1")])
        assert [each.policy_number for each in registry.find_policies(tx, ["P2"], lock=True)] == ["P2"]


def test_particulars_come_back_in_their_own_kinds(stocked: Database) -> None:
    wanted = policy(2, family_id="F1", particulars={"职业类别": "四类", "期交保费": 1_200_000, "在校学生": True})
    with stocked.write() as tx:
        registry.save_policies(tx, [wanted])
        assert registry.find_policies(tx, ["P2"]) == (wanted,)


def test_policies_of_a_family_whose_years_begin_on_different_days_are_refused(stocked: Database) -> None:
    later = policy(2, insured=2, family_id="F1", effective_from=date(2024, 3, 2))
    with pytest.raises(InputError, match="different days"), stocked.write() as tx:
        registry.save_policies(tx, [policy(family_id="F1"), later])


def test_a_member_who_joins_at_an_anniversary_shares_the_familys_year(stocked: Database) -> None:
    joined = policy(2, insured=2, family_id="F1", effective_from=date(2025, 3, 1))
    with stocked.write() as tx:
        registry.save_policies(tx, [policy(family_id="F1"), joined])
        assert len(registry.find_policies(tx, ["P1", "P2"])) == 2
