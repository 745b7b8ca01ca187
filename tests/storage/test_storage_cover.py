"""What customers agreed to have kept is sealed and goes when they say so; groups hold nothing of any person."""

from dataclasses import replace
from datetime import date

from sqlalchemy import text
from storage_samples import AGENT, person, policy

from domain.cover import CoverKind
from storage import cover, registry
from storage.cover import CoverGroup
from storage.database import Database

TOLD = {"annual_income": "123456.78", "dependants": [18, 5]}
GROUP = CoverGroup("5101", 30, CoverKind.DEATH, 25, (0, 1_000_000, 2_000_000, 5_000_000), date(2026, 11, 22))


def save_people(database: Database, *regions: str) -> None:
    with database.write() as tx:
        registry.save_agents(tx, [AGENT])
        registry.save_people(tx, [replace(person(number), region_code=code) for number, code in enumerate(regions, 1)])


def test_what_a_customer_told_comes_back_and_lies_sealed(database: Database) -> None:
    save_people(database, "510104")
    with database.write() as tx:
        assert cover.find_profile(tx, "I1") is None
        kept = cover.save_profile(tx, "I1", TOLD)
        assert cover.find_profile(tx, "I1") == kept
        assert kept.consented_ms == tx.now_ms()
        raw = bytes(tx.connection.execute(text("SELECT assumptions_enc FROM cover_profile")).scalar_one())
    assert b"123456" not in raw


def test_what_is_told_again_takes_the_place_of_what_was(database: Database) -> None:
    save_people(database, "510104")
    with database.write() as tx:
        cover.save_profile(tx, "I1", TOLD)
        cover.save_profile(tx, "I1", {"debts": "1.00"})
        found = cover.find_profile(tx, "I1")
    assert found is not None and found.told == {"debts": "1.00"}


def test_what_is_erased_is_gone_and_erasing_again_does_nothing(database: Database) -> None:
    save_people(database, "510104")
    with database.write() as tx:
        cover.save_profile(tx, "I1", TOLD)
    with database.write() as tx:
        assert cover.erase_profile(tx, "I1") is True
        assert cover.erase_profile(tx, "I1") is False
        assert cover.find_profile(tx, "I1") is None


def test_groups_that_were_counted_take_the_place_of_all_earlier_ones(database: Database) -> None:
    other = replace(GROUP, age_band=40)
    with database.write() as tx:
        cover.replace_groups(tx, [GROUP, other])
        assert cover.groups_of(tx, "5101", 30) == {CoverKind.DEATH: GROUP}
        cover.replace_groups(tx, [other])
        assert cover.groups_of(tx, "5101", 30) == {}
        cover.replace_groups(tx, [])
        assert cover.groups_of(tx, "5101", 40) == {}


def test_the_insured_whose_home_is_known_come_in_pages_without_name_and_numbers(database: Database) -> None:
    save_people(database, "510104", "", "510105", "510106")
    with database.write() as tx:
        registry.save_policies(tx, [policy(number, insured=number) for number in (1, 2, 3)])
        first = cover.page_of_insured(tx, "", 1)
        rest = cover.page_of_insured(tx, first[0].person_id, 5)
        assert [each.person_id for each in (*first, *rest)] == ["I1", "I3"]  # the second lives nowhere known, the fourth is not insured
        assert cover.count_insured(tx) == 2
        assert set(cover.policies_of_many(tx, ["I1", "I3"])) == {"P1", "P3"}
    assert {(each.name, each.id_number, each.phone) for each in (*first, *rest)} == {("", "", "")}
