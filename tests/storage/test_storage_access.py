"""Who may come in: right passwords, known secrets, and tokens that have not expired. None of them stands in the database."""

import pytest
from sqlalchemy import text
from storage_samples import save_world

from storage import access, tokens
from storage.access import ApiClient, Staff
from storage.database import Database

LI = Staff("li", "李示例", "adjuster", 5_000_000)
SECRET = "a-secret-of-two-hundred-and-fifty-six-bits"


@pytest.fixture
def staffed(database: Database) -> Database:
    with database.write() as tx:
        save_world(tx)
        access.save_staff(tx, LI, "correct horse")
    return database


def test_the_right_password_opens(staffed: Database) -> None:
    with staffed.read() as tx:
        assert access.check_password(tx, "li", "correct horse") == LI


@pytest.mark.parametrize(("name", "password"), [("li", "wrong"), ("li", ""), ("nobody", "correct horse"), ("LI", "correct horse")])
def test_a_wrong_password_or_an_unknown_name_opens_nothing(staffed: Database, name: str, password: str) -> None:
    with staffed.read() as tx:
        assert access.check_password(tx, name, password) is None


def test_somebody_who_left_comes_in_no_more(staffed: Database) -> None:
    with staffed.write() as tx:
        tx.connection.execute(text("UPDATE staff SET active = false"))
        assert access.check_password(tx, "li", "correct horse") is None


def test_somebody_who_left_is_found_no_more(staffed: Database) -> None:
    with staffed.write() as tx:
        tx.connection.execute(text("UPDATE staff SET active = false"))
        assert access.find_staff(tx, "li") is None


def test_a_password_is_kept_as_argon2id(staffed: Database) -> None:
    with staffed.read() as tx:
        kept = tx.connection.execute(text("SELECT password_hash FROM staff")).scalar_one()
    assert kept.startswith("$argon2id$")


def test_saving_somebody_again_replaces_the_password(staffed: Database) -> None:
    with staffed.write() as tx:
        access.save_staff(tx, LI, "battery staple")
        assert access.check_password(tx, "li", "correct horse") is None


def test_saving_somebody_again_replaces_what_is_known_of_them(staffed: Database) -> None:
    promoted = Staff("li", "李示例", "senior_adjuster", 50_000_000)
    with staffed.write() as tx:
        access.save_staff(tx, promoted, "correct horse")
        assert access.find_staff(tx, "li") == promoted


def test_an_unknown_name_costs_as_much_hashing_as_a_known_one() -> None:
    assert not access._HASHER.check_needs_rehash(access._dummy_hash())


def test_a_known_secret_is_its_client(staffed: Database) -> None:
    client = ApiClient("h1", "hospital", "H1")
    with staffed.write() as tx:
        access.save_api_client(tx, client, SECRET)
        assert access.find_api_client(tx, SECRET) == client


@pytest.mark.parametrize("secret", ["", SECRET + "x", SECRET.upper()])
def test_another_secret_is_nobody(staffed: Database, secret: str) -> None:
    with staffed.write() as tx:
        access.save_api_client(tx, ApiClient("app", "app", None), SECRET)
        assert access.find_api_client(tx, secret) is None


def test_a_replaced_secret_is_nobodys_any_more(staffed: Database) -> None:
    with staffed.write() as tx:
        access.save_api_client(tx, ApiClient("app", "app", None), SECRET)
        access.save_api_client(tx, ApiClient("app", "app", None), "a newer secret")
        assert access.find_api_client(tx, SECRET) is None


def test_a_customers_token_is_theirs(staffed: Database) -> None:
    with staffed.write() as tx:
        assert tokens.find_customer(tx, tokens.issue_customer_token(tx, "I1")) == "I1"


def test_two_tokens_differ(staffed: Database) -> None:
    with staffed.write() as tx:
        assert tokens.issue_customer_token(tx, "I1") != tokens.issue_customer_token(tx, "I1")


@pytest.mark.parametrize(("minutes", "person_id"), [(59, "I1"), (60, None)])
def test_a_customers_token_ends_after_an_hour(staffed: Database, minutes: int, person_id: str | None) -> None:
    with staffed.write() as tx:
        token = tokens.issue_customer_token(tx, "I1")
        tx.connection.execute(text("UPDATE customer_token SET expires_ms = expires_ms - :by"), {"by": minutes * 60_000})
        assert tokens.find_customer(tx, token) == person_id


def test_another_token_is_nobodys(staffed: Database) -> None:
    with staffed.write() as tx:
        tokens.issue_customer_token(tx, "I1")
        assert tokens.find_customer(tx, "guess") is None


def test_neither_secret_nor_token_stands_in_the_database(staffed: Database) -> None:
    with staffed.write() as tx:
        access.save_api_client(tx, ApiClient("app", "app", None), SECRET)
        token = tokens.issue_customer_token(tx, "I1")
        kept = [tx.connection.execute(text("SELECT secret_hash FROM api_client")).scalar_one()]
        kept.append(tx.connection.execute(text("SELECT token_hash FROM customer_token")).scalar_one())
    assert not {SECRET, token} & set(kept)
