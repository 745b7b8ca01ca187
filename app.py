"""Mingbai 明白: the one entry. Reads config.yaml, plugs the rooms together, and is the command line.

python app.py demo         a dozen claims, from photographs to payouts, and then the web queue
python app.py serve        the API, the workbench and the workers, in one process
python app.py worker       workers alone, beside a server on the same database
python app.py doctor       what this machine lacks, and the command that mends it
python app.py rules …      check, test and try rule books
python app.py ocr read …   read documents
python app.py risk score   score the facts of a claim
python app.py claim show   everything about one claim
python app.py staff add    somebody who may log in to the workbench
python app.py client add   a system that may call the API
python app.py data import  customers, policies, hospitals and agents
"""

import json
import logging
import secrets
import shutil
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any

from setup import doctor

try:
    import httpx
    import structlog
    import typer
    import waitress  # type: ignore[import-untyped]  # it ships no types
    from pydantic import ValidationError
    from rich import box
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.table import Table
except ModuleNotFoundError as missing:
    if sys.argv[1:2] == ["doctor"]:
        sys.exit(doctor.main(sys.argv[2:]))
    sys.exit(f"{missing.name} is not installed here | run: make setup, then .venv/bin/python app.py (or: python3 app.py doctor)")

from adjudicator.bank import HttpBank
from adjudicator.settings import BankSettings, Config, LimitSettings, ServerSettings, limits_of, read_config
from adjudicator.simulating import FIRST_DAY, LAST_DAY, Stretch, run_simulation
from adjudicator.story import tell
from adjudicator.story_text import story_json, story_text
from adjudicator.system import System
from adjudicator.worker import Workers, retry
from api.settings import ApiSettings
from api.web import create_app
from domain.decision import Actor
from domain.errors import InputError, MingbaiError, NotFoundError, ReaderError, SetupError
from domain.money import format_fen, parse_fen
from ocr.process import ReaderPool
from ocr.reading import read_document
from ocr.settings import settings_from
from riskmodel.facts import parse_facts
from riskmodel.model import load_model
from rules.cover import cover
from rules.diff import diff, source_in_language_of
from rules.engine import adjudicate
from rules.evaluate import answer_lines
from rules.inline_tests import run_tests
from rules.json_schema import schema_of
from rules.loader import check_file, load_book, read_source
from rules.model import Book
from rules.mutation import Verdict, count_mutants, mutate
from rules.reference import expression_reference
from rules.replay import Snapshot, differences, replay
from rules.routing import load_routing
from rules.simulation import draft_of
from rules.simulation_report import report_html, report_text, rows_of_changes
from rules.trace import render_text
from rules.translate import translate_file
from rules.values import parse_elements
from rules.versions import Shelf, Version
from sandbox.bank import SandboxBank
from sandbox.portfolio import Portfolio, build_portfolio
from sandbox.scenario import Scenario
from sandbox.scenarios import scenario_claims
from sandbox.sending import Outcome, Sender, play_all
from storage import access, registry
from storage.access import ApiClient, Staff
from storage.blobs import BlobStore
from storage.codec import from_json, to_json
from storage.crypto import load_cipher
from storage.database import Database, Transaction
from storage.history import find_decided
from storage.migrate import upgrade

HOME = Path(__file__).resolve().parent
console = Console(highlight=False)
warnings = Console(stderr=True)


# ── Plugging together ─────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Plant:
    """A running system: what to serve, its workers, and how to shut it down."""

    system: System
    readers: ReaderPool
    woken: threading.Event
    config: Config

    @contextmanager
    def working(self) -> Iterator[None]:
        """Let workers do the stages of claims, while the readers load their engines before the first picture comes."""
        threading.Thread(target=self._warm_up, name="warm-up", daemon=True).start()
        workers = Workers(self.system, self.woken, self.config.workers)
        workers.start()
        try:
            yield
        finally:
            workers.stop()

    def _warm_up(self) -> None:
        try:
            self.readers.warm_up()
        except ReaderError as error:
            logging.getLogger(__name__).error("%s", error)


@contextmanager
def plug_together(config: Config, home: Path = HOME) -> Iterator[Plant]:
    """Build the one `System` from its settings; everything is closed again when the block ends."""
    cipher = load_cipher(home / config.field_key)
    database = open_database(config, home)
    reading = settings_from(config.ocr)
    readers, door = ReaderPool(reading, config.readers), ReaderPool(reading, 1)  # nobody at the door waits for a page to be read
    bank, woken = HttpBank(config.bank.url, config.bank.timeout_seconds), threading.Event()
    try:
        system = System(
            database=database,
            blobs=BlobStore(home / config.files, cipher),
            books=load_books(home / config.books),
            routing=load_routing(home / config.routing),
            risk_model=load_model(home / config.risk_model),
            inspect=door.inspect,
            reader=readers,
            bank=bank,
            limits=limits_of(config.limits),
            wake=woken.set,
        )
        yield Plant(system, readers, woken, config)
    finally:
        readers.close()
        door.close()
        bank.close()
        database.close()


def open_database(config: Config, home: Path = HOME) -> Database:
    """Open the configured database, bring it to the newest form, and check that the key is the one it was written with."""
    url, prefix = config.database, "sqlite:///"
    if url.startswith(prefix) and not url.startswith(f"{prefix}/"):
        url = f"{prefix}{home / url.removeprefix(prefix)}"
    database = Database(url, load_cipher(home / config.field_key))
    upgrade(database)
    with database.read() as tx:
        registry.check_key(tx)
    return database


def load_books(folder: Path) -> dict[str, Book]:
    """Load every product's book of a folder, by product.

    Raises:
        RuleBookError: one of them does not pass its checks.
        SetupError: the folder holds none.
    """
    books = {path.stem: load_book(path) for path in _book_files(folder)}
    if not books:
        raise SetupError(f"{folder} holds no rule book", "point `books` in config.yaml at the folder of *.yaml books")
    return books


def _book_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.yaml") if path.name != "routing.yaml")


def _session_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


@contextmanager
def serving(plant: Plant, home: Path = HOME, demo_hint: str = "") -> Iterator[str]:
    """Serve the API and the pages in threads, with workers beside them; gives the URL."""
    server = plant.config.server
    settings = ApiSettings(_session_key(home / plant.config.session_key), demo_hint=demo_hint, secure_cookies=server.secure_cookies)
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
        with plant.working():
            yield f"http://{server.host}:{wsgi.effective_port}"
    finally:
        wsgi.close()


def _wait_for_stop() -> None:
    stopped = threading.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, lambda *_: stopped.set())
    stopped.wait()


def _set_up_logging(level: int = logging.INFO) -> None:
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


# ── The command line ──────────────────────────────────────────────────────────────────────────────

cli = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None, add_completion=False)
rules_cli = typer.Typer(help="Rule books: check, test, adjudicate.", no_args_is_help=True)
ocr_cli = typer.Typer(help="Documents: read.", no_args_is_help=True)
risk_cli = typer.Typer(help="Risk: score.", no_args_is_help=True)
claim_cli = typer.Typer(help="Claims: show, retry.", no_args_is_help=True)
staff_cli = typer.Typer(help="People who log in to the workbench: add.", no_args_is_help=True)
data_cli = typer.Typer(help="Customers, policies, hospitals, agents: import, example.", no_args_is_help=True)
client_cli = typer.Typer(help="Systems that call the API: add.", no_args_is_help=True)
for _name, _group in {
    "rules": rules_cli,
    "ocr": ocr_cli,
    "risk": risk_cli,
    "claim": claim_cli,
    "staff": staff_cli,
    "client": client_cli,
    "data": data_cli,
}.items():
    cli.add_typer(_group, name=_name)

ConfigOption = Annotated[Path, typer.Option("--config", help="Settings file.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]
DEFAULT_CONFIG = HOME / "config.yaml"


@cli.command("serve")
def serve_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Serve the API and the workbench, with workers, until Ctrl-C."""
    _set_up_logging()
    with plug_together(read_config(config), config.resolve().parent) as plant, serving(plant, config.resolve().parent) as url:
        console.print(f"Mingbai 明白 is at {url}   (Ctrl-C stops it)")
        _wait_for_stop()


@cli.command("worker")
def worker_command(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Do the stages of claims, beside a server on the same database, until Ctrl-C."""
    _set_up_logging()
    with plug_together(read_config(config), config.resolve().parent) as plant, plant.working():
        console.print(f"{plant.config.workers} workers are at work   (Ctrl-C stops them)")
        _wait_for_stop()


@cli.command("doctor")
def doctor_command(as_json: JsonOption = False) -> None:
    """Say what this machine lacks, and the command that mends it."""
    raise typer.Exit(doctor.main(["--json"] if as_json else []))


@rules_cli.command("check")
def rules_check(
    files: Annotated[list[Path] | None, typer.Argument(help="Books; all of rules/book when none is named.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Check rule books: names, types, units, tables. Exit code 1 when something is wrong."""
    found = {str(path): check_file(path) for path in files or _book_files(HOME / "rules/book")}
    if as_json:
        rows = [
            {"file": d.file, "line": d.line, "column": d.column, "what": d.what, "way_out": d.way_out} for ds in found.values() for d in ds
        ]
        print(json.dumps({"files": list(found), "diagnostics": rows}, ensure_ascii=False))
    else:
        for path, diagnostics in found.items():
            print("\n".join(str(each) for each in diagnostics) if diagnostics else f"{path}  ok")
    raise typer.Exit(1 if any(found.values()) else 0)


@rules_cli.command("test")
def rules_test(
    files: Annotated[list[Path] | None, typer.Argument(help="Books; all of rules/book when none is named.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Run the tests that stand in rule books. Exit code 1 when one fails."""
    outcomes = [(path, test) for path in files or _book_files(HOME / "rules/book") for test in run_tests(load_book(path))]
    failed = [(path, test) for path, test in outcomes if not test.passed]
    if as_json:
        rows = [
            {"file": str(p), "test": t.name, "where": t.where, "passed": t.passed, "expected": t.expected, "got": t.got}
            for p, t in outcomes
        ]
        print(json.dumps({"tests": rows, "passed": len(outcomes) - len(failed), "failed": len(failed)}, ensure_ascii=False))
    else:
        for _, test in failed:
            print(f"{test.where}  {test.name}: expected {test.expected}, got {test.got}")
        print(f"{len(outcomes) - len(failed)} passed, {len(failed)} failed")
    raise typer.Exit(1 if failed else 0)


@rules_cli.command("adjudicate")
def rules_adjudicate(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    plan: Annotated[str, typer.Argument(help="The plan in it, such as 标准版.")],
    values: Annotated[list[str], typer.Option("--set", help="An element as the book's tests write it: 合理医疗费用=8万元")] = [],  # noqa: B006  # typer copies it
    language: Annotated[str, typer.Option("--language", help="zh or en")] = "zh",
    as_json: JsonOption = False,
) -> None:
    """Apply a plan to the elements of a claim, and print the amount with its reasons."""
    loaded, texts = load_book(book), {}
    for each in values:
        name, separator, text = each.partition("=")
        if not separator:
            raise InputError(f"--set {each!r} has no '='", "write it like --set 住院天数=12天")
        texts[name.strip()] = text.strip()
    if language not in ("zh", "en"):
        raise InputError(f"there is no language {language!r}", "use zh or en")
    assessment = adjudicate(loaded, plan, parse_elements(loaded, texts), {})
    print(to_json(assessment, type(assessment)) if as_json else render_text(assessment, "en" if language == "en" else "zh"))


@rules_cli.command("eval")
def rules_eval() -> None:
    """Answer expressions: JSON lines {"expression", "context", "types"} in, {"value"} or {"error"} out, a line each, in order."""
    for answer in answer_lines(sys.stdin.buffer):
        print(answer, flush=True)


@rules_cli.command("translate")
def rules_translate(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    to: Annotated[str, typer.Option("--to", help="zh or en; the other language when it is left out.")] = "",
) -> None:
    """Print a rule book in the other keyword language; names, comments, order and layout stay as they are."""
    if to not in ("", "zh", "en"):
        raise InputError(f"there is no language {to!r}", "use zh or en")
    print(translate_file(book, to), end="")


@rules_cli.command("cover")
def rules_cover(book: Annotated[Path, typer.Argument(help="The rule book.")], as_json: JsonOption = False) -> None:
    """List the clauses, rows, exceptions and steps that no test of a book reaches. Exit code 1 when there are some."""
    found = cover(load_book(book), read_source(book))
    if as_json:
        print(to_json(found, type(found)))
    else:
        for clause in found.clauses:
            print(f"{clause.clause}  {'、'.join(clause.places)}  {len(clause.tests)} tests")
        for each in found.missing:
            print(each)
        print(f"{found.reached} of {found.places} places are reached by tests")
    raise typer.Exit(1 if found.missing else 0)


@rules_cli.command("mutate")
def rules_mutate(book: Annotated[Path, typer.Argument(help="The rule book.")], as_json: JsonOption = False) -> None:
    """Change one number, comparison or cell at a time; name the changes that no test notices, with the test to add. Exit code 1 then."""
    loaded = load_book(book)
    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=warnings) as progress:
        verdicts = list(progress.track(mutate(loaded), total=count_mutants(loaded), description=book.stem))
    survived, same = [each for each in verdicts if each.survived], [each for each in verdicts if each.same]
    if as_json:
        print(to_json(tuple(verdicts), tuple[Verdict, ...]))
    else:
        for each in survived:
            print(f"{each.where}  no test notices {each.what}  |  add to plan {each.proposal.plan if each.proposal else ''}:")
            print("\n".join(f"      {line}" for line in (each.proposal.text if each.proposal else "").splitlines()))
        for each in same:
            print(f"{each.where}  {each.what}  |  no claim was found that pays otherwise; not counted")
        counted = len(verdicts) - len(same)
        print(f"{counted - len(survived)} of {counted} changes are noticed by a test ({len(same)} more make no difference that was found)")
    raise typer.Exit(1 if survived else 0)


@rules_cli.command("reference")
def rules_reference() -> None:
    """Print the reference of expressions, as docs/rules/expressions.md holds it."""
    print(expression_reference(), end="")


@rules_cli.command("schema")
def rules_schema(book: Annotated[Path, typer.Argument(help="The rule book.")]) -> None:
    """Print a JSON Schema of a book, for editors: its elements, values, rules and responsibilities by name."""
    print(json.dumps(schema_of(load_book(book)), ensure_ascii=False, indent=2))


ShelfOption = Annotated[Path, typer.Option("--published", help="The folder of published books.")]
DEFAULT_SHELF = HOME / "var/published"


@rules_cli.command("publish")
def rules_publish(
    book: Annotated[Path, typer.Argument(help="The rule book.")],
    effective: Annotated[str, typer.Option("--effective", help="The first day it is in force: 2026-04-01")],
    by: Annotated[str, typer.Option("--by", help="Who publishes it.")],
    and_: Annotated[str, typer.Option("--and", help="Who else approves it.")],
    published: ShelfOption = DEFAULT_SHELF,
) -> None:
    """Publish a book under its content hash, from a date on, approved by two people; it is never changed again."""
    today = datetime.now().astimezone().date()
    version = Shelf(published).publish(book, _day(effective), (by, and_), today)
    print(f"{version.product}  {version.sha256}  in force from {version.effective}  approved by {'、'.join(version.approvers)}")


@rules_cli.command("history")
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
        found = (shelf.in_force(each, _day(on)) for each in dict.fromkeys(version.product for version in versions))
        versions = [each for each in found if each is not None]
    if as_json:
        print(to_json(tuple(versions), tuple[Version, ...]))
        return
    for each in versions:
        print(f"{each.effective}  {each.product}  {each.sha256}  {'、'.join(each.approvers)}  published {each.published_on}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", "write it as 2026-04-01") from None


@rules_cli.command("replay")
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
    snapshots = [
        Snapshot(each.policy_number, each.assessment.plan, each.book_hash, each.elements, each.used or {}) for each in claim.policies
    ]
    found = differences(tuple(each.assessment for each in claim.policies), replay(snapshots, books))
    for line in found:
        print(line)
    total = format_fen(sum(each.assessment.total_fen for each in claim.policies))
    print(f"{claim_id}  {total}  {'differs' if found else 'equal in every bit'}")
    raise typer.Exit(1 if found else 0)


@rules_cli.command("diff")
def rules_diff(
    old: Annotated[Path, typer.Argument(help="The book as it was.")],
    new: Annotated[Path, typer.Argument(help="The book as it is to be.")],
    as_json: JsonOption = False,
) -> None:
    """Tell what changed between two books: the clauses, and the money on the claims of their tests. Exit code 1 when something did."""
    found = diff(old, new)
    if as_json:
        print(to_json(found, type(found)))
    else:
        for change in found.changes:
            print(f"{new}:{change.at.line}:{change.at.column}  {change.sentence}")
        for each in found.money:
            print(f"  {each.probe}  {each.responsibility}  {each.before} → {each.after}  {format_fen(each.change_fen)}")
        print(f"{len(found.changes)} changes; {len({each.probe for each in found.money})} of {found.probes} claims are paid otherwise")
    raise typer.Exit(1 if found.changes or found.money else 0)


@rules_cli.command("simulate")
def rules_simulate(
    draft: Annotated[Path, typer.Argument(help="The draft of a book.")],
    base: Annotated[
        Path | None, typer.Option("--base", help="The book as it is; the one in force, or of the same name in `books`.")
    ] = None,
    since: Annotated[str, typer.Option("--since", help="The first day of decisions: 2025-01-01")] = "",
    until: Annotated[str, typer.Option("--until", help="The last day of decisions.")] = "",
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as a page with pictures.")] = None,
    checkpoint: Annotated[Path | None, typer.Option("--checkpoint", help="Where a run that is broken off goes on from.")] = None,
    published: ShelfOption = DEFAULT_SHELF,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Ask decided claims anew under a draft: the change in money by changed line, plan, responsibility, month; the ten largest."""
    settings, home = read_config(config), config.resolve().parent
    new, path = load_book(draft), base or _base_of(draft, Shelf(published), home / settings.books)
    old = load_book(path)
    compared = draft_of(old, source_in_language_of(path, old, new), new, read_source(draft))
    stretch = Stretch(_day(since) if since else FIRST_DAY, _day(until) if until else LAST_DAY)
    database = open_database(settings, home)
    try:
        with Progress(BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), console=warnings) as bar:
            task = bar.add_task("")
            tally = run_simulation(
                database, compared, stretch, checkpoint, lambda done, total: bar.update(task, completed=done, total=total)
            )
    finally:
        database.close()
    if html is not None:
        html.write_text(report_html(compared, tally), encoding="utf-8")
    if as_json:
        lines = [{"change": name, **asdict(line), "change_fen": line.change_fen} for name, line in rows_of_changes(compared, tally)]
        told = {"base": old.sha256, "draft": new.sha256, "by_change": lines, "change_fen": tally.total.change_fen, **tally.to_plain()}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(report_text(compared, tally))


def _base_of(draft: Path, shelf: Shelf, books: Path) -> Path:
    version = shelf.in_force(draft.stem, datetime.now().astimezone().date())
    path = shelf.path_of(version.sha256) if version is not None else books / draft.name
    if not path.exists() or path.resolve() == draft.resolve():
        raise InputError(f"there is no book that {draft} is a draft of", "name it with --base")
    return path


@ocr_cli.command("read")
def ocr_read(
    files: Annotated[list[Path], typer.Argument(help="Photographs or PDFs.")],
    engine: Annotated[str, typer.Option("--engine", help="auto, rapidocr or tesseract")] = "auto",
    as_json: JsonOption = False,
) -> None:
    """Read documents: class, fields with confidence, findings. A file that cannot be read is named, and the others go on."""
    settings, failed = settings_from({"engine": engine}), False
    for path in files:
        try:
            document = read_document(path.read_bytes(), settings)
        except (MingbaiError, OSError) as error:
            failed = True
            print(json.dumps({"file": str(path), "error": str(error)}, ensure_ascii=False) if as_json else f"{path}: {error}")
            continue
        if as_json:
            print(json.dumps({"file": str(path), **json.loads(to_json(document, type(document)))}, ensure_ascii=False))
            continue
        table = Table(
            "field", "value", "confidence", "proven", title=f"{path}  {document.document_class or 'unclassified'}  {document.state}"
        )
        for field in document.fields:
            value = format_fen(field.value) if field.name.endswith("_fen") and isinstance(field.value, int) else str(field.value)
            table.add_row(field.name, value, f"{field.confidence:.2f}", "yes" if field.proven else "")
        console.print(table)
        for finding in document.findings:
            console.print(f"  {finding.severity}: {finding.message} {finding.advice}")
    raise typer.Exit(1 if failed else 0)


@risk_cli.command("score")
def risk_score(
    facts: Annotated[Path, typer.Argument(help="A JSON file of facts; see docs/actuaries.md.")],
    as_json: JsonOption = False,
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Score the facts of a claim, with reasons."""
    model = load_model(config.resolve().parent / read_config(config).risk_model)
    try:
        given = parse_facts(json.loads(facts.read_text()))
    except (OSError, json.JSONDecodeError) as error:
        raise InputError(f"{facts} is no JSON file: {error}", "docs/actuaries.md shows one") from error
    score = model.score(given, given.payable_fen or given.claimed_fen)
    if as_json:
        print(to_json(score, type(score)))
        return
    at_stake = f"expected loss {format_fen(score.expected_loss_fen)}   evidence {score.evidence}"
    console.print(f"probability {score.probability:.3f}   band {score.band}   {at_stake}")
    for reason in score.reasons:
        console.print(f"  {reason.points:+6.1f}  {reason.text}")


@claim_cli.command("show")
def claim_show(claim_id: str, as_json: JsonOption = False, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Show everything about one claim: state, documents, amounts with reasons, money, history."""
    settings, home = read_config(config), config.resolve().parent
    with plug_together(settings, home) as plant:
        story = tell(plant.system, claim_id)
    if as_json:
        print(json.dumps(story_json(story), ensure_ascii=False, default=str))
        return
    print(story_text(story))


@claim_cli.command("retry")
def claim_retry(claim_id: str, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Take up again what was given up for a claim, after its cause was mended."""
    with plug_together(read_config(config), config.resolve().parent) as plant:
        stages = retry(plant.system, claim_id, Actor("command line", "operator"))
    console.print(f"{claim_id}: {', '.join(stages)} will be tried again by the next worker")


@staff_cli.command("add")
def staff_add(
    user_name: str,
    role: Annotated[str, typer.Option(help="adjuster, senior_adjuster, investigator, actuary or operator")],
    display_name: Annotated[str, typer.Option(help="The name that colleagues see.")] = "",
    authority: Annotated[str, typer.Option(help="元; the most they may decide alone.")] = "0",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a member of staff, or replace everything about one."""
    roles = ("adjuster", "senior_adjuster", "investigator", "actuary", "operator")
    if role not in roles:
        raise InputError(f"there is no role {role!r}", "use one of " + ", ".join(roles))
    if len(password) < 10:
        raise InputError(f"the password has {len(password)} characters", "use at least 10")
    database = open_database(read_config(config), config.resolve().parent)
    with database.write() as tx:
        access.save_staff(tx, Staff(user_name, display_name or user_name, role, parse_fen(authority)), password)
    console.print(f"{user_name} may log in as {role}, deciding up to {authority} 元 alone")


@client_cli.command("add")
def client_add(
    client_id: str,
    role: Annotated[str, typer.Option(help="app, hotline or hospital")],
    hospital_id: Annotated[str, typer.Option(help="Whose settlements a hospital client may send.")] = "",
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Add a system that calls the API, and print its secret once."""
    if role not in ("app", "hotline", "hospital") or (role == "hospital") != bool(hospital_id):
        raise InputError(f"role {role!r} with hospital {hospital_id!r} does not fit", "use app, hotline, or hospital with --hospital-id")
    secret = secrets.token_urlsafe(32)
    database = open_database(read_config(config), config.resolve().parent)
    with database.write() as tx:
        if hospital_id and registry.find_hospital(tx, hospital_id) is None:
            raise NotFoundError(f"no hospital {hospital_id}", "bring it in first: python app.py data import FILE")
        access.save_api_client(tx, ApiClient(client_id, role, hospital_id or None), secret)
    console.print(f"secret of {client_id}, shown this once: {secret}", markup=False)


@data_cli.command("import")
def data_import(
    file: Annotated[
        Path, typer.Argument(help="A JSON file of persons, agents, hospitals, policies, entitlements; `data example` prints one.")
    ],
    config: ConfigOption = DEFAULT_CONFIG,
) -> None:
    """Bring customers, policies, hospitals and agents in, or up to date; all of the file or nothing of it."""
    try:
        portfolio = from_json(file.read_text(), Portfolio)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}", "check the path") from error
    except ValidationError as error:
        first = error.errors()[0]
        where = "/".join(map(str, first["loc"]))
        raise InputError(
            f"{file}: {where}: {first['msg']}", "`data example` prints such a file; nothing was brought in", field=where
        ) from error
    database = open_database(read_config(config), config.resolve().parent)
    with database.write() as tx:
        save_portfolio(tx, portfolio)
    console.print(f"{len(portfolio.persons)} persons, {len(portfolio.policies)} policies, {len(portfolio.hospitals)} hospitals are in")


@data_cli.command("example")
def data_example() -> None:
    """Print the demo's synthetic portfolio, as an example of such a file."""
    print(to_json(build_portfolio(), Portfolio))


# ── The demo ──────────────────────────────────────────────────────────────────────────────────────

DEMO_FOLDER = HOME / "var/demo"
DEMO_PASSWORD = "mingbai-demo"  # noqa: S105  # printed on the log-in page; the demo listens on 127.0.0.1 only
DEMO_STAFF = (
    Staff("adjuster", "示例理赔员", "adjuster", 5_000_000),
    Staff("senior", "示例高级理赔员", "senior_adjuster", 50_000_000),
    Staff("investigator", "示例调查员", "investigator", 5_000_000),
    Staff("actuary", "示例精算师", "actuary", 0),
)


@cli.command("demo")
def demo_command(
    claims: Annotated[
        int, typer.Option("--claims", min=1, max=1000, help="How many claims; past twelve the scenarios repeat with other people.")
    ] = 12,
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the queue afterwards.")] = True,
    port: Annotated[int, typer.Option("--port", help="Where to serve; 0 takes any free port.")] = 8000,
    folder: Annotated[Path, typer.Option("--folder", help="Where its database and files go; emptied first.")] = DEMO_FOLDER,
    as_json: JsonOption = False,
) -> None:
    """Send a dozen synthetic claims through the real path, from photographs to payouts, and show what became of them.

    It starts from an empty database of its own each time, and never touches the one of config.yaml.
    """
    _set_up_logging(logging.ERROR)
    if serve:
        _check_port(port)  # before anything is emptied: another demo may be running there
    _empty_folder(folder)
    start = time.monotonic()
    scenarios = scenario_claims(claims)
    bank = SandboxBank(folder / "bank.db")
    bank.start()
    try:
        config = _demo_config(folder.resolve(), bank.url, port if serve else 0)
        hint = f"{'、'.join(each.user_name for each in DEMO_STAFF)}，密码 {DEMO_PASSWORD}"
        with plug_together(config) as plant, serving(plant, demo_hint=hint) as url:
            sender_secrets = _fill_demo(plant.system.database, build_portfolio(scenarios), scenarios)
            outcomes = _play_with_bar(url, sender_secrets, scenarios, quiet=as_json)
            rows = [_row(plant.system, *each) for each in zip(scenarios, outcomes, strict=True)]
            _show_demo(rows, time.monotonic() - start, as_json)
            if serve:
                warnings.print(
                    f"\nThe queue: [bold]{url}[/]   log in as {', '.join(each.user_name for each in DEMO_STAFF)}; password {DEMO_PASSWORD}"
                )
                warnings.print("Ctrl-C stops the demo.")
                _wait_for_stop()
    finally:
        bank.stop()
    if not all(row["as_expected"] for row in rows):
        raise typer.Exit(1)


def _check_port(port: int) -> None:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError as error:
        raise SetupError(
            f"port {port} is taken: {error.strerror}", "stop what uses it (another demo?), or choose another with --port"
        ) from error


def _empty_folder(folder: Path) -> None:
    """Make an empty folder; one that holds anything but an earlier demo is left alone.

    Raises:
        SetupError: the folder holds something else.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / "bank.db").exists():
        raise SetupError(
            f"{folder} is not empty and holds no earlier demo", "name an empty folder, or one that does not exist, with --folder"
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def _demo_config(folder: Path, bank_url: str, port: int) -> Config:
    return Config(
        database=f"sqlite:///{folder}/mingbai.db",
        files=folder / "files",
        field_key=folder / "field.key",
        session_key=folder / "session.key",
        server=ServerSettings(port=port, secure_cookies=False),
        bank=BankSettings(url=bank_url),
        limits=LimitSettings(audit_sample_rate=0),  # a random sample would make an expected outcome a matter of chance
        ocr=read_config(DEFAULT_CONFIG).ocr,
    )


def _fill_demo(database: Database, portfolio: Portfolio, scenarios: Sequence[Scenario]) -> dict[str, str]:
    """Store the synthetic portfolio, the demo's staff and its calling systems; gives the secret of each channel."""
    hospital_id = next(
        (each.main.payload["hospital_id"] for each in scenarios if each.main.channel == "hospital"), portfolio.hospitals[0].hospital_id
    )
    clients = {"app": ApiClient("demo-app", "app", None), "hotline": ApiClient("demo-hotline", "hotline", None)}
    clients["hospital"] = ApiClient("demo-hospital", "hospital", hospital_id)
    made = {channel: secrets.token_urlsafe(32) for channel in clients}
    with database.write() as tx:
        save_portfolio(tx, portfolio)
        for staff in DEMO_STAFF:
            access.save_staff(tx, staff, DEMO_PASSWORD)
        for channel, client in clients.items():
            access.save_api_client(tx, client, made[channel])
    return made


def save_portfolio(tx: Transaction, portfolio: Portfolio) -> None:
    """Store everybody and everything of a portfolio."""
    registry.save_people(tx, portfolio.persons)
    registry.save_agents(tx, portfolio.agents)
    registry.save_hospitals(tx, portfolio.hospitals)
    registry.save_policies(tx, portfolio.policies)
    registry.save_entitlements(tx, portfolio.entitlements)


def _play_with_bar(url: str, channel_secrets: dict[str, str], scenarios: Sequence[Scenario], *, quiet: bool) -> list[tuple[Outcome, ...]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with httpx.Client(base_url=url, timeout=60) as client, Progress(*columns, console=warnings, disable=quiet) as progress:
        bar = progress.add_task("photographs → OCR → rules → risk → payout", total=len(scenarios))
        return play_all(Sender(client, channel_secrets), scenarios, settled=lambda: progress.advance(bar))


def _row(system: System, scenario: Scenario, outcomes: tuple[Outcome, ...]) -> dict[str, Any]:
    """Tell what became of a scenario as the insurer sees it: a customer is not told that a claim is investigated."""
    *earlier, main = [(outcome, tell(system, outcome.claim_id)) for outcome in outcomes]
    told = all(any(word in reason for reason in main[1].reasons) for word in scenario.expected_reasons)
    kept = all((s.claim.state, s.paid_fen) == (o.submission.expected_state, o.submission.expected_paid_fen) for o, s in (*earlier, main))
    return {
        "id": main[0].claim_id,
        "scenario": scenario.name,
        "title": scenario.title_zh,
        "state": main[1].claim.state,
        "expected_state": scenario.expected_state,
        "paid_fen": main[1].paid_fen,
        "expected_paid_fen": scenario.expected_paid_fen,
        "seconds": main[0].seconds,
        "reasons": list(main[1].reasons),
        "as_expected": told and kept,
        "earlier": [
            {"id": o.claim_id, "state": s.claim.state, "paid_fen": s.paid_fen, "expected_paid_fen": o.submission.expected_paid_fen}
            for o, s in earlier
        ],
    }


def _show_demo(rows: list[dict[str, Any]], seconds: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"claims": rows, "seconds": round(seconds, 2)}, ensure_ascii=False))
        return
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), title_justify="left")
    table.add_column("案件", no_wrap=True)
    table.add_column("情形与理由", ratio=1, overflow="fold")
    table.add_column("状态", no_wrap=True)
    table.add_column("支付（元）", no_wrap=True, justify="right")
    table.add_column("秒", no_wrap=True, justify="right")
    for row in rows:
        told = "\n".join([f"[bold]{row['title']}[/]", *(f"· {reason}" for reason in row["reasons"][:4])])
        mark = "" if row["as_expected"] else f"\n[red]≠ {row['expected_state']} {format_fen(row['expected_paid_fen'])}[/]"
        table.add_row(row["id"], told, row["state"] + mark, format_fen(row["paid_fen"]), f"{row['seconds']:.1f}")
    console.print(table)
    console.print(f"{sum(row['as_expected'] for row in rows)} of {len(rows)} claims as expected, in {seconds:.0f} s")


def main() -> None:
    """Run the command line; a known failure prints what happened and the way out, and exits with 2."""
    try:
        cli()
    except MingbaiError as error:
        warnings.print(f"[red]{error.code}[/]: ", end="")
        warnings.print(str(error), markup=False, highlight=False)
        sys.exit(2)


if __name__ == "__main__":
    main()
