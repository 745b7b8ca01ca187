"""`keys …`: the keys under which fields that name a person are stored, made and changed while everything runs."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.settings import read_config
from commands.options import DEFAULT_CONFIG, ConfigOption, console
from commands.plant import database_of
from domain.errors import ConflictError
from storage.blobs import BlobStore
from storage.key_file import add_key, put_to_work, read_keys
from storage.rotation import begin_again, is_finished, rotate

commands = typer.Typer(help="The keys of encrypted fields: new, rotate, status.", no_args_is_help=True)


@commands.command("new")
def new_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Add a key that only reads for now: copy the key file to every machine before it writes."""
    path = _key_file(config)
    with database_of(config):  # the file is the one of this database
        key_id = add_key(path)
    console.print(
        f"key {key_id} stands in {path} and waits. Now back that file up, copy it to every machine, and then run: app.py keys rotate"
    )


@commands.command("rotate")
def rotate_command(
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="Rows a transaction: fewer hold up others less.")] = 200,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Let the newest key write, and bring all that is stored to it, step by step; after a kill, run it again."""
    path = _key_file(config)
    if len(read_keys(path)) == 1:
        raise ConflictError("there is one key, and it writes already", "make another one first: python app.py keys new")
    put_to_work(path)
    home, files = config.resolve().parent, read_config(config).files
    with database_of(config) as database:
        with database.read() as tx:
            was_finished = is_finished(tx)
        if was_finished:
            begin_again(database)
        renewed: Counter[str] = Counter()
        for step in rotate(database, BlobStore(home / files, database.cipher), rows):
            renewed[step.table] += step.renewed
        told = "、".join(f"{table} {count}" for table, count in sorted(renewed.items()) if count) or "nothing was left"
        console.print(f"everything is under key {database.cipher.writes_under}: {told}", markup=False)
    console.print(f"copy {path} to the other machines again; keep the earlier keys in it: backups, and proofs in audit chains, need them")


@commands.command("status")
def status_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Tell which keys there are, which one writes, and whether all that is stored lies under it."""
    for each in read_keys(_key_file(config)):
        console.print(f"{each.key_id or '(first)'}  {'waits: it only reads' if each.waits else 'reads'}")
    with database_of(config) as database, database.read() as tx:
        how = "everything lies under it" if is_finished(tx) else "not everything lies under it yet: app.py keys rotate"
        console.print(f"{tx.cipher.writes_under or '(first)'} writes; {how}")


def _key_file(config: Path) -> Path:
    return config.resolve().parent / read_config(config).field_key
