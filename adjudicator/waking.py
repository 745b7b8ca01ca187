"""Waking workers (唤醒): in this process by an event, in others by a hint through PostgreSQL, or through Dramatiq over RabbitMQ.

A hint says only that something may be due. Losing every one of them delays a claim by the time until a worker looks anyway,
half a second, and loses none: the truth is the task in the database. So hints are sent beside the work, at most one every
few milliseconds, whatever becomes of who carries them; nobody waits for it and nothing fails with it.
"""

import logging
import threading
from abc import ABC, abstractmethod

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.errors import DramatiqError
from dramatiq.middleware import AgeLimit, ShutdownNotifications
from pika.exceptions import AMQPError  # type: ignore[import-untyped]  # pika ships no types

from storage.hints import DatabaseHints

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN = 0.02
_SECONDS_AFTER_FAILURE = 2.0
_SECONDS_OF_LISTENING = 0.5  # after which it is asked whether to stop
_HINT_LIVES_MS = 60_000  # what a worker finds in the queue after a long sleep is old: it looks once and drops the rest


class Waker(ABC):
    """Wakes the workers of this process and, by hints, those of every other one.

    Many calls in a short time become one hint. While there is no way through, it is tried again every two seconds.
    """

    def __init__(self, woken: threading.Event) -> None:
        """Send from a thread of our own."""
        self._woken = woken
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def __call__(self) -> None:
        """Wake them."""
        self._woken.set()
        self._due.set()

    @abstractmethod
    def listen(self) -> None:
        """Let hints of other processes wake the workers of this one, until it is closed."""

    def close(self) -> None:
        """Stop sending and listening."""
        self._stopping.set()
        self._due.set()
        self._thread.join(timeout=_SECONDS_AFTER_FAILURE)

    @abstractmethod
    def _send(self) -> None:
        """Send one hint; raises OSError when there is no way through."""

    def _run(self) -> None:
        is_away = False
        while True:
            self._due.wait()
            self._due.clear()
            if self._stopping.is_set():
                return
            try:
                self._send()
                is_away = False
            except OSError as error:
                if not is_away:  # once, not every two seconds
                    _log.warning("no hint goes out (%s); workers of other processes look by themselves", error)
                is_away = True
            self._stopping.wait(_SECONDS_AFTER_FAILURE if is_away else _SECONDS_BETWEEN)


class DatabaseWaker(Waker):
    """Hints through PostgreSQL itself, where no broker is configured."""

    def __init__(self, url: str, woken: threading.Event) -> None:
        """Talk through the database at a SQLAlchemy URL."""
        self._hints = DatabaseHints(url)
        self._ear: threading.Thread | None = None
        super().__init__(woken)

    def listen(self) -> None:
        """Listen in a thread of our own, which connects again by itself when the database was away."""
        self._ear = threading.Thread(target=self._hear, name="hints heard", daemon=True)
        self._ear.start()

    def close(self) -> None:
        """Stop sending and listening, and close both connections."""
        super().close()
        if self._ear:
            self._ear.join(timeout=_SECONDS_AFTER_FAILURE)
        self._hints.close()

    def _send(self) -> None:
        self._hints.send()

    def _hear(self) -> None:
        while not self._stopping.is_set():
            try:
                if self._hints.hear(_SECONDS_OF_LISTENING):
                    self._woken.set()
            except OSError as error:
                _log.warning("no hint comes in (%s); this process looks by itself", error)
                self._stopping.wait(_SECONDS_AFTER_FAILURE)


class BrokerWaker(Waker):
    """Hints through RabbitMQ."""

    def __init__(self, url: str, woken: threading.Event, queue: str = "mingbai.wake") -> None:
        """Talk to the broker at `url` (amqp://user:password@host:5672/)."""
        self._queue = queue
        self._broker = RabbitmqBroker(url=url, middleware=[AgeLimit(max_age=_HINT_LIVES_MS), ShutdownNotifications()])
        self._hint = dramatiq.actor(actor_name="look", queue_name=queue, broker=self._broker)(self._take_hint)
        self._listener: dramatiq.Worker | None = None
        super().__init__(woken)

    def listen(self) -> None:
        """Listen through Dramatiq, which connects again by itself when the broker was away."""
        self._listener = dramatiq.Worker(self._broker, queues={self._queue}, worker_threads=1)
        self._listener.start()

    def close(self) -> None:
        """Stop sending and listening."""
        super().close()
        if self._listener:
            self._listener.stop()
        self._broker.close()

    def _take_hint(self) -> None:
        self._woken.set()

    def _send(self) -> None:
        try:
            self._hint.send()
        except (DramatiqError, AMQPError) as error:
            raise OSError(f"the broker takes no hints: {type(error).__name__}") from error


def waker_for(database_url: str, broker_url: str, woken: threading.Event) -> Waker | None:
    """Give what wakes the workers of other processes: the broker if there is one, else PostgreSQL; None for SQLite, which has none."""
    if broker_url:
        return BrokerWaker(broker_url, woken)
    return DatabaseWaker(database_url, woken) if database_url.startswith("postgresql") else None
