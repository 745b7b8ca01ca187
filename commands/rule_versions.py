"""`rules publish`, `approve`, `history`, `show`, `replay`: books that never change, and decisions that are worked out again."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from adjudicator.published import PublishedBooks
from adjudicator.publishing import Version, approve, find_version, propose, versions
from adjudicator.replaying import replay_decision
from adjudicator.settings import limits_of, read_config
from api.permissions import Action
from commands.book_refs import HELP, named_candidate
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, warnings
from commands.plant import book_files, database_of, medical_base_of
from commands.signing import sign_in
from domain.china import china_day
from domain.errors import ConflictError, InputError, NotFoundError
from domain.money import format_fen
from rules.loader import load_book
from storage import publications
from storage.database import Database, Transaction
from storage.history import find_decided
from storage.publications import BookAct

commands = typer.Typer()

AsOption = Annotated[str, typer.Option("--as", help="Who signs: a log-in of staff. The password is asked for.")]


@commands.command("publish")
def rules_publish(
    book: Annotated[str, typer.Argument(help=HELP)],
    effective: Annotated[str, typer.Option("--effective", help="The first day it is in force: 2027-04-01")],
    as_: AsOption,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Sign a book as the first of two people. It decides nothing until somebody else signs it with `rules approve`."""
    base = medical_base_of(read_config(config), config.resolve().parent)
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.PUBLISH_BOOK)
        _check_started(database, config)
        act = propose(database, named_candidate(database, PublishedBooks(), book, base), day(effective), staff)
        with database.read() as tx:
            before = publications.in_force(tx, [act.product], act.effective).get(act.product)
    short = act.book_sha256[:12]
    print(f"{act.product}  {act.book_sha256}  from {act.effective}  signed by {act.actor}, waits for a second person")
    print(f"what it changes: rules diff {before.book_sha256[:12]} {short}" if before else f"it is the first book of {act.product}")
    print(f"to approve it:   rules approve {short} --as NAME")


@commands.command("approve")
def rules_approve(
    digest: Annotated[str, typer.Argument(metavar="HASH", help="The hash of a book that waits, or the beginning of it.")],
    as_: AsOption,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Sign a book as the second of two people: from its day on it is in force, and it is never changed again."""
    with database_of(config) as database:
        staff = sign_in(database, as_, Action.PUBLISH_BOOK)
        bound = limits_of(read_config(config).limits).book_impact_fen
        act = approve(database, PublishedBooks(), digest, staff, impact_fen=bound)
        with database.read() as tx:
            (version,) = [each for each in versions(tx, act.product) if each.approval == act]
    print(f"{act.product}  {act.book_sha256}  in force from {act.effective}  signed by {'、'.join(signers_of(version))}")


@commands.command("history")
def rules_history(
    product: Annotated[str, typer.Argument(help="A product; all when none is named.")] = "",
    on: Annotated[str, typer.Option("--on", help="Only what is in force on a day: 2027-04-01")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """List books in the order they came: from when, product, hash, who signed, when."""
    with database_of(config) as database, database.read() as tx:
        found = list(versions(tx, product))
        if on:
            found = [each for each in found if each.counts in _in_force(tx, found, day(on))]
        today = _in_force(tx, found, china_day(tx.now_ms()))
    if as_json:
        print(json.dumps([_row(each) | {"in_force_today": each.counts in today} for each in found], ensure_ascii=False))
        return
    for each in found:
        mark = "  in force" if each.counts in today else ""
        print(f"{each.act.effective}  {each.act.product}  {each.act.book_sha256[:12]}  {_told(each)}{mark}")
    if not found:
        warnings.print("nothing is in force yet: the first start of the server takes over the folder `books`", markup=False)


def _in_force(tx: Transaction, found: list[Version], on: date) -> set[BookAct]:
    return set(publications.in_force(tx, {each.act.product for each in found}, on).values())


def _check_started(database: Database, config: Path) -> None:
    # Else the draft might be what the first start takes over, and nobody would have signed it.
    folder = config.resolve().parent / read_config(config).books
    with database.read() as tx:
        if book_files(folder) and not publications.acts(tx):
            raise ConflictError(f"nothing is in force yet, not even the books of {folder}", "start the server once: python app.py serve")


def _row(version: Version) -> dict[str, Any]:
    act = version.act
    return {
        "product": act.product,
        "sha256": act.book_sha256,
        "base_sha256": act.base_sha256,
        "effective": act.effective.isoformat(),
        "status": "waiting" if version.counts is None else "shipped" if version.is_shipped else "published",
        "signed": [{"by": each.actor, "role": each.actor_role, "at": _time(each.at_ms)} for each in version.signatures],
    }


def _told(version: Version) -> str:
    if version.is_shipped:
        return f"shipped with the release, {china_day(version.act.at_ms)}"
    signed = "、".join(signers_of(version))
    return f"{signed}, {china_day(version.signatures[-1].at_ms)}" if version.counts else f"{signed}, waits for a second person"


def signers_of(version: Version) -> list[str]:
    """Name who signed a version, in order."""
    return [each.actor for each in version.signatures]


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")


@commands.command("show")
def rules_show(
    digest: Annotated[str, typer.Argument(metavar="HASH", help="The hash of a book, or the beginning of it.")],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Print a book that was published or proposed, byte for byte: to read it, or to begin the next draft."""
    with database_of(config) as database, database.read() as tx:
        typer.echo(publications.find_content(tx, find_version(tx, digest).book_sha256), nl=False)


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
def rules_replay(
    claim_id: str,
    book: Annotated[
        list[Path] | None, typer.Option("--book", help="The file of a book, for a decision older than the keeping of books.")
    ] = None,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Work a stored decision out again: same book, medical base, elements, limits used before. Exit code 1 unless equal in every bit."""
    brought = {each.sha256: each for each in map(load_book, book or [])}
    with database_of(config) as database, database.read() as tx:
        claim = find_decided(tx, claim_id)
        if claim is None:
            raise NotFoundError(f"claim {claim_id} has no decision", "see where it stands: claim show")
        found = replay_decision(tx, PublishedBooks(), claim, brought)
    for line in found:
        print(line)
    total = format_fen(sum(each.assessment.total_fen for each in claim.policies))
    print(f"{claim_id}  {total}  {'differs' if found else 'equal in every bit'}")
    raise typer.Exit(1 if found else 0)
