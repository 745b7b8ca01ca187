"""The databases and brokers that are tortured, and the mishaps that are theirs: each has its own, and shares nothing with others."""

import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, urlsplit

import pika  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from tests.torture.disk import Disk
from tests.torture.line import Line, Weather
from tests.torture.stand import free_port

_QUEUE = "mingbai.wake"
_SECONDS_TO_START = 60


@dataclass
class Backend:
    """Where a stand's data lie, and what may happen to them."""

    name: str
    database_url: str
    mishaps: dict[str, Callable[[], None]] = field(default_factory=dict)
    broker: str = ""
    disk: Disk | None = None


@contextmanager
def sqlite(folder: Path, disk: Disk | None) -> Iterator[Backend]:
    """One file, on the small disk if there is one."""
    yield Backend("SQLite", f"sqlite:///{disk.folder if disk else folder}/claims.db", disk=disk)


@contextmanager
def shared_postgres(url: str) -> Iterator[Backend]:
    """A database of our own on a server that others use: its connections are broken, the server is left alone."""
    server = create_engine(url, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 5})
    name = f"mingbai_torture_{secrets.token_hex(6)}"
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))

    def break_connections() -> None:
        with server.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name})

    try:
        ours = make_url(url).set(database=name).render_as_string(hide_password=False)
        yield Backend("PostgreSQL", ours, {"connections broken": break_connections})
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


class Cluster:
    """A PostgreSQL of our own, in a folder that may lie on the small disk; stopped without ceremony, as by a power failure."""

    def __init__(self, folder: Path) -> None:
        """Make and start it."""
        self._folder, self.port = folder, free_port()
        self._tool = _find_tool("pg_ctl")
        folder.mkdir(parents=True, exist_ok=True)
        shutil.chown(folder, "postgres", "postgres")
        self._run("initdb", f"{self._tool} initdb -D {folder}/data -o '--auth=trust --no-sync --encoding=UTF8 --locale=C'")
        self.start()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it, if it does not run; until it can be, it is tried again."""
        options = f"-p {self.port} -k {self._folder} -c listen_addresses=127.0.0.1 -c shared_buffers=32MB -c max_wal_size=64MB"
        until = time.monotonic() + _SECONDS_TO_START
        while not self._try(f"{self._tool} status -D {self._folder}/data"):
            with suppress(subprocess.CalledProcessError):
                self._run("start", f"{self._tool} start -w -t 30 -D {self._folder}/data -l {self._folder}/log -o '{options}'")
            if time.monotonic() > until:
                raise TimeoutError(f"PostgreSQL in {self._folder} does not start: see {self._folder}/log")

    def crash(self) -> None:
        """Stop it at once, with nothing written down, and start it again."""
        self._try(f"{self._tool} stop -m immediate -D {self._folder}/data")
        self.start()

    def stop(self) -> None:
        self._try(f"{self._tool} stop -m immediate -D {self._folder}/data")

    def _try(self, command: str) -> bool:
        with suppress(subprocess.CalledProcessError):
            self._run("", command)
            return True
        return False

    @staticmethod
    def _run(_what: str, command: str) -> None:
        as_postgres = ["runuser", "-u", "postgres", "--", "sh", "-c", command] if os.geteuid() == 0 else ["sh", "-c", command]
        subprocess.run(as_postgres, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")


@contextmanager
def own_postgres(folder: Path, disk: Disk | None) -> Iterator[Backend]:
    """A cluster of our own: crashed and started again, its disk filled."""
    cluster = Cluster((disk.folder if disk else folder) / "postgres")
    try:
        yield Backend("PostgreSQL", cluster.url, {"database crashed": cluster.crash}, disk=_Recovering(disk, cluster) if disk else None)
    finally:
        cluster.stop()


class _Recovering(Disk):
    """A full disk stops PostgreSQL; once there is room it is started again."""

    def __init__(self, disk: Disk, cluster: Cluster) -> None:
        super().__init__(disk.folder)
        self._cluster = cluster

    def free(self) -> None:
        super().free()
        self._cluster.start()


@contextmanager
def with_rabbitmq(backend: Backend, url: str) -> Iterator[Backend]:
    """The same backend, with a broker's virtual host of our own, behind a line that can be cut."""
    parts, vhost = urlsplit(url), f"torture-{secrets.token_hex(6)}"
    _rabbitmqctl("add_vhost", vhost)
    line = Line(parts.port or 5672)

    def allow() -> None:
        _rabbitmqctl("set_permissions", "-p", vhost, parts.username or "guest", ".*", ".*", ".*")

    def delete_vhost() -> None:
        _rabbitmqctl("delete_vhost", vhost)
        time.sleep(0.5)
        _rabbitmqctl("add_vhost", vhost)
        allow()

    def delete_queue() -> None:
        with suppress(pika.exceptions.AMQPError), pika.BlockingConnection(pika.URLParameters(direct)) as connection:
            connection.channel().queue_delete(_QUEUE)

    def stop_broker() -> None:
        line.set(Weather.CUT)
        time.sleep(1.0)
        line.set(Weather.FAIR)

    direct = f"amqp://{parts.username}:{parts.password}@{parts.hostname}:{parts.port or 5672}/{quote(vhost, safe='')}"
    try:
        allow()
        backend.name += " + RabbitMQ"
        backend.broker = f"amqp://{parts.username}:{parts.password}@127.0.0.1:{line.port}/{quote(vhost, safe='')}"
        backend.mishaps |= {"broker stopped": stop_broker, "queue deleted": delete_queue, "vhost deleted": delete_vhost}
        yield backend
    finally:
        line.close()
        _rabbitmqctl("delete_vhost", vhost)


def lacking(*, rabbitmq: bool) -> str:
    """Tell why PostgreSQL, or RabbitMQ beside it, cannot be tortured here; "" when they can."""
    wanted = ["MINGBAI_TEST_POSTGRES", *(["MINGBAI_TEST_RABBITMQ"] if rabbitmq else [])]
    for name in wanted:
        if not os.environ.get(name):
            return f"{name} is not set"
    if rabbitmq and not shutil.which("rabbitmqctl", path=_PATH):
        return "rabbitmqctl is not here, which makes the virtual host"
    try:
        engine = create_engine(os.environ["MINGBAI_TEST_POSTGRES"], connect_args={"connect_timeout": 5})
        with engine.connect():
            pass
        engine.dispose()
    except SQLAlchemyError as error:
        return f"no PostgreSQL answers: {type(error).__name__}"
    return ""


_PATH = os.environ.get("PATH", "") + ":/usr/sbin:/usr/lib/rabbitmq/bin"


def _rabbitmqctl(*words: str) -> None:
    subprocess.run([shutil.which("rabbitmqctl", path=_PATH) or "rabbitmqctl", "-q", *words], check=True, capture_output=True)


def _find_tool(name: str) -> str:
    """Find a program of PostgreSQL, which Debian keeps out of the way."""
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)
    return str(places[0]) if places else shutil.which(name) or name


def can_make_clusters() -> bool:
    """Tell whether PostgreSQL's own programs are here."""
    return Path(_find_tool("pg_ctl")).exists()


Mishaps = Mapping[str, Callable[[], None]]
