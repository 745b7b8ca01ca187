"""The delivery log over HTTP and on the command line."""

from pathlib import Path
from typing import Any

import pytest
from api_house import House
from test_api_claims import a_claim, the_insured
from typer.testing import CliRunner

from commands.plant import database_of
from commands.webhooks import commands
from domain.errors import InputError, NotFoundError
from storage import access, audit, webhooks
from storage.access import ApiClient
from tests.commands.test_commands_ledger import config  # noqa: F401  # a fixture


@pytest.fixture
def delivered(house: House) -> list[str]:
    """Numbers of three messages that were offered to the app's webhook."""
    with house.system.database.write() as tx:
        made = webhooks.add_webhook(tx, "the-app", "https://hooks.example/x")
    for number in range(3):
        house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house), f"W-{number}"))
        claim_id = house.client(secret_of="app").post("/v1/claims", json=a_claim(the_insured(house), f"W-{number}")).json["claim_id"]
        house.client(secret_of="app").post(f"/v1/claims/{claim_id}/withdrawal", json={})
    from storage.tables import message

    with house.system.database.write() as tx:
        found = tx.connection.execute(message.select().where(message.c.way == "webhook").order_by(message.c.created_ms)).all()
        for each in found:
            webhooks.note_attempt(tx, made.webhook_id, each.message_id, 12, 500, "")
    return [each.message_id for each in found]


def log(house: House, who: str, **query: Any) -> Any:
    return house.client(secret_of=who).get("/v1/webhook-deliveries", query_string=query).json


def test_a_channel_reads_its_own_log_page_by_page_and_nobody_elses(house: House, delivered: list[str]) -> None:
    whole = log(house, "app")["deliveries"]
    assert [each["message_id"] for each in whole] == delivered[::-1] and len(whole) == 3
    assert (whole[0]["status"], whole[0]["state"], whole[0]["message_status"]) == (500, "WITHDRAWN", "open")
    first = log(house, "app", limit=2)
    assert first["deliveries"] + log(house, "app", limit=2, cursor=first["next"])["deliveries"] == whole
    assert log(house, "hotline") == log(house, "hospital") == {"next": None, "deliveries": []}


def run(config: Path, *words: str) -> str:  # noqa: F811
    told: str = CliRunner().invoke(commands, [*words, "--config", str(config)], catch_exceptions=False).output
    return told


def test_a_webhook_is_added_rotated_listed_and_ended_by_command(config: Path) -> None:  # noqa: F811
    with database_of(config) as database, database.write() as tx:
        access.save_api_client(tx, ApiClient("the-app", "app", None))
    with pytest.raises(InputError):
        run(config, "add", "the-app", "https://127.0.0.1/hooks")
    config.write_text(config.read_text() + "messages: {webhooks_to_private: true}\n")
    told = run(config, "add", "the-app", "http://127.0.0.1:8800/hooks")
    webhook_id = told.split()[1]
    assert "whsec_" in told and "whsec_" in run(config, "rotate", webhook_id)
    assert f"{webhook_id}  the-app  http://127.0.0.1:8800/hooks  told" in run(config, "list")
    assert run(config, "log", "the-app") == ""
    run(config, "end", webhook_id)
    assert "ended" in run(config, "list")
    for words in (("end", "W0"), ("rotate", "W0"), ("again", "M0"), ("add", "nobody", "http://127.0.0.1/")):
        with pytest.raises(NotFoundError):
            run(config, *words)


def page_of(house: House, **query: str) -> str:
    return str(house.client(staff="wang").get("/webhooks", query_string=query).text)


def test_operators_read_the_log_of_all_channels_on_a_page(house: House, delivered: list[str]) -> None:
    page = page_of(house)
    assert all(each in page for each in delivered)
    assert "https://hooks.example/x" in page and "the-app" in page
    assert "whsec" not in page


@pytest.mark.parametrize(
    ("query", "is_shown"),
    [
        ({"channel": "the-app"}, True),
        ({"channel": "the-hotline"}, False),
        ({"outcome": "failed"}, True),
        ({"outcome": "delivered"}, False),
        ({"claim": "C0"}, False),
        ({"before": "1"}, False),
        ({"before": "x"}, True),
    ],
)
def test_the_page_is_filtered(house: House, delivered: list[str], query: dict[str, str], is_shown: bool) -> None:
    assert (delivered[0] in page_of(house, **query)) is is_shown


def test_the_log_goes_on_page_by_page(house: House, delivered: list[str]) -> None:
    with house.system.database.write() as tx:
        made = webhooks.list_webhooks(tx)[0]
        for _ in range(50):
            webhooks.note_attempt(tx, made.webhook_id, delivered[-1], 12, 200, "")
    page = page_of(house)
    assert delivered[0] not in page
    before = page.split("before=")[1].split("&")[0].split('"')[0]
    assert delivered[0] in page_of(house, before=before)


def test_an_operator_has_a_message_delivered_again_and_the_claim_remembers_who(house: House, delivered: list[str]) -> None:
    operator = house.client(staff="wang")
    page = operator.get("/webhooks").text
    assert operator.submit(page, "/webhooks/again", message_id=delivered[0]).status_code == 302
    assert f"{delivered[0]} 将重新推送" in operator.get("/webhooks").text
    assert operator.submit(page, "/webhooks/again", message_id="M0").status_code == 404
    with house.system.database.read() as tx:
        claim_id = next(each.claim_id for each in webhooks.attempts(tx, "", 100) if each.message_id == delivered[0])
        last = audit.entries(tx, claim_id)[-1]
    assert (last.action, last.actor, last.detail) == ("webhook.again", "wang", {"message": delivered[0]})
