"""A channel is told that a claim went on: signed, tried again, logged, and never at an address inside."""

import importlib.util
import json
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storage_samples import ACTOR, new_claim, save_world

from adjudicator.chores import send_messages
from adjudicator.webhooks import WebhookMessenger, check_url, public_addresses, signatures
from domain.errors import InputError
from domain.message import Way
from domain.states import ClaimState
from sandbox.webhook_receiver import WebhookReceiver, is_genuine
from storage import access, claims, webhooks
from storage.access import ApiClient
from storage.database import Database

ROOT = Path(__file__).parents[2]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # of the convention's own example


class Outbox:
    """As much of a system as the outbox needs."""

    def __init__(self, database: Database) -> None:
        from adjudicator.system import Limits

        self.database, self.limits = database, Limits()
        self.messengers = {Way.WEBHOOK: WebhookMessenger(database, may_be_private=True)}


@pytest.fixture
def receiver() -> Iterator[WebhookReceiver]:
    found = WebhookReceiver("")
    found.start()
    yield found
    found.stop()


@pytest.fixture
def outbox(database: Database, receiver: WebhookReceiver) -> Any:
    with database.write() as tx:
        save_world(tx, 2)
        access.save_api_client(tx, ApiClient("the-app", "app", None))
        made = webhooks.add_webhook(tx, "the-app", receiver.url)
        receiver.secret = made.secrets[0]
        claims.add_claim(tx, new_claim(1, 1), ACTOR)
    return Outbox(database)


def webhook_of(outbox: Any) -> webhooks.Webhook:
    with outbox.database.read() as tx:
        return webhooks.list_webhooks(tx)[0]


def move(outbox: Any, *states: ClaimState) -> None:
    with outbox.database.write() as tx:
        for each in states:
            claims.move(tx, "C1", each, ACTOR)


def later(outbox: Any, seconds: int) -> None:
    outbox.database._ahead_ms = lambda: seconds * 1000


def log(outbox: Any) -> list[tuple[int | None, str]]:
    with outbox.database.read() as tx:
        return [(each.status, each.message_status) for each in webhooks.attempts(tx, "the-app", 50)]


TO_REVIEW = (ClaimState.READING, ClaimState.ADJUDICATED, ClaimState.SCORED, ClaimState.IN_REVIEW)


def test_a_channel_is_told_of_what_a_customer_would_ask_about(outbox: Any, receiver: WebhookReceiver) -> None:
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    (told,) = receiver.genuine
    assert (told["type"], told["data"]) == ("claim.state_changed", {"claim_id": "C1", "state": "IN_REVIEW"})
    assert receiver.refused == 0 and log(outbox) == [(204, "sent")]


def test_an_investigation_is_told_to_nobody(outbox: Any, receiver: WebhookReceiver) -> None:
    move(outbox, *TO_REVIEW, ClaimState.IN_INVESTIGATION, ClaimState.IN_REVIEW)
    send_messages(outbox)
    assert [each["data"]["state"] for each in receiver.genuine] == ["IN_REVIEW"]


def test_what_was_not_taken_is_offered_again_under_the_same_number_until_it_is(outbox: Any, receiver: WebhookReceiver) -> None:
    receiver.answers = [500, 302]
    move(outbox, *TO_REVIEW)
    for seconds in (0, 60, 3_600):
        later(outbox, seconds)
        receiver_time = time.time() + seconds
        receiver.take = _as_of(receiver, receiver_time)  # type: ignore[method-assign]
        send_messages(outbox)
    assert log(outbox) == [(204, "sent"), (302, "sent"), (500, "sent")]
    assert len({each["webhook-id"] for each in receiver.headers}) == 1
    assert len({each["webhook-timestamp"] for each in receiver.headers}) == 3


def _as_of(receiver: WebhookReceiver, now: float) -> Callable[[dict[str, str], bytes], int]:
    def take(headers: dict[str, str], body: bytes) -> int:
        assert is_genuine(receiver.secret, headers, body, now)
        receiver.headers.append(headers)
        return receiver.answers.pop(0) if receiver.answers else 204

    return take


def test_a_receiver_that_is_gone_is_told_nothing_more(outbox: Any, receiver: WebhookReceiver) -> None:
    receiver.answers = [410]
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    assert webhook_of(outbox).ended_ms is not None
    move(outbox, ClaimState.DECIDED)
    later(outbox, 60)
    send_messages(outbox)
    assert [status for status, _ in log(outbox)] == [410]


def test_a_receiver_that_is_not_there_is_in_the_log_too(outbox: Any, receiver: WebhookReceiver) -> None:
    receiver.stop()
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    assert log(outbox) == [(None, "open")]


def test_while_a_secret_is_changed_both_sign_and_afterwards_the_new_one_alone(outbox: Any, receiver: WebhookReceiver) -> None:
    earlier = receiver.secret
    with outbox.database.write() as tx:
        newer = webhooks.rotate_secret(tx, webhooks.list_webhooks(tx)[0], 3_600_000)
    assert set(webhook_of(outbox).secrets) == {earlier, newer}
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    assert len(receiver.genuine) == 1 and len(receiver.headers[0]["webhook-signature"].split(" ")) == 2
    later(outbox, 3_700)
    assert webhook_of(outbox).secrets == (newer,)


def test_a_delivery_is_offered_once_more_when_somebody_asks_for_it(outbox: Any, receiver: WebhookReceiver) -> None:
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    with outbox.database.write() as tx:
        assert webhooks.send_again(tx, receiver.headers[0]["webhook-id"]) and not webhooks.send_again(tx, "M0")
    send_messages(outbox)
    assert [each["webhook-id"] for each in receiver.headers] == [receiver.headers[0]["webhook-id"]] * 2


def test_a_hospital_is_told_of_its_own_settlements_alone(outbox: Any, receiver: WebhookReceiver) -> None:
    with outbox.database.write() as tx:
        access.save_api_client(tx, ApiClient("his", "hospital", "H1"))
        webhooks.add_webhook(tx, "his", receiver.url)
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    with outbox.database.read() as tx:
        assert webhooks.attempts(tx, "his", 5) == () and len(webhooks.attempts(tx, "the-app", 5)) == 1


INSIDE = (
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0",  # noqa: S104 - refused
    "100.64.0.1", "224.0.0.1", "255.255.255.255",
    "::1", "::", "fe80::1", "fc00::1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_refused_also_beside_a_public_one(address: str) -> None:
    for found in ([address], ["93.184.216.34", address]):
        with pytest.raises(OSError, match="no public address"):
            public_addresses("hooks.example", 443, may_be_private=False, resolve=lambda *_, found=found: found)
        with pytest.raises(InputError):
            check_url("https://hooks.example/x", may_be_private=False, resolve=lambda *_, found=found: found)


@pytest.mark.parametrize(
    "url",
    ["http://hooks.example/", "ftp://hooks.example/", "https://user:pw@hooks.example/", "https:///x", "https://hooks.example:x/",
     "https://127.0.0.1/", "https://[::1]/", "https://2130706433/", "https://0x7f.1/", "https://hooks.example/#x",
     "file:///etc/passwd", ""],
)  # fmt: skip
def test_what_is_no_public_https_address_is_refused(url: str) -> None:
    with pytest.raises(InputError):
        check_url(
            url, may_be_private=False, resolve=lambda host, port: ["93.184.216.34"] if host == "hooks.example" else _really(host, port)
        )


def _really(host: str, port: int) -> list[str]:
    from adjudicator.webhooks import _resolve

    return _resolve(host, port)


def test_a_name_that_answers_otherwise_a_moment_later_leads_nowhere(outbox: Any, receiver: WebhookReceiver) -> None:
    """Checked as public, and then the same name leads inside: the connection is refused, for it is checked again as it is made."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"]])
    with outbox.database.write() as tx:
        webhooks.end_webhook(tx, webhook_of(outbox).webhook_id)
        webhooks.add_webhook(tx, "the-app", f"https://hooks.example:{receiver.url.split(':')[2]}")
    outbox.messengers = {Way.WEBHOOK: WebhookMessenger(outbox.database, resolve=lambda *_: next(answers))}
    move(outbox, *TO_REVIEW)
    send_messages(outbox)
    assert receiver.headers == [] and receiver.refused == 0 and log(outbox) == [(None, "open")]


def the_python_example() -> Callable[..., bool]:
    spec = importlib.util.spec_from_file_location("verify_webhook", ROOT / "docs/examples/verify_webhook.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[..., bool] = module.is_genuine
    return found


def test_the_signature_is_that_of_the_conventions_own_example() -> None:
    body = b'{"test": 2432232314}'
    signed = signatures([SECRET], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body)
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def headers_of(body: bytes, secrets: tuple[str, ...], at: int) -> dict[str, str]:
    return {"webhook-id": "M1", "webhook-timestamp": str(at), "webhook-signature": signatures(secrets, "M1", at, body)}


@given(st.binary(max_size=200), st.integers(-301, 301))
def test_the_example_and_the_sandbox_believe_what_is_signed_and_fresh(body: bytes, late: int) -> None:
    verify = the_python_example()
    other = webhooks.new_secret()
    headers = headers_of(body, (other, SECRET), 1_800_000_000)
    for check in (lambda *told: verify(*told, now=1_800_000_000 + late), lambda *told: is_genuine(*told, 1_800_000_000 + late)):
        assert check(SECRET, headers, body) is (abs(late) <= 300)
        assert not check(webhooks.new_secret(), headers, body)
        assert not check(SECRET, headers, body + b" ")
        assert not check(SECRET, {**headers, "webhook-id": "M2"}, body)
        assert not check(SECRET, {**headers, "webhook-signature": "v1,"}, body)


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on this machine")
def test_the_example_in_javascript_tells_the_same(tmp_path: Path) -> None:
    body, at = '{"type": "claim.state_changed", "中": 1}', 1_800_000_000
    good = headers_of(body.encode(), (webhooks.new_secret(), SECRET), at)
    cases = [
        (good, body, at + 300, True),
        (good, body, at + 301, False),
        (good, body + " ", at, False),
        ({**good, "webhook-id": "M2"}, body, at, False),
        ({**good, "webhook-signature": "v1,xx"}, body, at, False),
        ({**good, "webhook-timestamp": "x"}, body, at, False),
        ({}, body, at, False),
    ]
    script = f"""import {{ isGenuine }} from {json.dumps(str(ROOT / "docs/examples/verify_webhook.mjs"))};
const cases = {json.dumps([case[:3] for case in cases])};
console.log(JSON.stringify(cases.map(([headers, body, now]) => isGenuine({json.dumps(SECRET)}, headers, Buffer.from(body), now))));"""
    (tmp_path / "run.mjs").write_text(script)
    done = subprocess.run(["node", "run.mjs"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [case[3] for case in cases]
