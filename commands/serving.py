"""A server: the API and the pages, with the workers of its settings beside them, in a process of their own or in threads of this one."""

import logging
import multiprocessing
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from pathlib import Path

import waitress  # type: ignore[import-untyped]  # it ships no types

from adjudicator.settings import Config, ProviderSettings
from adjudicator.worker_processes import WorkerProcesses
from api.rate_limit import Rates
from api.settings import ApiSettings, OidcSettings
from api.web import create_app
from commands.options import HOME
from commands.plant import Plant, plug_together, secret
from commands.worker_process import work
from domain.errors import SetupError
from domain.money import parse_fen

_SECONDS_TO_ANSWER = 10  # for requests that are being answered when the process is told to end
_SPAWN = multiprocessing.get_context("spawn")  # a process with threads is not to be forked


@contextmanager
def serving(config: Config, home: Path = HOME, demo_hint: str = "") -> Iterator[tuple[Plant, str]]:
    """Serve with the workers that the settings ask for; gives what was plugged together, and the URL."""
    count = config.worker_processes if config.workers else 0
    processes = WorkerProcesses(lambda line: start_worker(line, config, home), count)
    with (
        plug_together(config, home, also_wake=processes.wake) as plant,
        answering(plant, processes, home, demo_hint) as url,
        plant.shadowing(),
        processes.kept() if count else plant.working(),
    ):
        yield plant, url


def start_worker(line: socket.socket, config: Config, home: Path) -> SpawnProcess:
    """Start a worker process at the other end of a line."""
    process = _SPAWN.Process(target=work, args=(line, config, home, logging.getLogger().level), name="mingbai-worker")
    process.start()
    return process


@contextmanager
def answering(plant: Plant, processes: WorkerProcesses, home: Path, demo_hint: str) -> Iterator[str]:
    """Answer requests in threads; gives the URL."""
    server = plant.config.server
    settings = ApiSettings(
        secret(home / plant.config.session_key),
        demo_hint=demo_hint,
        is_stopping=plant.stopping.is_set,
        staffing=lambda: processes.staffing,
        secure_cookies=server.secure_cookies,
        rates=Rates(**plant.config.access.rates.model_dump()),
        static_secrets=plant.config.access.static_secrets,
        oidc=provider_of(plant.config.access.oidc),
    )
    try:
        wsgi = waitress.create_server(
            create_app(plant.system, settings),
            host=server.host,
            port=server.port,
            threads=server.threads,
            max_request_body_size=settings.max_request_bytes,
            **({"trusted_proxy": server.trusted_proxy, "trusted_proxy_headers": "x-forwarded-for"} if server.trusted_proxy else {}),
        )
    except OSError as error:
        told = f"port {server.port} on {server.host} is taken: {error.strerror}"
        raise SetupError(told, "stop what uses it, or set server.port in config.yaml (demo: --port)") from error
    threading.Thread(target=wsgi.run, name="web", daemon=True).start()
    try:
        yield f"http://{server.host}:{wsgi.effective_port}"
    finally:
        wsgi.task_dispatcher.shutdown(cancel_pending=False, timeout=_SECONDS_TO_ANSWER)
        wsgi.close()


def provider_of(told: ProviderSettings) -> OidcSettings | None:
    """Give the identity provider of the settings, if they name one.

    Raises:
        AmountError: an authority that is no amount.
    """
    if not told.issuer:
        return None
    bounds = {role: parse_fen(amount) for role, amount in told.authority.items()}
    return OidcSettings(
        issuer=told.issuer,
        client_id=told.client_id,
        client_secret=told.client_secret,
        callback=told.callback,
        roles=told.roles,
        authority_fen=bounds,
        role_claim=told.role_claim,
        name_claim=told.name_claim,
        scopes=told.scopes,
        only=told.only,
    )


def wait_for_stop(stopped: threading.Event) -> None:
    """Wait for Ctrl-C, or for the system's word to end, and set `stopped`."""
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopped.set())
    stopped.wait()
