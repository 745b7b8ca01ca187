"""`backup` and `restore`: everything that is needed in one file, taken while the system runs; and the way back."""

import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from adjudicator.settings import Config, read_config
from commands.options import DEFAULT_CONFIG, ConfigOption, console, warnings
from commands.plant import database_of, url_of
from commands.targets import check_target as check_file
from domain.errors import ConflictError, InputError, SetupError
from storage.archives import DATABASE, FILES, KEYS, SETTINGS, Archive, Manifest, unpack, verify, writing
from storage.blobs import BlobStore
from storage.copies import check_target, copy_database, put_back
from storage.crypto import FieldCipher, load_cipher
from storage.database import Database
from storage.migrate import knows, revision_of

_FIELD_KEY = f"{KEYS}field.key"
ToOption = Annotated[Path, typer.Option("--to", help="A folder, or the archive to write: FILE.tar.")]
WithKeysOption = Annotated[bool, typer.Option("--with-keys", help="Put the keys into the archive, too: whoever has it can read it.")]
KeysToOption = Annotated[Path | None, typer.Option("--keys-to", help="Copy the keys into this folder, apart from the archive.")]
RestoreToOption = Annotated[
    Path, typer.Option("--to", help="Settings file that says where to; one that is not there is made from the archive's.")
]
KeysOption = Annotated[Path | None, typer.Option("--keys", help="Folder of the keys, as backup --keys-to wrote it.")]
ReplaceOption = Annotated[bool, typer.Option("--replace", help="Lose what is there now.")]


def backup_command(
    to: ToOption, with_keys: WithKeysOption = False, keys_to: KeysToOption = None, config: ConfigOption = DEFAULT_CONFIG
) -> None:
    """Write settings, database and files into one archive, while the system runs."""
    settings, home = read_config(config), config.resolve().parent
    keys = _keys_of(settings, home)
    with database_of(config) as database:
        target = to / f"mingbai-{datetime.now(UTC):%Y%m%d-%H%M%S}.tar" if to.is_dir() else to
        check_file(target)
        if keys_to:
            _copy_keys(keys, keys_to)
        with writing(target) as archive:
            if config.exists():
                archive.add(SETTINGS, config)
            if with_keys:
                for name, path in keys.items():
                    with suppress(FileNotFoundError):  # only a server has the one of sessions
                        archive.add(name, path)
            manifest = _fill(archive, database, BlobStore(home / settings.files, database.cipher), target.absolute().parent)
    files = sum(name.startswith(FILES) for name in manifest.members)
    console.print(f"{target}: the database at revision {manifest.revision} and {files} files", markup=False, soft_wrap=True)
    if with_keys:
        warnings.print("The keys are in it: whoever has this archive reads everything. Keep it as you keep the keys.")
    elif not keys_to:
        warnings.print(f"Without {home / settings.field_key} nobody can read it: keep a copy of that key, apart from the archive.")


def _fill(archive: Archive, database: Database, blobs: BlobStore, folder: Path) -> Manifest:
    """Copy the database first and the files after it: a file is there before the row that names it."""
    with tempfile.TemporaryDirectory(prefix="mingbai-backup-", dir=folder) as beside:
        copy = Path(beside) / DATABASE
        with database.read() as tx:
            made, revision = datetime.fromtimestamp(tx.now_ms() / 1000, UTC), revision_of(tx)
        copy_database(database.url, copy)
        archive.add(DATABASE, copy)
    for name, path in blobs.iter_files():
        with suppress(FileNotFoundError):  # erased meanwhile
            archive.add(f"{FILES}{name}", path)
    kind = "sqlite" if database.is_sqlite else "postgresql"
    return archive.close(made.isoformat(timespec="seconds"), kind, revision, database.cipher.mark())


def restore_command(archive: Path, to: RestoreToOption, keys: KeysOption = None, replace: ReplaceOption = False) -> None:
    """Bring a backup back, once every hash in it holds."""
    manifest = verify(archive)
    settings_file = to / "config.yaml" if to.is_dir() else to
    check_file(settings_file)
    with tempfile.TemporaryDirectory(prefix="mingbai-restore-", dir=settings_file.absolute().parent) as beside:
        draft = Path(beside)
        unpack(archive, {SETTINGS: draft / SETTINGS, DATABASE: draft / DATABASE, KEYS: draft / KEYS})
        home, known = settings_file.resolve().parent, settings_file.exists()
        settings = read_config(settings_file if known else draft / SETTINGS)
        url, files = url_of(settings, home), home / settings.files
        _check_fits(archive, manifest, url)
        found = _find_keys(settings, home, keys, draft / KEYS)
        _check_key(archive, manifest, found)
        check_target(url, replace=replace)
        _check_files(files, replace=replace)
        _empty(files)
        unpack(archive, {FILES: files})
        for name, path in found.items():
            _put_key(path, _keys_of(settings, home)[name])
        put_back(url, draft / DATABASE)
        if not known and (draft / SETTINGS).exists():
            shutil.copyfile(draft / SETTINGS, settings_file)
    console.print(f"{settings_file}: as it was at {manifest.made}", markup=False, soft_wrap=True)
    console.print(f"Prove it: app.py ledger verify --config {settings_file}", markup=False, soft_wrap=True)


def _keys_of(settings: Config, home: Path) -> dict[str, Path]:
    """Name the keys in an archive, and where the settings have each."""
    return {
        _FIELD_KEY: home / settings.field_key,
        f"{KEYS}session.key": home / settings.session_key,
        f"{KEYS}messages.key": home / settings.messages.key,
    }


def _copy_keys(keys: dict[str, Path], folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, path in keys.items():
        if path.exists():
            _put_key(path, folder / name.removeprefix(KEYS))


def _put_key(source: Path, target: Path) -> None:
    if target.exists() and target.read_bytes() != source.read_bytes():
        raise ConflictError(f"{target} holds another key", "move it away: a key that is lost loses all that was written under it")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.touch(mode=0o600)
    target.write_bytes(source.read_bytes())


def _find_keys(settings: Config, home: Path, given: Path | None, in_archive: Path) -> dict[str, Path]:
    """Find each key: in the folder that was named, at its place in the settings, or in the archive."""
    found = {}
    for name, place in _keys_of(settings, home).items():
        short = name.removeprefix(KEYS)
        places = (*([given / short] if given else []), place, in_archive / short)
        for path in places[::-1]:  # the first that is there stands
            if path.exists():
                found[name] = path
    return found


def _check_key(archive: Path, manifest: Manifest, found: dict[str, Path]) -> None:
    way_out = "name the folder of the right keys with --keys"
    if _FIELD_KEY not in found:
        raise SetupError(f"the field key of {archive} is missing", way_out)
    cipher: FieldCipher = load_cipher(found[_FIELD_KEY])
    if not cipher.opens(manifest.key_mark):
        raise SetupError(f"{found[_FIELD_KEY]} is not the key that {archive} was written with", way_out)


def _check_fits(archive: Path, manifest: Manifest, url: str) -> None:
    if not url.startswith(manifest.database):
        told = f"{archive} holds a database of {manifest.database}, and the settings name {url.split(':')[0]}"
        raise InputError(told, "name settings with a database of the same kind")
    if not knows(manifest.revision):
        raise SetupError(f"{archive} was written by a newer version (revision {manifest.revision})", "restore it with that version")


def _check_files(folder: Path, *, replace: bool) -> None:
    if not replace and folder.exists() and any(folder.iterdir()):
        raise ConflictError(f"{folder} is not empty", "name a new place, or say --replace to lose what is there")


def _empty(folder: Path) -> None:
    """Remove what a folder holds, not the folder: it may be where a volume is mounted."""
    for path in folder.iterdir() if folder.exists() else ():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
