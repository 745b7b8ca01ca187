"""Plugs the rooms together into one running system, from its settings."""

import logging
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from string import Formatter

import structlog

from adjudicator.bank import HttpBank
from adjudicator.challenging import Shadow, load_challenger
from adjudicator.chores import Chores
from adjudicator.face_match import OpenCvFaces
from adjudicator.messengers import MailAddresses, messenger_for
from adjudicator.published import PublishedBooks
from adjudicator.publishing import ship, versions
from adjudicator.serving import Renewal, load_in_force
from adjudicator.settings import Config, letterhead_of, limits_of, read_config
from adjudicator.system import System
from adjudicator.waking import Waker, waker_for
from adjudicator.webhooks import WebhookMessenger
from adjudicator.worker import Workers
from commands.options import HOME
from domain.errors import ReaderError, SetupError, UnavailableError
from domain.identification import FaceMatcher
from domain.message import Messenger, Way
from entitlement.cover import assumptions, catalogue
from entitlement.cover.model import CoverModel
from entitlement.cover.model import load_model as load_cover_model
from entitlement.reminders.file import ReminderBook, load_reminders, shipped_reminders
from letters.press import Press
from ocr.process import ReaderPool
from ocr.settings import settings_from
from rules.medical_base import SHIPPED, MedicalBase, load_medical_base
from rules.routing import load_routing
from storage import registry
from storage.blobs import BlobStore
from storage.crypto import load_cipher
from storage.database import Database
from storage.migrate import upgrade


@dataclass(frozen=True)
class Plant:
    """A running system: what to serve, its workers, and how to shut it down."""

    system: System
    readers: ReaderPool
    woken: threading.Event
    config: Config
    waker: Waker | None = None  # None: workers of this process alone
    stopping: threading.Event = field(default_factory=threading.Event)  # set when the process was told to end

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let workers do the stages of claims, while the readers load their engines before the first picture comes.

        With `workers: 0` nothing is done here: this process only takes claims, and others work.
        """
        if not self.config.workers:
            yield
            return
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()
        workers = Workers(self.system, self.woken, self.config.workers)
        chores = Chores(self.system)
        workers.start()
        chores.start()
        if self.waker:
            self.waker.listen()
        try:
            yield
        finally:
            chores.stop()
            workers.stop()

    @contextmanager
    def shadowing(self) -> Iterator[None]:
        """Let the challenger score, if there is one, in the process whose /metrics tell how it does."""
        challenger, limit_ms = self.system.challenger, self.system.limits.score_ms
        with Shadow(challenger, self.system.database, limit_ms) if challenger and self.config.workers else nullcontext():
            yield

    def _warm_up(self) -> None:
        try:
            self.readers.warm_up()
        except ReaderError as error:
            if not self.readers.is_closed:  # else somebody stopped the server before it was warm
                logging.getLogger(__name__).error("%s", error)


def _nobody() -> None:
    """Wake nobody."""


@contextmanager
def plug_together(config: Config, home: Path = HOME, also_wake: Callable[[], None] = _nobody) -> Iterator[Plant]:
    """Build the one `System` from its settings; everything is closed again when the block ends.

    Whatever wakes the workers of this process, and by hints those of others, calls `also_wake`, too.
    """
    cipher = load_cipher(home / config.field_key)
    database = open_database(config, home)
    reading = settings_from(config.ocr)
    readers, door = ReaderPool(reading, config.readers), ReaderPool(reading, 1)  # nobody at the door waits for a page to be read
    base = medical_base_of(config, home)
    bank, woken = HttpBank(config.bank.url, config.bank.timeout_seconds), threading.Event()
    waker = waker_for(database.url, config.broker, woken)

    def wake() -> None:
        (waker or woken.set)()
        also_wake()

    try:
        serving = load_in_force(database, shipped(config.risk_model, home))
        system = System(
            database=database,
            blobs=BlobStore(home / config.files, cipher),
            books=open_books(database, shipped(config.books, home), base),
            routing=load_routing(shipped(config.routing, home)),
            serving=serving,
            challenger=load_challenger(home / config.risk.challenger if config.risk.challenger else None),
            inspect=door.inspect,
            reader=readers,
            bank=bank,
            collector=bank,
            faces=faces_of(config, home),
            limits=limits_of(config.limits),
            wake=wake,
            medical_base=base,
            messengers={
                **messengers_of(config, home),
                Way.WEBHOOK: WebhookMessenger(database, may_be_private=config.messages.webhooks_to_private),
            },
            press=Press(home / config.letters.font if config.letters.font else None),
            letterhead=letterhead_of(config.letters),
            risk_personal=frozenset(config.risk.personal),
            cover=cover_of(config, home),
            reminders=reminders_of(config, home),
            reminder_link=link_of(config),
        )
        with Renewal(serving, database):
            yield Plant(system, readers, woken, config, waker)
    finally:
        if waker:
            waker.close()
        readers.close()
        door.close()
        bank.close()
        database.close()


def faces_of(config: Config, home: Path = HOME) -> FaceMatcher | None:
    """Load what compares faces, where the operator brought the models."""
    told = config.identity
    return OpenCvFaces(home / told.face_models, home / told.face_pictures) if told.face_models else None


def cover_of(config: Config, home: Path = HOME) -> CoverModel:
    """Read what know your cover works with: the insurer's own files, or those that come with this version."""
    told = config.cover
    assumed = home / told.assumptions if told.assumptions else assumptions.SHIPPED
    return load_cover_model(assumed, home / told.catalogue if told.catalogue else catalogue.SHIPPED, told.least_people)


def reminders_of(config: Config, home: Path = HOME) -> ReminderBook:
    """Read what customers are reminded of: the insurer's own file, or the one that comes with this version."""
    return load_reminders(home / config.reminders.file) if config.reminders.file else shipped_reminders()


def link_of(config: Config) -> str:
    """Give where a reminder's link leads.

    Raises:
        SetupError: it does not name item and policy.
    """
    link = config.reminders.link
    try:
        places = {name for _, name, _, _ in Formatter().parse(link) if name is not None}
    except ValueError:
        places = set()
    if places != {"item", "policy"}:
        raise SetupError(f"reminders.link {link!r} does not name item and policy", "write https://app.example/{item}?policy={policy}")
    return link


def open_database(config: Config, home: Path = HOME) -> Database:
    """Open the configured database, bring it to the newest form, and check that the key is the one it was written with.

    Raises:
        SetupError: it does not open, or this is not its key.
    """
    database = Database(url_of(config, home), load_cipher(home / config.field_key))
    try:
        upgrade(database)
    except UnavailableError as error:
        told = str(getattr(error.__cause__, "orig", error)).strip().splitlines()[0]
        name = database.engine.url.render_as_string(hide_password=True)
        raise SetupError(f"the database {name} does not open: {told}", "start it, or mend `database` in the settings") from error
    with database.read() as tx:
        registry.check_key(tx)
    return database


def url_of(config: Config, home: Path) -> str:
    """Give the URL of the configured database; a relative SQLite file stands beside the settings."""
    url, prefix = config.database, "sqlite:///"
    if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
        return f"{prefix}{home / url.removeprefix(prefix)}"
    return url


@contextmanager
def database_of(config: Path) -> Iterator[Database]:
    """Open the database of a settings file for one command."""
    database = open_database(read_config(config), config.resolve().parent)
    try:
        yield database
    finally:
        database.close()


def shipped(path: Path, home: Path) -> Path:
    """Tell where a path of the settings lies: beside them, or, where nothing is, with the program that ships a folder of that name."""
    own = home / path
    return own if own.exists() or not (HOME / path).exists() else HOME / path


def medical_base_of(config: Config, home: Path = HOME) -> MedicalBase:
    """Load the medical base of the settings: the shipped one, and the insurer's own laid over it."""
    return load_medical_base(SHIPPED, *([home / config.medical_base] if config.medical_base else []))


def messengers_of(config: Config, home: Path = HOME) -> Mapping[Way, Messenger]:
    """Make the gateways of messages that the settings name; the key that signs their calls is made on the first start."""
    told, key = config.messages, secret(home / config.messages.key).encode()
    mail = MailAddresses(told.mail_from, told.mail_to)
    return {way: messenger_for(way, getattr(told, way), home / told.folder, key, mail) for way in Way if way is not Way.WEBHOOK}


def open_books(database: Database, folder: Path, base: MedicalBase) -> PublishedBooks:
    """Open the published books. The very first time the folder's are taken over; later its files decide nothing.

    Raises:
        RuleBookError: a book of the folder fails its checks or tests, the first time; or a published one does not load any more.
        ConflictError: what was published was changed afterwards.
        SetupError: nothing is published and the folder holds nothing.
    """
    ship(database, book_files(folder), base)
    books = PublishedBooks()
    with database.read() as tx:
        known = {each.act.book_sha256 for each in versions(tx)}
        if not known:
            raise SetupError(
                f"no rule book is published, and {folder} holds none", "point `books` in config.yaml at the folder of *.yaml books"
            )
        books.load_all(tx)
    drafts = [path.name for path in book_files(folder) if sha256(path.read_bytes()).hexdigest() not in known]
    if drafts:
        told = "not published, and so decides nothing: %s in %s | to put it in force: rules publish FILE --effective DAY --as NAME"
        logging.getLogger(__name__).warning(told, "、".join(drafts), folder)
    return books


def book_files(folder: Path) -> list[Path]:
    """List the rule books of a folder: every *.yaml but the routing rules."""
    return sorted(path for path in folder.glob("*.yaml") if path.name != "routing.yaml")


def secret(path: Path) -> str:
    """Read a secret of this installation, which is drawn on the first start."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def set_up_logging(level: int = logging.INFO) -> None:
    """Log one JSON object a line on stderr; values that name a person never reach a log call."""
    formatter = structlog.stdlib.ProcessorFormatter(
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer(ensure_ascii=False)],
        foreign_pre_chain=[
            structlog.stdlib.add_log_level,
            structlog.stdlib.add_logger_name,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.format_exc_info,
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for chatty in ("httpx", "httpcore", "waitress.queue", "alembic", "RapidOCR"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
