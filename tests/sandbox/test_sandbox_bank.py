"""The sandbox bank: one key is one transfer, whatever goes wrong on the way."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from sandbox.bank import SandboxBank
from sandbox.misbehaviour import BAD_DAY, WELL_BEHAVED, Misbehaviour, Mishap

ORDER = {"amount_fen": 1_200_362, "holder": "李示安", "account_number": "9900000000000000017", "purpose": "理赔款"}
CLIENT = httpx.Client()  # one for all: making a client costs more than a payment
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def bank(tmp_path: Path) -> Iterator[SandboxBank]:
    with_book = open_bank(tmp_path)
    yield with_book
    with_book.stop()


def open_bank(folder: Path, misbehaviour: Misbehaviour = WELL_BEHAVED, port: int = 0) -> SandboxBank:
    opened = SandboxBank(folder / "bank.sqlite", misbehaviour, port=port, clock=lambda: NOON)
    opened.start()
    return opened


def pay(bank: SandboxBank, key: str, **changes: object) -> httpx.Response:
    return CLIENT.post(f"{bank.url}/payments", headers={"Idempotency-Key": key}, json=ORDER | changes)


def test_a_payment_is_confirmed_and_can_be_asked_for(bank: SandboxBank) -> None:
    answer = pay(bank, "K1")
    assert (answer.status_code, answer.json()["status"]) == (200, "confirmed")
    assert CLIENT.get(f"{bank.url}/payments/K1").json() == answer.json()
    assert [(each.idempotency_key, each.transfer.amount_fen) for each in bank.booked()] == [("K1", 1_200_362)]


def test_the_same_key_and_order_answer_the_same_and_book_once(bank: SandboxBank) -> None:
    assert pay(bank, "K1").json() == pay(bank, "K1").json()
    assert len(bank.booked()) == 1


def test_the_same_key_with_one_fen_more_is_refused(bank: SandboxBank) -> None:
    pay(bank, "K1")
    assert pay(bank, "K1", amount_fen=1_200_363).status_code == 409
    assert [each.transfer.amount_fen for each in bank.booked()] == [1_200_362]


def test_a_key_that_never_came_is_not_found(bank: SandboxBank) -> None:
    answer = CLIENT.get(f"{bank.url}/payments/K9")
    assert (answer.status_code, answer.json()["status"]) == (404, "not_found")


@pytest.mark.parametrize("amount", [0, -1, 1.5, "100", True, None, 10**12 + 1])
def test_an_amount_that_is_no_positive_whole_number_is_refused(bank: SandboxBank, amount: object) -> None:
    assert pay(bank, "K1", amount_fen=amount).status_code == 400
    assert bank.booked() == ()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff", b"{}"])
def test_a_body_that_is_no_order_is_refused(bank: SandboxBank, body: bytes) -> None:
    assert CLIENT.post(f"{bank.url}/payments", headers={"Idempotency-Key": "K1"}, content=body).status_code == 400


def test_an_order_without_a_key_is_refused(bank: SandboxBank) -> None:
    assert CLIENT.post(f"{bank.url}/payments", json=ORDER).status_code == 400


def test_an_account_with_the_unlucky_suffix_is_rejected_for_good_and_moves_no_money(bank: SandboxBank) -> None:
    first, again = pay(bank, "K1", account_number="9900000000000100000"), pay(bank, "K1", account_number="9900000000000100000")
    assert first.json() == again.json() == {"status": "rejected", "bank_reference": "", "reason": "账号不存在"}
    assert bank.booked() == ()


def test_the_statement_lists_the_transfers_of_its_day_only(bank: SandboxBank) -> None:
    pay(bank, "K1")
    pay(bank, "K2", account_number="9900000000000100000")
    entries = CLIENT.get(f"{bank.url}/statement", params={"date": "2026-11-22"}).json()["entries"]
    assert [(each["idempotency_key"], each["amount_fen"]) for each in entries] == [("K1", 1_200_362)]
    assert CLIENT.get(f"{bank.url}/statement", params={"date": "2026-11-23"}).json()["entries"] == []
    assert CLIENT.get(f"{bank.url}/statement", params={"date": "yesterday"}).status_code == 400


def test_forty_requests_at_once_with_four_keys_book_four_transfers(bank: SandboxBank) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: pay(bank, f"K{number % 4}"), range(40)))
    assert all(answer.status_code == 200 for answer in answers)
    assert len({answer.json()["bank_reference"] for answer in answers}) == len(bank.booked()) == 4


def test_a_restart_on_the_same_port_forgets_nothing(tmp_path: Path) -> None:
    first = open_bank(tmp_path)
    told, port = pay(first, "K1").json(), int(first.url.rsplit(":", 1)[1])
    first.stop()
    second = open_bank(tmp_path, port=port)
    assert pay(second, "K1").json() == told
    assert len(second.booked()) == 1
    second.stop()


def test_a_stopped_bank_answers_nobody_and_has_closed_its_book(tmp_path: Path) -> None:
    bank = open_bank(tmp_path)
    bank.stop()
    with pytest.raises(httpx.ConnectError):
        pay(bank, "K1")
    with pytest.raises(sqlite3.ProgrammingError):
        bank.booked()


def test_an_error_before_booking_moves_no_money(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(error_before_booking=1.0))
    assert pay(bank, "K1").status_code == 500
    assert CLIENT.get(f"{bank.url}/payments/K1").status_code == 404
    bank.stop()


def test_a_lost_answer_moved_the_money_once_and_a_query_tells(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(error_after_booking=1.0))
    assert [pay(bank, "K1").status_code for _ in range(2)] == [500, 500]
    assert CLIENT.get(f"{bank.url}/payments/K1").json()["status"] == "confirmed"
    assert len(bank.booked()) == 1
    bank.stop()


def test_a_dropped_connection_moved_the_money(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(drop_after_booking=1.0))
    with pytest.raises(httpx.RemoteProtocolError):
        pay(bank, "K1")
    assert len(bank.booked()) == 1
    bank.stop()


def test_a_duplicate_answer_can_still_be_read(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(duplicate_answer=1.0))
    assert pay(bank, "K1").json()["status"] == "confirmed"
    assert len(bank.booked()) == 1
    bank.stop()


def test_a_bad_day_has_every_mishap_and_repeats_itself() -> None:
    day = [BAD_DAY.mishap_of(f"K{number}", 1) for number in range(200)]
    assert set(day) == set(Mishap) - {Mishap.PARTIAL_BATCH}  # that one befalls batches
    assert day == [BAD_DAY.mishap_of(f"K{number}", 1) for number in range(200)]


def test_a_sender_that_tries_again_through_a_bad_day_pays_everybody_once(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(seed=7, error_before_booking=0.2, error_after_booking=0.2, drop_after_booking=0.2))
    for number in range(12):
        while not is_paid(bank, f"K{number}"):
            pass
    assert sorted(each.idempotency_key for each in bank.booked()) == sorted(f"K{number}" for number in range(12))
    bank.stop()


def is_paid(bank: SandboxBank, key: str) -> bool:
    try:
        return pay(bank, key).status_code == 200
    except httpx.RemoteProtocolError:
        return False


def send_batch(bank: SandboxBank, *keys: str) -> httpx.Response:
    return CLIENT.post(f"{bank.url}/batches", json={"orders": [ORDER | {"idempotency_key": key} for key in keys]})


def test_a_payment_that_is_booked_late_is_found_by_the_second_query(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(book_late=1.0))
    with pytest.raises(httpx.RemoteProtocolError):
        pay(bank, "K1")
    assert [CLIENT.get(f"{bank.url}/payments/K1").status_code for _ in range(2)] == [404, 200]
    assert len(bank.booked()) == 1
    bank.stop()


def test_a_payment_that_is_booked_late_is_not_lost_by_a_restart(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(book_late=1.0))
    with pytest.raises(httpx.RemoteProtocolError):
        pay(bank, "K1")
    bank.stop()
    bank = open_bank(tmp_path)
    assert bank.booked() == ()
    assert [CLIENT.get(f"{bank.url}/payments/K1").status_code for _ in range(3)] == [404, 200, 200]
    assert [each.idempotency_key for each in bank.booked()] == ["K1"]
    bank.stop()


def test_a_payment_that_was_sent_again_before_it_was_booked_late_is_booked_once(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(book_late=1.0))
    with pytest.raises(httpx.RemoteProtocolError):
        pay(bank, "K1")
    bank.stop()
    bank = open_bank(tmp_path)
    assert pay(bank, "K1").json()["status"] == "confirmed"
    assert CLIENT.get(f"{bank.url}/payments/K1").status_code == 200
    assert len(bank.booked()) == 1
    bank.stop()


def test_a_pending_payment_is_told_by_a_query(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(pending=1.0))
    assert pay(bank, "K1").json()["status"] == "pending"
    assert CLIENT.get(f"{bank.url}/payments/K1").json()["status"] == "confirmed"
    bank.stop()


def test_each_order_of_a_batch_is_answered_for_itself_and_booked_once(bank: SandboxBank) -> None:
    pay(bank, "K1")
    told = {each["idempotency_key"]: each["status"] for each in send_batch(bank, "K1", "K2").json()["answers"]}
    assert told == {"K1": "confirmed", "K2": "confirmed"}
    assert [each.idempotency_key for each in bank.booked()] == ["K1", "K2"]


def test_of_a_batch_that_is_cut_the_first_half_is_taken(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(partial_batch=1.0))
    assert len(send_batch(bank, "K1", "K2", "K3", "K4").json()["answers"]) == len(bank.booked()) == 2
    bank.stop()


@pytest.mark.parametrize("body", [{}, {"orders": [{}]}, {"orders": [ORDER]}, {"orders": 1}, []])
def test_what_is_no_batch_is_refused_whole(bank: SandboxBank, body: object) -> None:
    assert CLIENT.post(f"{bank.url}/batches", json=body).status_code == 400
    assert bank.booked() == ()


def test_money_that_came_back_stands_on_the_statement_of_the_day_it_came(bank: SandboxBank) -> None:
    pay(bank, "K1")
    bank.book.give_back("K1", "账户已销户")
    entries = CLIENT.get(f"{bank.url}/statement", params={"date": "2026-11-22"}).json()["entries"]
    assert [(each["movement"], each["idempotency_key"], each["reason"]) for each in entries] == [
        ("payment", "K1", ""),
        ("return", "K1", "账户已销户"),
    ]
    for key in ("K1", "K9"):
        with pytest.raises(LookupError):
            bank.book.give_back(key, "again")


def test_a_statement_may_come_in_no_order(tmp_path: Path) -> None:
    bank = open_bank(tmp_path, Misbehaviour(seed=3, shuffles=True))
    for number in range(8):
        pay(bank, f"K{number}")
    keys = [each["idempotency_key"] for each in CLIENT.get(f"{bank.url}/statement", params={"date": "2026-11-22"}).json()["entries"]]
    assert keys != sorted(keys)
    assert sorted(keys) == [f"K{number}" for number in range(8)]
    bank.stop()


def test_a_day_of_the_statement_is_a_day_in_china(tmp_path: Path) -> None:
    bank = SandboxBank(tmp_path / "bank.sqlite", clock=lambda: datetime(2026, 11, 22, 16, tzinfo=UTC))  # midnight there
    bank.start()
    pay(bank, "K1")
    days = [CLIENT.get(f"{bank.url}/statement", params={"date": f"2026-11-{day}"}).json()["entries"] for day in (22, 23)]
    assert [len(each) for each in days] == [0, 1]
    bank.stop()
