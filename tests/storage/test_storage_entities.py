"""What claims share is counted once, is seen as it was then, and loses nothing where transactions meet."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from storage_samples import ACCOUNT, ACTOR, at_once, new_claim, save_world

from domain.claim import Payee
from domain.risk import EntityKind, Shared
from storage import claims, decisions, entities
from storage import tables as t
from storage.crypto import FieldCipher
from storage.database import Database
from storage.decisions import Scoring
from tests.storage.test_storage_decisions import ADJUDICATION

K = EntityKind
DAY_MS = 86_400_000
PRIOR = 0.02


def meet(database: Database, claim: int, insured: int, *, fen: int = 1_000_000, days: float = 0, **told: str) -> Shared:
    """Score a claim some days after now: what it shares with those before, its row kept as scoring keeps it."""
    later = Database(database.url, database.cipher, lambda: round(days * DAY_MS))
    with later.write() as tx:
        if tx.connection.execute(select(t.claim.c.claim_id).where(t.claim.c.claim_id == f"C{claim}")).one_or_none() is None:
            claims.add_claim(tx, new_claim(claim, insured), ACTOR)
        keys = {K(kind): entities.key_of(tx, K(kind), value) for kind, value in {"insured": f"I{insured}", **told}.items()}
        met = entities.meet(tx, f"C{claim}", keys, fen)
        decisions.save_risk_row(tx, f"C{claim}", 1, Scoring({"a": 1.0}, 0.0, met.known_json), ADJUDICATION.score)
    later.close()
    return met.shared


@pytest.fixture
def house(database: Database) -> Database:
    with database.write() as tx:
        save_world(tx, 60)
    return database


def find(database: Database, claim: int, change: int) -> None:
    with database.write() as tx:
        entities.note_finding(tx, f"C{claim}", change)


def rows(database: Database) -> list[Any]:
    with database.read() as tx:
        return list(tx.connection.execute(select(t.risk_entity).order_by(t.risk_entity.c.entity_key)))


def test_the_first_claim_shares_nothing_and_the_second_sees_the_first(house: Database) -> None:
    first = meet(house, 1, 1, phone="a").entities[K.PHONE]
    assert (first.recent_claims, first.other_insureds, first.fraud_rate) == (0, 0, PRIOR)
    second = meet(house, 2, 2, phone="a").entities[K.PHONE]
    assert second.recent_claims == pytest.approx(1, abs=1e-4)
    assert second.other_insureds == 1


def test_a_claim_counts_half_after_ninety_days(house: Database) -> None:
    meet(house, 1, 1, phone="a")
    assert meet(house, 2, 2, phone="a", days=90).entities[K.PHONE].recent_claims == pytest.approx(0.5, abs=1e-3)


def test_ones_own_claims_are_no_other_insureds(house: Database) -> None:
    meet(house, 1, 1, phone="a")
    assert meet(house, 2, 1, phone="a").entities[K.PHONE].other_insureds == 0


def test_a_claim_that_is_scored_again_sees_what_it_saw_and_is_counted_once(house: Database) -> None:
    meet(house, 1, 1, phone="a", account="x", hospital="H1")
    before = meet(house, 2, 2, phone="a", account="y", hospital="H1")
    for number in range(3, 8):  # the future
        meet(house, number, number, phone="a", account="y", hospital="H1")
    find(house, 1, +1)
    counted = rows(house)
    assert meet(house, 2, 2, phone="a", account="y", hospital="H1") == before
    assert rows(house) == counted


def test_only_what_a_claim_newly_tells_is_looked_up_when_it_is_scored_again(house: Database) -> None:
    meet(house, 1, 1, phone="a", account="x")
    first = meet(house, 2, 2, phone="a", account="y")
    meet(house, 3, 3, phone="a", account="x")
    again = meet(house, 2, 2, phone="a", account="x")
    assert again.entities[K.PHONE] == first.entities[K.PHONE]
    assert again.entities[K.ACCOUNT].other_insureds == 2


def test_claims_of_one_transaction_see_each_other(house: Database) -> None:
    with house.write() as tx:
        found = []
        for number in (1, 2, 3):
            claims.add_claim(tx, new_claim(number, number), ACTOR)
            keys = {K.INSURED: entities.key_of(tx, K.INSURED, f"I{number}"), K.PHONE: entities.key_of(tx, K.PHONE, "a")}
            found.append(entities.meet(tx, f"C{number}", keys, 1).shared.entities[K.PHONE].other_insureds)
    assert found == [0, 1, 2]
    assert meet(house, 4, 4, phone="a").entities[K.PHONE].other_insureds == 3


def test_a_transaction_that_is_undone_has_counted_nothing(house: Database) -> None:
    with pytest.raises(ZeroDivisionError), house.write() as tx:
        entities.meet(tx, "C1", {K.INSURED: entities.key_of(tx, K.INSURED, "I1")}, 1)
        raise ZeroDivisionError
    assert rows(house) == []


def test_a_finding_counts_from_when_it_is_recorded_and_is_taken_back(house: Database) -> None:
    meet(house, 1, 1, account="x")
    assert meet(house, 2, 2, account="x").entities[K.ACCOUNT].fraud_rate == pytest.approx(0.2 / 11, abs=1e-6)
    find(house, 1, +1)
    assert meet(house, 3, 3, account="x").entities[K.ACCOUNT].fraud_rate == pytest.approx(1.2 / 12, abs=1e-6)
    find(house, 1, -1)
    assert meet(house, 4, 4, account="x").entities[K.ACCOUNT].fraud_rate == pytest.approx(0.2 / 13, abs=1e-6)


def test_what_is_usual_is_told_from_five_claims_on_and_is_the_geometric_mean(house: Database) -> None:
    amounts = (100_000, 200_000, 400_000, 800_000, 1_600_000)
    for number, fen in enumerate(amounts, 1):
        assert meet(house, number, number, fen=fen, diagnosis="K35").entities[K.DIAGNOSIS].usual_fen is None
    assert meet(house, 6, 6, diagnosis="K35").entities[K.DIAGNOSIS].usual_fen == 400_000


def test_an_account_that_became_another_is_told_for_how_long(house: Database) -> None:
    assert meet(house, 1, 1, account="x").account_changed_days is None
    assert meet(house, 2, 1, account="x", days=1).account_changed_days is None
    assert meet(house, 3, 1, account="y", days=2).account_changed_days == 0
    assert meet(house, 4, 1, account="y", days=7.5).account_changed_days == 5
    assert meet(house, 5, 2, account="y", days=8).account_changed_days is None


def test_insureds_hang_together_over_several_steps(house: Database) -> None:
    assert meet(house, 1, 1, phone="a", account="x").linked_insureds == 1
    assert meet(house, 2, 2, phone="b", account="x").linked_insureds == 2
    assert meet(house, 3, 3, phone="b", account="y").linked_insureds == 3
    assert meet(house, 4, 4, phone="c", account="z").linked_insureds == 1
    assert meet(house, 5, 5, phone="c", account="y").linked_insureds == 5  # two groups become one
    assert meet(house, 6, 6, phone="a").linked_insureds == 6


def test_a_hub_holds_nobody_together_but_is_counted(house: Database) -> None:
    for number in range(1, entities.HUB + 1):
        meet(house, number, number, phone="employer")
    shared = meet(house, 40, 40, phone="employer")
    assert shared.entities[K.PHONE].other_insureds == entities.HUB
    assert shared.linked_insureds == 1


def test_an_entity_remembers_no_more_than_fifty_insureds(house: Database) -> None:
    for number in range(1, entities.MOST_PEOPLE + 4):
        meet(house, number, number, hospital="H1")
    assert meet(house, 60, 60, hospital="H1").entities[K.HOSPITAL].other_insureds == entities.MOST_PEOPLE


def test_nothing_is_stored_but_keyed_hashes(house: Database) -> None:
    meet(house, 1, 1, phone="19900001234", account="6222029900011112222", hospital="H1", agent="A1")
    stored = json.dumps([list(row) for row in rows(house)])
    assert not [value for value in ("19900001234", "6222029900011112222", 'I1"', "H1", "A1") if value in stored]
    other = FieldCipher(bytes(64))
    with house.read() as tx:
        assert entities.key_of(tx, K.PHONE, "1") != entities.key_of(type(tx)(tx.bare, other), K.PHONE, "1")


def test_transactions_that_meet_at_one_row_lose_nothing(house: Database) -> None:
    def score(number: int) -> Shared:
        return meet(house, number + 1, number + 1, hospital="H1", phone=f"p{number % 2}")

    at_once(score)
    (hospital,) = [row for row in rows(house) if row.kind == "hospital"]
    assert (hospital.claims, len(hospital.people) // 16) == (8, 8)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 6), st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=12))
def test_counting_one_by_one_or_all_in_one_transaction_comes_to_the_same(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Any, claimed: list[tuple[int, str, str]]
) -> None:
    found = []
    for together in (False, True):
        path = tmp_path_factory.mktemp("counted") / "claims.db"
        path.write_bytes(sqlite_template.read_bytes())
        database = Database(f"sqlite:///{path}", FieldCipher(bytes(range(64))))
        batches = [claimed] if together else [[each] for each in claimed]
        seen, number = [], 0
        for batch in batches:
            with database.write() as tx:
                for insured, phone, account in batch:
                    number += 1
                    told = {K.INSURED: str(insured), K.PHONE: phone, K.ACCOUNT: account}
                    met = entities.meet(tx, f"C{number}", {kind: entities.key_of(tx, kind, value) for kind, value in told.items()}, 1)
                    seen.append((met.shared.linked_insureds, [each.other_insureds for each in met.shared.entities.values()]))
        with database.read() as tx:
            stored = {row.entity_key: (row.claims, row.component) for row in tx.connection.execute(text("SELECT * FROM risk_entity"))}
        database.close()
        found.append((seen, stored))
    assert found[0] == found[1]


def report(database: Database, number: int, insured: int, **changes: Any) -> None:
    with database.write() as tx:
        assert claims.add_claim(tx, new_claim(number, insured, **changes), ACTOR)


def score_as_stored(database: Database, claim_id: str) -> Shared:
    """Score a claim under what it told when it came in."""
    with database.write() as tx:
        claim = claims.get_claim(tx, claim_id)
        told = {K.INSURED: claim.insured_id, K.PHONE: claim.reporter_phone_index, K.ACCOUNT: claim.payee_account_index}
        told[K.DEVICE] = claim.device_index
        keys = {kind: entities.key_of(tx, kind, value) for kind, value in told.items() if value}
        return entities.meet(tx, claim_id, keys, 1).shared


def test_whoever_reported_is_known_before_anything_of_theirs_is_scored_and_is_not_counted_yet(house: Database) -> None:
    for number in (1, 2, 3):
        report(house, number, number)
    shared = score_as_stored(house, "C1")
    assert {kind: (each.other_insureds, each.recent_claims) for kind, each in shared.entities.items()} == {
        K.INSURED: (0, 0),
        K.PHONE: (2, 0),
        K.ACCOUNT: (2, 0),
        K.DEVICE: (2, 0),
    }
    assert shared.linked_insureds == 3


def test_reporting_again_and_being_scored_remembers_nobody_twice(house: Database) -> None:
    for number in (1, 2):
        report(house, number, 1)
        score_as_stored(house, f"C{number}")
    assert [(row.kind, len(row.people) // 16) for row in rows(house)] == [("account", 1), ("device", 1), ("insured", 0), ("phone", 1)]


def test_an_account_that_is_given_later_is_remembered_too_and_one_of_a_hospital_is_nobodys(house: Database) -> None:
    report(house, 1, 1, payee=None)
    with house.write() as tx:
        claims.set_payee(tx, "C1", Payee("示例1", ACCOUNT))
    report(house, 2, 2)
    assert score_as_stored(house, "C2").entities[K.ACCOUNT].other_insureds == 1
    report(house, 3, 3, settlement_json="{}")
    assert [len(row.people) // 16 for row in rows(house) if row.kind == "account"] == [2]


def test_a_report_that_was_there_already_is_remembered_once(house: Database) -> None:
    report(house, 1, 1)
    with house.write() as tx:
        assert not claims.add_claim(tx, new_claim(1, 2), ACTOR)
    assert {len(row.people) // 16 for row in rows(house)} == {1}


def test_fifty_are_remembered_however_they_come(house: Database) -> None:
    for number in range(1, entities.MOST_PEOPLE + 4):
        report(house, number, number, payee=None, device_id="")
    (phone,) = rows(house)
    assert len(phone.people) == entities.MOST_PEOPLE * 16


def test_sqlite_finds_entities_by_their_key_and_groups_by_their_head_and_builds_no_table_for_that(house: Database) -> None:
    if not house.is_sqlite:
        pytest.skip("PostgreSQL plans by its statistics")
    asked = ((entities.FIND[True], {"of_keys": "[]", "of_claims": ["C1"]}), (entities.SIZES, {"of_groups": "[]"}))
    plans = []
    with house.read() as tx:
        for statement, given in asked:
            sql = statement.compile(house.engine).construct_expanded_state(given)
            plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql.statement}", tuple(sql.positional_parameters or ()))
            plans.append(" ".join(each[3] for each in plan))
    assert "SEARCH risk_entity USING PRIMARY KEY (entity_key=?)" in plans[0]
    assert "USING INDEX ix_risk_entity_group_head (<expr>=? AND kind=?)" in plans[1]
    assert "B-TREE" not in plans[0] + plans[1]


def test_names_of_entities_are_a_json_list_as_they_are(house: Database) -> None:
    with house.read() as tx:
        keys = [entities.key_of(tx, kind, '"\\') for kind in K]
    assert json.loads(entities.listed(keys)) == keys
    assert json.loads(entities.listed(keys[:1])) == keys[:1]


def test_groups_of_several_claims_are_told_to_each_of_them(house: Database) -> None:
    for number in range(1, 4):
        meet(house, number, number, phone="a")
    for number in range(4, 9):
        meet(house, number, number, phone="b")
    with house.write() as tx:
        keys = {}
        for number, phone in ((11, "a"), (12, "b"), (13, "c")):
            claims.add_claim(tx, new_claim(number, number), ACTOR)
            keys[f"C{number}"] = {K.INSURED: entities.key_of(tx, K.INSURED, f"I{number}"), K.PHONE: entities.key_of(tx, K.PHONE, phone)}
        entities.look_ahead(tx, keys)
        found = [entities.meet(tx, claim_id, told, 1).shared.linked_insureds for claim_id, told in keys.items()]
    assert found == [4, 6, 1]
