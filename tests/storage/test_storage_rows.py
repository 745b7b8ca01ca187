"""Rows written in bulk arrive as SQLAlchemy itself would have written them, on both databases."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from storage import tables as t
from storage.database import Database
from storage.rows import write_rows

PEOPLE: list[dict[str, Any]] = [
    {
        "person_id": f"I{number}",
        "name": "李示例",
        "birth_date": date(1988, 3, number),
        "id_number_enc": bytes([0, 255, number]),
        "id_number_index": str(number),
        "phone_enc": b"",
        "phone_index": "100% {0} :name",
        "has_social_insurance": has,
    }
    for number, has in enumerate((True, False, None), start=1)
]
ADD = insert(t.person)
READ = select(*(t.person.c[name] for name in PEOPLE[0])).order_by(t.person.c.person_id)


def test_days_bytes_yes_no_and_unknown_come_back_as_they_were(database: Database) -> None:
    with database.write() as tx:
        write_rows(tx.bare, ADD, PEOPLE)
    with database.read() as tx:
        assert [dict(row._mapping) for row in tx.bare.execute(READ)] == PEOPLE


def test_what_a_statement_brings_itself_is_written_with_every_row(database: Database) -> None:
    rename = update(t.person).where(t.person.c.person_id == bindparam("of_person")).values(name="张示例", birth_date=bindparam("born"))
    with database.write() as tx:
        write_rows(tx.bare, ADD, PEOPLE)
        write_rows(tx.bare, rename, [{"of_person": each, "born": date(1990, 1, 1)} for each in ("I1", "I3")])
        told = tx.bare.execute(select(t.person.c.name, t.person.c.birth_date).order_by(t.person.c.person_id)).all()
    assert [tuple(each) for each in told] == [("张示例", date(1990, 1, 1)), ("李示例", date(1988, 3, 2)), ("张示例", date(1990, 1, 1))]


def test_rows_of_fewer_columns_leave_the_others_to_the_table(database: Database) -> None:
    short = [{name: value for name, value in each.items() if name != "has_social_insurance"} for each in PEOPLE]
    with database.write() as tx:
        write_rows(tx.bare, ADD, PEOPLE[:1])
        write_rows(tx.bare, ADD, short[1:])
        told = tx.bare.execute(select(t.person.c.has_social_insurance).order_by(t.person.c.person_id)).scalars().all()
    assert told == [True, None, None]


def test_a_row_that_breaks_a_rule_is_sqlalchemys_error(database: Database) -> None:
    with pytest.raises(IntegrityError), database.write() as tx:
        write_rows(tx.bare, ADD, [PEOPLE[0], PEOPLE[0]])


def test_whoever_listens_to_statements_hears_of_it(database: Database) -> None:
    heard: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *told: heard.append(told[2]))
    with database.write() as tx:
        write_rows(tx.bare, ADD, PEOPLE)
    assert [each for each in heard if each.startswith("INSERT INTO person")]
