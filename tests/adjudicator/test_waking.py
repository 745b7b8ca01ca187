"""Hints over a real RabbitMQ wake another process's workers; without a broker nothing fails and nobody waits.

The broker is found by MINGBAI_TEST_RABBITMQ (an AMQP URL); without it these tests are skipped.
"""

import os
import secrets
import threading
import time
from collections.abc import Iterator

import pika  # type: ignore[import-untyped]  # it ships no types
import pytest

from adjudicator.waking import BrokerWaker

NOBODY = "amqp://guest:guest@127.0.0.1:1/"  # nothing listens on port 1
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
