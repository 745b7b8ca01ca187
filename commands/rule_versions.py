"""`rules publish`, `history`, `replay`: books that never change, and decisions that are worked out again."""

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.settings import read_config
from commands.options import DEFAULT_CONFIG, HOME, ConfigOption, JsonOption
from commands.plant import load_books, open_database
from domain.errors import InputError, NotFoundError
from domain.money import format_fen
from rules.replay import Snapshot, differences, replay
from rules.versions import Shelf, Version
from storage.codec import to_json
from storage.history import DecidedPolicy, find_decided

commands = typer.Typer()

ShelfOption = Annotated[Path, typer.Option("--published", help="The folder of published books.")]


DEFAULT_SHELF = HOME / "var/published"


@commands.command("publish")
def rules_publish(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    effective: Annotated[str, typer.Option("--effective", help="The first day it is in force: 2026-04-01")],
    by: Annotated[str, typer.Option("--by", help="Who publishes it.")],
    and_: Annotated[str, typer.Option("--and", help="Who else approves it.")],
    published: ShelfOption = DEFAULT_SHELF,
) -> None:
    """Publish a book under its content hash, from a date on, approved by two people; it is never changed again."""
    today = datetime.now().astimezone().date()
    version = Shelf(published).publish(book, day(effective), (by, and_), today)
    print(f"{version.product}  {version.sha256}  in force from {version.effective}  approved by {'、'.join(version.approvers)}")


@commands.command("history")
def rules_history(
    product: Annotated[str, typer.Argument(help="A product; all when none is named.")] = "",
    on: Annotated[str, typer.Option("--on", help="Only what is in force on a day: 2026-04-01")] = "",
    published: ShelfOption = DEFAULT_SHELF,
    as_json: JsonOption = False,
) -> None:
    """List published books: product, hash, date, approvers."""
    shelf = Shelf(published)
    versions = shelf.history(product)
    if on:
        found = (shelf.in_force(each, day(on)) for each in dict.fromkeys(version.product for version in versions))
        versions = [each for each in found if each is not None]
    if as_json:
        print(to_json(tuple(versions), tuple[Version, ...]))
        return
    for each in versions:
        print(f"{each.effective}  {each.product}  {each.sha256}  {'、'.join(each.approvers)}  published {each.published_on}")


def day(text: str) -> date:
    """Read a day as options write it.

    Raises:
        InputError: it is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", "write it as 2026-04-01") from None


@commands.command("replay")
def rules_replay(claim_id: str, published: ShelfOption = DEFAULT_SHELF, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Work a stored decision out again from its book, elements and limits used before. Exit code 1 unless equal in every bit."""
    settings, home = read_config(config), config.resolve().parent
    database = open_database(settings, home)
    try:
        with database.read() as tx:
            claim = find_decided(tx, claim_id)
    finally:
        database.close()
    if claim is None:
        raise NotFoundError(f"claim {claim_id} has no decision", "see where it stands: claim show")
    missing = [each.policy_number for each in claim.policies if each.used is None]
    if missing:
        raise InputError(f"the decision of {claim_id} is older than the storing of limits used before", "it cannot be proven by replay")
    books = {each.sha256: each for each in load_books(home / settings.books).values()}
    for each in claim.policies:
        if each.book_hash not in books:
            books[each.book_hash] = Shelf(published).load(each.book_hash)
    snapshots = [_snapshot(each) for each in claim.policies]
    found = differences(tuple(each.assessment for each in claim.policies), replay(snapshots, books))
    for line in found:
        print(line)
    total = format_fen(sum(each.assessment.total_fen for each in claim.policies))
    print(f"{claim_id}  {total}  {'differs' if found else 'equal in every bit'}")
    raise typer.Exit(1 if found else 0)


def _snapshot(policy: DecidedPolicy) -> Snapshot:
    cost = policy.shared_cost
    shared = None if cost is None else (cost.charged_fen, cost.paid_by_others_fen)
    return Snapshot(policy.policy_number, policy.assessment.plan, policy.book_hash, policy.elements, policy.used or {}, shared)
