"""`backup` and `restore`: what is restored is what was there, whoever wrote meanwhile; nothing is restored from what is not whole."""

import tarfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import URL, create_engine, text
from typer.testing import CliRunner, Result

from adjudicator.intake import submit
from adjudicator.story import tell
from adjudicator.verifying import verify_books
from commands.line import command_line
from domain.errors import ConflictError, InputError, SetupError
from storage.blobs import BlobStore
from storage.database import Database
from storage.documents import documents_of
from tests.adjudicator.conftest import engines, world  # noqa: F401  # fixtures
from tests.adjudicator.world import HOME, World, id_card, invoice, notice, summary
from tests.conftest import CIPHER


@dataclass(frozen=True)
class House:
    """A world with its settings in a file, and the settings of an empty place for what is restored."""

    world: World
    config: Path
    place: Path

    def run(self, *words: object) -> Result:
        done = CliRunner().invoke(command_line(), [str(each) for each in words])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def backup(self, *words: object) -> Path:
        to = self.config.parent / "backup.tar"
        self.run("backup", "--to", to, "--config", self.config, *words)
        return to

    def restore(self, archive: Path, *words: object) -> None:
        self.run("restore", archive, "--to", self.place, *words)

    def restored(self) -> tuple[Database, BlobStore]:
        url = next(line for line in self.place.read_text().splitlines() if line.startswith("database: ")).removeprefix("database: ")
        return Database(url, CIPHER), BlobStore(self.place.parent / "files", CIPHER)


def settings(folder: Path, url: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "field.key").write_text(bytes(range(64)).hex())
    (folder / "config.yaml").write_text(
        f"database: {url}\nfiles: files\nfield_key: field.key\nsession_key: session.key\nmessages: {{key: messages.key}}\n"
        f"books: {HOME}/rules/book\nrouting: {HOME}/rules/book/routing.yaml\nrisk_model: {HOME}/riskmodel/artefacts/cold-start\n"
    )
    return folder / "config.yaml"


@pytest.fixture
def house(world: World, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:  # noqa: F811
    database = world.system.database
    config = settings(tmp_path, database.url)
    if database.is_sqlite:
        yield House(world, config, settings(tmp_path / "new", f"sqlite:///{tmp_path}/new/claims.db"))
        return
    server: URL = request.getfixturevalue("postgres_server")
    name = f"{server.database}_new"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield House(world, config, settings(tmp_path / "new", server.set(database=name).render_as_string(hide_password=False)))
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def claim(world: World, ref: str) -> str:  # noqa: F811
    number = f"99{sum(map(ord, ref)):08}"
    return submit(world.system, notice(ref, world.files(invoice(number=number), summary(), id_card(), tag=ref))).claim_id


def members(archive: Path) -> list[str]:
    with tarfile.open(archive) as tar:
        return tar.getnames()


def test_what_is_restored_is_what_was_there_while_others_wrote(house: House) -> None:
    world = house.world  # noqa: F811
    before = [claim(world, f"APP-{number}") for number in range(2)]
    world.run()
    stopped, written = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stopped.is_set():
            claim(world, f"LATER-{(number := number + 1)}")
            written.set()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    try:
        archive = house.backup()
    finally:
        stopped.set()
        writer.join()
    house.restore(archive)
    database, blobs = house.restored()
    with database.read() as there, world.system.database.read() as here:
        taken = there.connection.execute(text("SELECT claim_id, state, version, audit_hash FROM claim ORDER BY claim_id")).all()
        known = here.connection.execute(text("SELECT claim_id, state, version, audit_hash FROM claim")).all()
        assert set(taken) <= set(known)
        assert len(taken) >= 3  # the two, and the one that was there before the copy began
        for claim_id in (each.claim_id for each in taken):
            papers = documents_of(there, claim_id)
            assert papers == documents_of(here, claim_id)
            assert len([blobs.get(each.sha256) for each in papers]) == 3
    verified = verify_books(database)
    assert (verified.differences, verified.claims) == ((), len(taken))
    assert verified.entries == sum(len(tell(world.system, claim_id).ledger) for claim_id in before)
    database.close()


def test_a_damaged_archive_is_refused_and_names_the_file(house: House) -> None:
    claim(house.world, "APP-1")
    archive = house.backup()
    with tarfile.open(archive) as tar:
        for member in tar.getmembers():
            if member.name == "manifest.json":
                continue
            damaged = archive.with_name("damaged.tar")
            content = bytearray(archive.read_bytes())
            content[member.offset_data + member.size // 2] ^= 1
            damaged.write_bytes(content)
            with pytest.raises(InputError, match=f"{member.name} is damaged in"):
                house.restore(damaged)
    assert not (house.place.parent / "files").exists()


def test_an_archive_that_was_cut_off_is_refused(house: House) -> None:
    claim(house.world, "APP-1")
    archive = house.backup()
    with tarfile.open(archive) as tar:
        last = tar.getmember("manifest.json").offset
    archive.write_bytes(archive.read_bytes()[:last])
    with pytest.raises(InputError, match="has no manifest"):
        house.restore(archive)


def test_an_archive_that_was_cut_off_in_the_midst_of_a_member_is_refused_and_names_it(house: House) -> None:
    claim(house.world, "APP-1")
    archive = house.backup()
    with tarfile.open(archive) as tar:
        cut = tar.getmember("database")
    archive.write_bytes(archive.read_bytes()[: cut.offset_data + cut.size // 2])
    with pytest.raises(InputError, match="was cut off in the midst of database"):
        house.restore(archive)
    assert not (house.place.parent / "files").exists()


def test_what_is_there_is_lost_only_when_replace_was_said(house: House) -> None:
    claim_id = claim(house.world, "APP-1")
    archive = house.backup()
    house.restore(archive)
    with pytest.raises(ConflictError, match="say --replace"):
        house.restore(archive)
    house.restore(archive, "--replace")
    database, blobs = house.restored()
    with database.read() as tx:
        assert all(blobs.get(each.sha256) for each in documents_of(tx, claim_id))
    with pytest.raises(ConflictError, match="stop every serve and worker"):
        house.restore(archive, "--replace")  # the connection above is still open
    database.close()


def test_another_key_is_refused_before_anything_is_written(house: House) -> None:
    archive = house.backup()
    (house.place.parent / "field.key").write_text(bytes(64).hex())
    with pytest.raises(SetupError, match="is not the key that"):
        house.restore(archive)
    assert not (house.place.parent / "files").exists()


def test_keys_are_in_an_archive_only_when_asked_for(house: House, tmp_path: Path) -> None:
    assert not [name for name in members(house.backup("--keys-to", tmp_path / "keys")) if name.startswith("keys/")]
    (house.place.parent / "field.key").unlink()
    with pytest.raises(SetupError, match=r"the field key of .* is missing"):
        house.restore(house.config.parent / "backup.tar")
    house.restore(house.config.parent / "backup.tar", "--keys", tmp_path / "keys")
    assert (house.place.parent / "field.key").read_text() == bytes(range(64)).hex()
    assert "keys/field.key" in members(house.backup("--with-keys"))


def test_with_keys_and_settings_inside_an_archive_alone_makes_a_house(house: House, tmp_path: Path) -> None:
    if not house.world.system.database.is_sqlite:
        pytest.skip("the settings in it name the database that it came from")
    house.config.write_text(house.config.read_text().replace(str(tmp_path), "."))
    archive = house.backup("--with-keys")
    place = tmp_path / "bare"
    place.mkdir()
    CliRunner().invoke(command_line(), ["restore", str(archive), "--to", str(place)], catch_exceptions=False)
    assert sorted(path.name for path in place.iterdir())[:3] == ["claims.db", "config.yaml", "field.key"]
