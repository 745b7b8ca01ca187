"""The gateways of messages: a file, an HTTP address that takes signed calls, a mail server. A setting names one for each way.

file                            one JSON object a line in the outbox folder: the embedded default
http://… https://…              POST, signed by the Standard Webhooks convention, the message's number as Idempotency-Key
smtp://… smtps://…              a mail: to one address for staff, to the customer's own for customers
"""

import base64
import hashlib
import hmac
import json
import os
import smtplib
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx

from domain.errors import MessageError, SetupError
from domain.message import Message, Messenger, Way

_TIMEOUT_SECONDS = 5.0
_MAIL_PORTS = {"smtp": 25, "smtps": 465}


class FileMessenger:
    """Writes each message as one line of JSON, readable by the owner alone: it holds telephone numbers."""

    def __init__(self, path: Path) -> None:
        """Append to the file at `path`; its folder is made with the first message."""
        self._path = path
        self._lock = threading.Lock()

    def send(self, message: Message) -> str:
        """Append a message, and wait until the disk has it."""
        line = json.dumps(vars(message), ensure_ascii=False) + "\n"
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(line)
                    file.flush()
                    os.fsync(file.fileno())
        except OSError as error:
            raise MessageError(f"the outbox file {self._path} cannot be written: {error.strerror}", "it is tried again") from error
        return ""


class HttpMessenger:
    """Posts each message to a gateway of push or text messages: {"message_id", "way", "recipient", "subject", "body"}."""

    def __init__(self, url: str, secret: bytes) -> None:
        """Talk to the gateway at `url`, signing every call with `secret`."""
        self._url = url
        self._secret = secret
        self._client = httpx.Client(timeout=_TIMEOUT_SECONDS)

    def send(self, message: Message) -> str:
        """Post a message; the answer may hold the gateway's own number as {"reference": …}."""
        content = json.dumps(vars(message), ensure_ascii=False).encode()
        try:
            answer = self._client.post(self._url, content=content, headers=self._headers(message.message_id, content))
            answer.raise_for_status()
            told = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
        except (httpx.HTTPError, ValueError) as error:
            status = f" {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else ""
            told = f"the gateway of {message.way} messages gave no usable answer: {type(error).__name__}{status}"
            raise MessageError(told, "it is tried again") from error
        return str(told.get("reference", "")) if isinstance(told, dict) else ""

    def _headers(self, message_id: str, content: bytes) -> Mapping[str, str]:
        at = str(int(time.time()))
        signature = hmac.new(self._secret, f"{message_id}.{at}.".encode() + content, hashlib.sha256).digest()
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
            "webhook-id": message_id,
            "webhook-timestamp": at,
            "webhook-signature": "v1," + base64.b64encode(signature).decode(),
        }


@dataclass(frozen=True)
class MailAddresses:
    """Who mails come from, and the box of those who watch over clocks."""

    sender: str = ""
    to: str = ""


class MailMessenger:
    """Hands each message to a mail server; its number becomes the Message-ID, so that a mailbox may drop a second copy."""

    def __init__(self, url: str, sender: str, to: str) -> None:
        """Send mails by the server at smtp://[user:password@]host[:port] (smtps: encrypted from the first byte), to `to`, or to whom each
        message names when that is "".
        """
        self._url = urlsplit(url)
        self._sender = sender
        self._to = to

    def send(self, message: Message) -> str:
        """Hand a mail over."""
        mail = EmailMessage()
        subject = f"{message.subject}（{message.recipient}）" if self._to else message.subject
        mail["From"], mail["To"], mail["Subject"] = self._sender, self._to or message.recipient, subject
        mail["Message-ID"] = f"<{message.message_id}@{self._sender.rpartition('@')[2]}>"
        mail.set_content(message.body)
        host, port = self._url.hostname or "localhost", self._url.port or _MAIL_PORTS[self._url.scheme]
        kind = smtplib.SMTP_SSL if self._url.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(host, port, timeout=_TIMEOUT_SECONDS) as server:
                if self._url.username:
                    if self._url.scheme == "smtp":
                        server.starttls()
                    server.login(unquote(self._url.username), unquote(self._url.password or ""))
                server.send_message(mail)
        except (OSError, smtplib.SMTPException) as error:
            raise MessageError(f"the mail server {host}:{port} did not take a mail: {type(error).__name__}", "it is tried again") from error
        return str(mail["Message-ID"])


def messenger_for(way: Way, setting: str, folder: Path, secret: bytes, mail: MailAddresses) -> Messenger:
    """Make the gateway that a setting names.

    Raises:
        SetupError: a setting of another kind, or a mail server without addresses, or for what is no mail.
    """
    if setting == "file":
        return FileMessenger(folder / f"{way}.jsonl")
    scheme = urlsplit(setting).scheme
    if scheme in ("http", "https"):
        return HttpMessenger(setting, secret)
    if scheme in _MAIL_PORTS and way in (Way.STAFF, Way.MAIL):
        if not mail.sender or (way is Way.STAFF and not mail.to):
            raise SetupError(f"messages.{way}: a mail needs addresses", "set messages.mail_from, and for staff messages.mail_to")
        return MailMessenger(setting, mail.sender, mail.to if way is Way.STAFF else "")
    told = f"messages.{way}: {setting!r} is no gateway of such messages"
    raise SetupError(told, "write file, http(s)://… or, for staff and mail, smtp(s)://host")
