"""`event …`: catastrophes: declare, approve, find whom they met, show what they came to, close with a report."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from adjudicator import clocks
from adjudicator.declaring import approve, close, declare
from adjudicator.event_account import EventAccount, account_json, account_of, day_of, report_markdown
from adjudicator.finding_insureds import FoundInsureds, find_insureds
from adjudicator.people import actor_of
from adjudicator.published import PublishedBooks
from adjudicator.settings import limits_of, read_config
from api.permissions import Action
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption
from commands.plant import database_of
from commands.rule_versions import AsOption, day
from commands.signing import sign_in
from domain.catastrophe import Area, CatastropheEvent, Relaxation
from domain.claim import LossCause
from domain.document import CLASS_NAMES_ZH, DocumentClass
from domain.errors import ConflictError, InputError
from domain.money import format_fen, parse_fen
from storage import audit, claims, events
from storage.events import EventRecord

commands = typer.Typer(help="Catastrophes: declare, approve, find, list, show, contacted, close.", no_args_is_help=True)
CodeArgument = Annotated[str, typer.Argument(metavar="CODE", help="The event's code, such as typhoon_2027.")]
_PAPER = "a class or its Chinese name, such as discharge_summary or 出院小结; may be given again"


@commands.command("declare")
def event_declare(
    code: CodeArgument,
    name: Annotated[str, typer.Option("--name", help="What customers read: 示例台风")],
    from_: Annotated[str, typer.Option("--from", help="The first day: 2027-08-01")],
    to: Annotated[str, typer.Option("--to", help="The last day.")],
    peril: Annotated[list[str], typer.Option("--peril", help="意外 or 疾病; may be given again.")],
    as_: AsOption,
    region: Annotated[
        list[str] | None, typer.Option("--region", help="A region code or its beginning: 51, 5101; may be given again.")
    ] = None,
    hospital: Annotated[list[str] | None, typer.Option("--hospital", help="A hospital's id; may be given again.")] = None,
    product: Annotated[list[str] | None, typer.Option("--product", help="Only these products' insureds are reported for.")] = None,
    without: Annotated[list[str] | None, typer.Option("--without", help=f"A paper that is not asked for: {_PAPER}.")] = None,
    small_without: Annotated[
        list[str] | None, typer.Option("--small-without", help=f"A paper that small claims need not have: {_PAPER}.")
    ] = None,
    small: Annotated[str, typer.Option("--small", help="Up to what sum of the invoices a claim is small: 5000.00")] = "0.00",
    straight_through: Annotated[
        str, typer.Option("--straight-through", help="The most that is paid without a person, at most the system's.")
    ] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Sign an event as the first of two people. Nothing follows from it until somebody else signs it with `event approve`."""
    event = CatastropheEvent(
        code=code,
        name=name,
        area=Area(tuple(region or ()), tuple(hospital or ())),
        period_from=day(from_),
        period_to=day(to),
        perils=tuple(map(_peril, peril)),
        products=tuple(product or ()),
        relaxed=Relaxation(tuple(map(_paper, without or ())), tuple(map(_paper, small_without or ())), parse_fen(small)),
        straight_through_fen=parse_fen(straight_through) if straight_through else None,
    )
    limits = limits_of(read_config(config).limits)
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.DECLARE_EVENT)
        record = declare(database, event, limits, staff)
    print(f"{code}  signed by {record.declared_by}, waits for a second person: event approve {code} --as NAME")


def _peril(text: str) -> LossCause:
    if text not in tuple(LossCause):
        raise InputError(f"{text!r} is no peril", "write " + " or ".join(LossCause), field="peril")
    return LossCause(text)


def _paper(text: str) -> DocumentClass:
    known = {name: each for each, zh in CLASS_NAMES_ZH.items() for name in (each.value, zh)}
    if text not in known:
        raise InputError(f"{text!r} is no class of paper", "write one of " + ", ".join(DocumentClass), field="without")
    return known[text]


@commands.command("approve")
def event_approve(code: CodeArgument, as_: AsOption, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Sign an event as the second of two people; then its claims are found, and insureds are reported for."""
    with database_of(config) as database:
        record = approve(database, code, sign_in(database, as_, Action.DECLARE_EVENT))
        found = find_insureds(database, PublishedBooks(), code)
    print(f"{code}  open, signed by {record.declared_by}、{record.approved_by}")
    _tell_found(found)


@commands.command("find")
def event_find(code: CodeArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Look for claims and insureds of an open event once more: after data were imported, or when `approve` was interrupted."""
    with database_of(config) as database:
        _tell_found(find_insureds(database, PublishedBooks(), code))


def _tell_found(found: FoundInsureds) -> None:
    print(f"{found.joined} claims joined it, {found.reported} insureds were reported for")


@commands.command("list")
def event_list(as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """List events in the order they were declared."""
    with database_of(config) as database, database.read() as tx:
        found = events.list_events(tx)
    if as_json:
        print(json.dumps([{"code": each.event.code, "status": each.status, "name": each.event.name} for each in found], ensure_ascii=False))
        return
    for each in found:
        print(f"{each.event.code}  {each.status}  {each.event.period_from} – {each.event.period_to}  {each.event.name}")


@commands.command("show")
def event_show(code: CodeArgument, as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Show an event and what it comes to now; of a closed one its report, as it was written."""
    with database_of(config) as database, database.read() as tx:
        record = events.get_event(tx, code)
        report, account = events.find_report(tx, code), account_of(tx, record)
    if report:
        sha256, text = report
        print(text if as_json else report_markdown(json.loads(text), sha256))
    elif as_json:
        print(json.dumps(account_json(record, account), ensure_ascii=False))
    else:
        _show(record, account)


def _show(record: EventRecord, account: EventAccount) -> None:
    event = record.event
    print(f"{event.code}  {record.status}  {event.name}  {event.period_from} – {event.period_to}  {'、'.join(event.perils)}")
    print(f"declared by {record.declared_by}, approved by {record.approved_by or 'nobody yet'}")
    print(f"claims {account.reported}, of these reported by us {account.reported_for}, nobody answered yet {account.untouched}")
    print(f"decided {format_fen(account.decided_fen)}, paid {format_fen(account.paid_fen)}")
    print(f"insureds without a region, whom nobody can find: {account.without_region}")
    for state, count in account.by_state.items():
        print(f"  {state}  {count}")
    for product, count in account.by_product.items():
        print(f"  {product}  {count} claims")
    for each in account.sums:
        print(f"  {day_of(each)}  {each.product}  decided {format_fen(each.decided_fen)}  paid {format_fen(each.paid_fen)}")
    for clock in account.clocks:
        print(f"  {clocks.NAMES_ZH[clock.kind]}  kept {clock.kept}  missed {clock.missed}  running {clock.running}")


@commands.command("contacted")
def event_contacted(
    claim_id: str,
    as_: AsOption,
    note: Annotated[str, typer.Option("--note", help="How, without names or numbers: 电话")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Write that the insured of an event's claim was reached: the clock of one hour is met."""
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.RECORD_CONTACT)
        with database.write() as tx:
            claim = claims.get_claim(tx, claim_id, lock=True)
            if claim.event_code is None:
                raise ConflictError(f"claim {claim_id} belongs to no event", "only claims of events have the clock of one hour")
            clocks.contacted(tx, claim_id)
            audit.append(tx, claim_id, actor_of(staff), "event.contacted", {"note": audit.Said(note)})
            at = datetime.fromtimestamp(tx.now_ms() / 1000, UTC).isoformat(timespec="seconds")
    print(f"{claim_id}  contacted at {at} by {staff.user_name}")


@commands.command("close")
def event_close(
    code: CodeArgument,
    as_: AsOption,
    reason: Annotated[str, typer.Option("--reason", help="Why it is closed although claims of it are open.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Close an event and write its report, once; later claims are ordinary ones."""
    with database_of(config) as database:
        digest = close(database, code, sign_in(database, as_, Action.DECLARE_EVENT), reason)
    print(f"{code}  closed, report {digest}: event show {code}")
