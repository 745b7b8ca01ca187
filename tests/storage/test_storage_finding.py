"""Finding rows past SQLAlchemy: the same rows as through it, of the same transaction, with its errors."""

from datetime import date

import pytest
from sqlalchemy import bindparam, func, insert, select, true, union_all, update
from sqlalchemy.exc import DBAPIError
from storage_samples import save_claims

from storage import tables as t
from storage.database import Database
from storage.finding import find_rows

_OF_CLAIMS = select(t.claim).where(t.claim.c.claim_id.in_(bindparam("of_claims", expanding=True))).order_by(t.claim.c.claim_id)
_IN_STATES = select(t.claim.c.claim_id, t.claim.c.loss_date).where(
    t.claim.c.state.not_in(("PAID", "CLOSED")), t.claim.c.loss_date <= bindparam("day"), t.claim.c.version > 0
)
_COUNTED = select(func.count().label("found")).select_from(t.claim)
_BOTH = union_all(select(t.claim.c.claim_id.label("it"), t.claim.c.version), select(t.policy.c.policy_number, t.policy.c.sum_insured_fen))


@pytest.fixture
def filled(database: Database) -> Database:
    save_claims(database, 5)
    return database


@pytest.mark.parametrize("count", range(6))
def test_a_list_of_any_length_finds_what_it_names(filled: Database, count: int) -> None:
    with filled.read() as tx:
        ids = list(tx.connection.execute(select(t.claim.c.claim_id).order_by(t.claim.c.claim_id)).scalars())[:count]
        found = tx.find(_OF_CLAIMS, {"of_claims": ids})
        usual = tx.connection.execute(_OF_CLAIMS, {"of_claims": ids}).all()
    assert [tuple(each) for each in found] == [tuple(each) for each in usual]
    assert [each._mapping for each in found] == [dict(each._mapping) for each in usual]
    assert [each.claim_id for each in found] == ids


def test_days_and_fixed_lists_are_told_as_the_columns_want_them(filled: Database) -> None:
    with filled.read() as tx:
        for day in (date(2020, 1, 1), date(2099, 1, 1)):
            usual = tx.connection.execute(_IN_STATES, {"day": day}).all()
            assert sorted(map(tuple, tx.find(_IN_STATES, {"day": day}))) == sorted(map(tuple, usual))
        assert all(isinstance(each.loss_date, date) for each in usual)
        assert usual


def test_a_union_and_a_count_have_their_names(filled: Database) -> None:
    with filled.read() as tx:
        assert tx.find_bare(_COUNTED)[0].found == 5
        assert {each.it: each.version for each in tx.find_bare(_BOTH)} == dict(map(tuple, tx.connection.execute(_BOTH)))


def test_floats_and_bytes_come_as_they_do_through_sqlalchemy(filled: Database) -> None:
    of_entities = select(t.risk_entity.c.entity_key, t.risk_entity.c.recent, t.claim.c.reporter_phone_enc).join(t.claim, true())
    with filled.read() as tx:
        usual = tx.connection.execute(of_entities).all()
        assert sorted(map(tuple, tx.find(of_entities, {}))) == sorted(map(tuple, usual))
        assert {tuple(map(type, each)) for each in usual} == {(str, float, bytes)}


def test_a_parameter_that_is_not_given_is_told_of(filled: Database) -> None:
    with filled.read() as tx, pytest.raises(TypeError, match="day"):
        tx.find(_IN_STATES, {})


def test_what_waits_to_be_written_is_found_and_passed_over_when_bare(filled: Database) -> None:
    row = {"hospital_id": "H-NEW", "name": "示例", "grade": "三级", "ownership": "公立", "direct_settlement": False, "account_number": ""}
    with filled.write() as tx:
        tx.later("H-NEW", insert(t.hospital), row)
        of_new = select(t.hospital.c.name).where(t.hospital.c.hospital_id == bindparam("it"))
        assert tx.find_bare(of_new, {"it": "H-NEW"}) == []
        assert tx.find(of_new, {"it": "H-NEW"})[0].name == "示例"


def test_it_is_part_of_the_transaction_and_rolled_back_with_it(filled: Database) -> None:
    with pytest.raises(RuntimeError), filled.write() as tx:
        tx.find(_COUNTED, {})
        tx.connection.execute(update(t.claim).values(narrative="changed"))
        assert {each.narrative for each in tx.find(select(t.claim.c.narrative), {})} == {"changed"}
        raise RuntimeError
    with filled.read() as tx:
        assert "changed" not in {each.narrative for each in tx.find(select(t.claim.c.narrative), {})}


def test_a_failure_is_the_error_that_sqlalchemy_raises(filled: Database) -> None:
    wrong = select(t.claim.c.claim_id).where(func.no_such_function(t.claim.c.version) == 1)
    kinds = []
    for find in (lambda tx: tx.connection.execute(wrong), lambda tx: find_rows(tx.bare, wrong, {})):
        with filled.read() as tx, pytest.raises(DBAPIError) as caught:
            find(tx)
        kinds.append(type(caught.value))
    assert kinds[0] is kinds[1]
    with filled.read() as tx:
        assert tx.find(_COUNTED, {})[0].found == 5


def test_a_line_that_is_lost_is_given_up(filled: Database) -> None:
    if filled.is_sqlite:
        pytest.skip("a file has no line to lose")
    with filled.read() as tx:
        pid = tx.find(select(func.pg_backend_pid().label("pid")), {})[0].pid
        with filled.read() as other:
            other.connection.execute(select(func.pg_terminate_backend(pid)))
        with pytest.raises(DBAPIError) as caught:
            tx.find(_COUNTED, {})
        assert caught.value.connection_invalidated
        assert tx.bare.invalidated
    with filled.read() as tx:
        assert tx.find(_COUNTED, {})[0].found == 5
