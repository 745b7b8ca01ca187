"""Hints over a real RabbitMQ or PostgreSQL wake another process's workers; without a way through nothing fails and nobody waits.

They are found by MINGBAI_TEST_RABBITMQ (an AMQP URL) and MINGBAI_TEST_POSTGRES; without those these tests are skipped.
"""

import os
import secrets
import threading
import time
from collections.abc import Iterator

import pika  # type: ignore[import-untyped]  # it ships no types
import pytest

from adjudicator.waking import BrokerWaker, DatabaseWaker, waker_for
from storage.database import Database

NOBODY = "amqp://guest:guest@127.0.0.1:1/"  # nothing listens on port 1
NO_DATABASE = "postgresql+psycopg://nobody@127.0.0.1:1/nothing"
PATIENCE_SECONDS = 20


@pytest.fixture
def rabbitmq() -> str:
    url = os.environ.get("MINGBAI_TEST_RABBITMQ")
    if not url:
        pytest.skip("MINGBAI_TEST_RABBITMQ is not set: RabbitMQ is not tested")
    return url


@pytest.fixture
def queue(rabbitmq: str) -> Iterator[str]:
    name = f"mingbai.test.{secrets.token_hex(6)}"
    yield name
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        channel = connection.channel()
        for each in (name, f"{name}.DQ", f"{name}.XQ"):
            channel.queue_delete(each)


def test_a_hint_of_one_process_wakes_the_workers_of_another(rabbitmq: str, queue: str) -> None:
    there = threading.Event()
    listener, sender = BrokerWaker(rabbitmq, there, queue), BrokerWaker(rabbitmq, threading.Event(), queue)
    listener.listen()
    sender()
    assert there.wait(PATIENCE_SECONDS)
    sender.close()
    listener.close()


def test_many_calls_become_few_hints(rabbitmq: str, queue: str) -> None:
    sender = BrokerWaker(rabbitmq, threading.Event(), queue)
    for _ in range(10_000):
        sender()
    time.sleep(0.2)
    sender.close()
    with pika.BlockingConnection(pika.URLParameters(rabbitmq)) as connection:
        waiting = connection.channel().queue_declare(queue, passive=True).method.message_count
    assert 1 <= waiting <= 50


def test_workers_of_the_same_process_are_woken_without_a_broker() -> None:
    here = threading.Event()
    waker = BrokerWaker(NOBODY, here)
    waker()
    assert here.is_set()
    waker.close()


def test_a_listener_without_a_broker_starts_and_stops() -> None:
    waker = BrokerWaker(NOBODY, threading.Event())
    waker.listen()
    waker()
    waker.close()


@pytest.fixture
def postgres(postgres_database: Database) -> str:
    return postgres_database.url


def test_without_a_broker_a_hint_goes_through_the_database(postgres: str) -> None:
    there = threading.Event()
    listener, sender = DatabaseWaker(postgres, there), DatabaseWaker(postgres, threading.Event())
    listener.listen()
    while not there.wait(0.05):  # what is sent before it listens is not heard
        sender()
    sender.close()
    listener.close()


def test_a_listener_whose_connection_was_cut_hears_again(postgres: str, postgres_database: Database) -> None:
    there = threading.Event()
    listener, sender = DatabaseWaker(postgres, there), DatabaseWaker(postgres, threading.Event())
    listener.listen()
    while not there.wait(0.05):
        sender()
    with postgres_database.write() as tx:
        tx.connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN mingbai_wake' AND datname = current_database()"
        )
    there.clear()
    until = time.monotonic() + PATIENCE_SECONDS
    while not there.wait(0.05) and time.monotonic() < until:
        sender()
    assert there.is_set()
    sender.close()
    listener.close()


def test_workers_of_the_same_process_are_woken_while_the_database_is_away() -> None:
    here = threading.Event()
    waker = DatabaseWaker(NO_DATABASE, here)
    waker.listen()
    waker()
    assert here.is_set()
    waker.close()


@pytest.mark.parametrize(
    ("database", "broker", "expected"),
    [
        ("sqlite:///x.db", "", None),
        (NO_DATABASE, "", DatabaseWaker),
        (NO_DATABASE, NOBODY, BrokerWaker),
        ("sqlite:///x.db", NOBODY, BrokerWaker),
    ],
)
def test_the_broker_carries_hints_if_there_is_one_else_postgresql(database: str, broker: str, expected: type | None) -> None:
    waker = waker_for(database, broker, threading.Event())
    assert (type(waker) if waker else None) is expected
    if waker:
        waker.close()
