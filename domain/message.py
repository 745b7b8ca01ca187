"""What is told to somebody outside (消息), and the port behind which a gateway stands: app push, text message, staff."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Way(StrEnum):
    """How a message travels (渠道)."""

    APP_PUSH = "app_push"  # the insurer's app or mini-program; the recipient is the customer's number
    SMS = "sms"  # the recipient is a phone number
    MAIL = "mail"  # the recipient is an address that the customer gave
    WEBHOOK = "webhook"  # a channel's own server; the recipient is the number of its webhook
    STAFF = "staff"  # those who work here; the recipient is a role


@dataclass(frozen=True)
class Message:
    """One message: the same `message_id` is the same message, however often it is handed over."""

    message_id: str
    way: Way
    recipient: str
    subject: str
    body: str


class Messenger(Protocol):
    """A gateway that takes messages of one way."""

    def send(self, message: Message) -> str:
        """Hand a message over; gives the gateway's own number of it, or "".

        Raises:
            MessageError: the gateway gave no usable answer; it is tried again, so a gateway may get a message twice.
        """
        ...
