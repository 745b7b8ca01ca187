"""`demo`: a dozen synthetic claims through the real path, and then the queue."""

import json
import logging
import secrets
import shutil
import socket
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import httpx
import typer
from rich import box
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from adjudicator.settings import BankSettings, Config, LetterSettings, LimitSettings, ServerSettings, read_config
from adjudicator.story import tell
from adjudicator.system import System
from commands.data import save_portfolio
from commands.options import DEFAULT_CONFIG, HOME, JsonOption, console, warnings
from commands.plant import set_up_logging
from commands.serving import serving, wait_for_stop
from domain.errors import SetupError
from domain.money import format_fen
from sandbox.bank import SandboxBank
from sandbox.portfolio import Portfolio, build_customer_portfolio, build_portfolio
from sandbox.scenario import Scenario
from sandbox.scenarios import scenario_claims
from sandbox.sending import Outcome, Sender, play_all
from storage import access, agents
from storage.access import ApiClient, Staff
from storage.database import Database

DEMO_FOLDER = HOME / "var/demo"


DEMO_PASSWORD = "mingbai-demo"  # noqa: S105  # printed on the log-in page; the demo listens on 127.0.0.1 only


DEMO_SECRET = "mingbai-demo-channel"  # noqa: S105  # with which its channels fetch tokens; documented in docs/api.md


DEMO_STAFF = (
    Staff("adjuster", "示例理赔员", "adjuster", 5_000_000),
    Staff("senior", "示例高级理赔员", "senior_adjuster", 50_000_000),
    Staff("investigator", "示例调查员", "investigator", 5_000_000),
    Staff("actuary", "示例精算师", "actuary", 0),
    Staff("agent", "示例代理人", "field_agent", 0),
    Staff("desk", "示例坐席", "hotline_agent", 0),
    Staff("operator", "示例运维", "operator", 0),
)


def demo_command(
    claims: Annotated[
        int, typer.Option("--claims", min=1, max=1000, help="How many claims; past twelve the scenarios repeat with other people.")
    ] = 12,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the queue afterwards.")] = True,
    port: Annotated[int, typer.Option("--port", help="Where to serve; 0 takes any free port.")] = 8000,
    folder: Annotated[Path, typer.Option("--folder", help="Where its database and files go; emptied first.")] = DEMO_FOLDER,
    as_json: JsonOption = False,
) -> None:
    """Send a dozen synthetic claims through the real path, from photographs to payouts, and show what became of them.

    It starts from an empty database of its own each time, and never touches the one of config.yaml.
    """
    set_up_logging(logging.ERROR)
    if serve:
        _check_port(port)  # before anything is emptied: another demo may be running there
    _empty_folder(folder)
    start = time.monotonic()
    scenarios = scenario_claims(claims)
    bank = SandboxBank(folder / "bank.db")
    bank.start()
    try:
        config = _demo_config(folder.resolve(), bank.url, port if serve else 0)
        hint = f"{'、'.join(each.user_name for each in DEMO_STAFF)}，密码 {DEMO_PASSWORD}"
        with serving(config, demo_hint=hint) as (plant, url):
            sender_secrets = _fill_demo(plant.system.database, build_portfolio(scenarios), scenarios)
            outcomes = _play_with_bar(url, sender_secrets, scenarios, quiet=as_json)
            rows = [_row(plant.system, *each) for each in zip(scenarios, outcomes, strict=True)]
            _show_demo(rows, time.monotonic() - start, as_json)
            if serve:
                owner = _add_owner_of_many(plant.system.database)
                warnings.print(
                    f"\nThe queue: [bold]{url}[/]   log in as {', '.join(each.user_name for each in DEMO_STAFF)}; password {DEMO_PASSWORD}"
                )
                warnings.print(f"Everything a customer owns: {url}/hotline as desk, with the policy number {owner}")
                warnings.print("Ctrl-C stops the demo.")
                wait_for_stop(plant.stopping)
    finally:
        bank.stop()
    if not all(row["as_expected"] for row in rows):
        raise typer.Exit(1)


def _check_port(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise SetupError(
            f"port {port} is taken: {error.strerror}", "stop what uses it (another demo?), or choose another with --port"
        ) from error


def _empty_folder(folder: Path) -> None:
    """Make an empty folder; one that holds anything but an earlier demo is left alone.

    Raises:
        SetupError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "bank.db").exists():
        raise SetupError(
            f"{folder} is not empty and holds no earlier demo", "name an empty folder, or one that does not exist, with --folder"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _demo_config(folder: Path, bank_url: str, port: int) -> Config:
    return Config(
        database=f"sqlite:///{folder}/mingbai.db",
        files=folder / "files",
        field_key=folder / "field.key",
        session_key=folder / "session.key",
        server=ServerSettings(port=port, secure_cookies=False),
        bank=BankSettings(url=bank_url),
        limits=LimitSettings(audit_sample_rate=0),  # a random sample would make an expected outcome a matter of chance
        letters=LetterSettings(insurer="示例人寿保险公司", hotline="00000", specimen=True),
        ocr=read_config(DEFAULT_CONFIG).ocr,
    )


def _fill_demo(database: Database, portfolio: Portfolio, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Store the synthetic portfolio, the demo's staff and its calling systems; gives the secret of each channel."""
    hospital_id = next(
        (each.main.payload["hospital_id"] for each in scenarios if each.main.channel == "hospital"), portfolio.hospitals[0].hospital_id
    )
    clients = {"app": ApiClient("demo-app", "app", None), "hotline": ApiClient("demo-hotline", "hotline", None)}
    clients["hospital"] = ApiClient("demo-hospital", "hospital", hospital_id)
    made = {channel: secrets.token_urlsafe(32) for channel in clients}
    with database.write() as tx:
        save_portfolio(tx, portfolio)
        for staff in DEMO_STAFF:
            access.save_staff(tx, staff, DEMO_PASSWORD)
        agents.save_login(tx, "agent", portfolio.agents[0].agent_id)
        for channel, client in clients.items():
            access.save_api_client(tx, client, made[channel])
            access.add_channel_secret(tx, client.client_id, earlier_end_ms=0, secret=DEMO_SECRET)
    return made


def _add_owner_of_many(database: Database) -> str:
    """Store a customer with 157 policies and all that moved on them; gives the number of one policy."""
    portfolio = build_customer_portfolio()
    with database.write() as tx:
        save_portfolio(tx, portfolio)
    return portfolio.policies[0].policy_number


def _play_with_bar(url: str, channel_secrets: dict[str, str], scenarios: Sequence[Scenario], *, quiet: bool) -> list[tuple[Outcome, ...]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with httpx.Client(base_url=url, timeout=60) as client, Progress(*columns, console=warnings, disable=quiet) as progress:
        bar = progress.add_task("photographs → OCR → rules → risk → payout", total=len(scenarios))
        return play_all(Sender(client, channel_secrets), scenarios, settled=lambda: progress.advance(bar))


def _row(system: System, scenario: Scenario, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """Tell what became of a scenario as the insurer sees it: a customer is not told that a claim is investigated."""
    *earlier, main = [(outcome, tell(system, outcome.claim_id)) for outcome in outcomes]
    told = all(any(word in reason for reason in main[1].reasons) for word in scenario.expected_reasons)
    kept = all((s.claim.state, s.paid_fen) == (o.submission.expected_state, o.submission.expected_paid_fen) for o, s in (*earlier, main))
    return {
        "id": main[0].claim_id,
        "scenario": scenario.name,
        "title": scenario.title_zh,
        "state": main[1].claim.state,
        "expected_state": scenario.expected_state,
        "paid_fen": main[1].paid_fen,
        "expected_paid_fen": scenario.expected_paid_fen,
        "seconds": main[0].seconds,
        "reasons": list(main[1].reasons),
        "as_expected": told and kept,
        "earlier": [
            {"id": o.claim_id, "state": s.claim.state, "paid_fen": s.paid_fen, "expected_paid_fen": o.submission.expected_paid_fen}
            for o, s in earlier
        ],
    }


def _show_demo(rows: list[dict[str, Any]], seconds: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"claims": rows, "seconds": round(seconds, 2)}, ensure_ascii=False))
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), title_justify="left")
    table.add_column("案件", no_wrap=True)
    table.add_column("情形与理由", ratio=1, overflow="fold")
    table.add_column("状态", no_wrap=True)
    table.add_column("支付（元）", no_wrap=True, justify="right")
    table.add_column("秒", no_wrap=True, justify="right")
    for row in rows:
        told = "\n".join([f"[bold]{row['title']}[/]", *(f"· {reason}" for reason in row["reasons"][:4])])
        mark = "" if row["as_expected"] else f"\n[red]≠ {row['expected_state']} {format_fen(row['expected_paid_fen'])}[/]"
        table.add_row(row["id"], told, row["state"] + mark, format_fen(row["paid_fen"]), f"{row['seconds']:.1f}")
    console.print(table)
    console.print(f"{sum(row['as_expected'] for row in rows)} of {len(rows)} claims as expected, in {seconds:.0f} s")
