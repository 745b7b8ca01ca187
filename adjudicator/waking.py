"""Waking workers (唤醒): in this process by an event, on other machines by a hint through Dramatiq over RabbitMQ.

A hint says only that something may be due. Losing every one of them delays a claim by the time until a worker looks anyway,
half a second, and loses none: the truth is the task in the database. So hints are sent beside the work, at most one every
few milliseconds, whatever becomes of the broker; nobody waits for it and nothing fails with it.
"""

import logging
import threading

import dramatiq
from dramatiq.brokers.rabbitmq import RabbitmqBroker
from dramatiq.errors import DramatiqError
from dramatiq.middleware import AgeLimit, ShutdownNotifications
from pika.exceptions import AMQPError  # type: ignore[import-untyped]  # pika ships no types

_log = logging.getLogger(__name__)
_SECONDS_BETWEEN = 0.02
_SECONDS_AFTER_FAILURE = 2.0
_HINT_LIVES_MS = 60_000  # what a worker finds in the queue after a long sleep is old: it looks once and drops the rest


class BrokerWaker:
    """Wakes the workers of this process and, by hints through RabbitMQ, those of every other one.

    Many calls in a short time become one hint. While the broker is away it is tried again every two seconds.
    """

    def __init__(self, url: str, woken: threading.Event, queue: str = "mingbai.wake") -> None:
        """Talk to the broker at `url` (amqp://user:password@host:5672/), from a thread of our own."""
        self._woken = woken
        self._queue = queue
        self._broker = RabbitmqBroker(url=url, middleware=[AgeLimit(max_age=_HINT_LIVES_MS), ShutdownNotifications()])
        self._hint = dramatiq.actor(actor_name="look", queue_name=queue, broker=self._broker)(self._take_hint)
        self._due = threading.Event()
        self._stopping = threading.Event()
        self._listener: dramatiq.Worker | None = None
        self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
        self._thread.start()

    def __call__(self) -> None:
        """Wake them."""
        self._woken.set()
        self._due.set()

    def listen(self) -> None:
        """Let hints of other processes wake the workers of this one; Dramatiq connects again by itself when the broker was away."""
        self._listener = dramatiq.Worker(self._broker, queues={self._queue}, worker_threads=1)
        self._listener.start()

    def close(self) -> None:
        """Stop sending and listening."""
        self._stopping.set()
        self._due.set()
        self._thread.join(timeout=_SECONDS_AFTER_FAILURE)
        if self._listener:
            self._listener.stop()
        self._broker.close()

    def _take_hint(self) -> None:
        self._woken.set()

    def _run(self) -> None:
        is_away = False
        while True:
            self._due.wait()
            self._due.clear()
            if self._stopping.is_set():
                return
            try:
                self._hint.send()
                is_away = False
            except (DramatiqError, AMQPError, OSError) as error:
                if not is_away:  # once, not every two seconds
                    _log.warning("the broker takes no hints (%s); workers of other processes look by themselves", type(error).__name__)
                is_away = True
            self._stopping.wait(_SECONDS_AFTER_FAILURE if is_away else _SECONDS_BETWEEN)
