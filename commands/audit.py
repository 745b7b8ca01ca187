"""`audit …`: prove the chains of hashes; who looked whom up."""

import json
from typing import Annotated

import typer

from adjudicator.auditing import iter_lines, verify_chains
from commands.options import DEFAULT_CONFIG, ConfigOption, JsonOption, console
from commands.plant import database_of
from domain.china import china_minute
from domain.claim import PersonClue
from domain.errors import NotFoundError
from storage import look_ups, registry

commands = typer.Typer(help="The audit trail: verify, look-ups.", no_args_is_help=True)


@commands.command("verify")
def verify_command(as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Prove every chain of hashes: of claims, rule books, agents and look-ups; exit code 1 when one is broken."""
    with database_of(config) as database:
        audited = verify_chains(database)
    if as_json:
        print(json.dumps(vars(audited), ensure_ascii=False))
    else:
        for line in iter_lines(audited):
            console.print(line, markup=False)
    raise typer.Exit(1 if audited.breaks else 0)


@commands.command("look-ups")
def look_ups_command(
    by: Annotated[str, typer.Option(help="Of one member of staff or channel.")] = "",
    id_number: Annotated[str, typer.Option("--of", help="Of one customer, by ID number.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """List who looked whom up at the telephone desk, the newest first; people are told by their numbers here, not by name."""
    with database_of(config) as database, database.read() as tx:
        people = registry.find_people(tx, PersonClue(id_number=id_number)) if id_number else ()
        if id_number and not people:
            raise NotFoundError("nobody here has this ID number", "check it for typing errors")
        found = look_ups.look_ups(tx, actor=by, person_id=people[0].person_id if people else "", limit=limit)
    if as_json:
        shown = [{"at_ms": each.at_ms, "by": each.actor, "role": each.actor_role, "clue": each.clue, "found": each.found} for each in found]
        print(json.dumps(shown, ensure_ascii=False))
        return
    for each in found:
        told = (china_minute(each.at_ms), each.actor, each.actor_role, f"by {each.clue}", " ".join(each.found) or "nobody found")
        console.print("  ".join(told), markup=False)
