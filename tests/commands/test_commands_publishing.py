"""`rules publish`, `approve`, `history`, `show`, `diff` as two people at a terminal meet them; each command is the real one."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from adjudicator.publishing import ship
from commands.line import command_line
from commands.plant import database_of, open_books
from domain.china import china_day
from domain.errors import ConflictError, InputError, MingbaiError, NotAllowedError, NotAuthenticatedError, NotFoundError, SetupError
from rules.medical_base import shipped_base
from storage import access
from storage.access import Staff

BOOKS = Path(__file__).parents[2] / "rules/book"
DAY = "2199-01-01"
PASSWORDS = {"lin": "lin-secret-1", "gao": "gao-secret-1", "chen": "chen-secret-1"}

Run = Callable[..., str]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A system that was started once, with the books of two products, two actuaries and an adjuster."""
    path = tmp_path / "config.yaml"
    path.write_text(f"database: sqlite:///claims.db\nfield_key: field.key\nbooks: {BOOKS}\n")
    with database_of(path) as database:
        ship(database, [BOOKS / "ankang-cash.yaml", BOOKS / "zhifu-direct.yaml"], shipped_base())
        with database.write() as tx:
            for name, password in PASSWORDS.items():
                access.save_staff(tx, Staff(name, name, "adjuster" if name == "chen" else "actuary", 0), password)
    return path


@pytest.fixture
def run(config: Path) -> Run:
    def run(*words: str, password: str = "", exit_code: int = 0) -> str:
        name = words[words.index("--as") + 1] if "--as" in words else ""
        typed = (password or PASSWORDS.get(name, "")) + "\n"
        result = CliRunner().invoke(command_line(), ["rules", *words, "--config", str(config)], input=typed)
        if isinstance(result.exception, MingbaiError):
            raise result.exception
        assert result.exit_code == exit_code, result.output
        return result.stdout

    return run


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    """The direct settlement book, paying 80% instead of 90%, with one test that says so."""
    text = (BOOKS / "zhifu-direct.yaml").read_text().replace("直付比例: 90%", "直付比例: 80%")
    first = text.index("      - 名: 半分向上进")
    path = tmp_path / "draft" / "zhifu-direct.yaml"
    path.parent.mkdir()
    path.write_text(text[:first].replace("{住院直付医疗: 6695.24}", "{住院直付医疗: 5951.33}"))
    return path


def _hash(told: str) -> str:
    return told.split()[1]


def test_two_people_publish_a_book_and_the_history_tells_who_and_when(run: Run, draft: Path) -> None:
    told = run("publish", str(draft), "--effective", DAY, "--as", "lin")
    assert "signed by lin, waits for a second person" in told
    assert "waits for a second person" in run("history", "zhifu-direct")
    assert "signed by lin、gao" in run("approve", _hash(told)[:12], "--as", "gao")
    shipped, published = json.loads(run("history", "zhifu-direct", "--json"))
    assert (shipped["status"], shipped["signed"]) == ("shipped", [])
    assert [each["in_force_today"] for each in (shipped, published)] == [True, False]
    assert (published["status"], published["effective"], published["sha256"]) == ("published", DAY, _hash(told))
    assert [(each["by"], each["role"]) for each in published["signed"]] == [("lin", "actuary"), ("gao", "actuary")]
    assert published["base_sha256"] == shipped["base_sha256"]


def test_the_history_of_a_day_tells_only_what_is_in_force(run: Run, draft: Path) -> None:
    told = run("publish", str(draft), "--effective", DAY, "--as", "lin")
    run("approve", _hash(told), "--as", "gao")
    assert "shipped with the release" in run("history", "zhifu-direct", "--on", "2198-12-31")
    (only,) = run("history", "zhifu-direct", "--on", DAY).splitlines()
    assert "lin、gao" in only


def test_the_line_that_publish_prints_shows_the_second_person_what_changes(run: Run, draft: Path) -> None:
    (line,) = [each for each in run("publish", str(draft), "--effective", DAY, "--as", "lin").splitlines() if "rules diff" in each]
    told = run(*line.split("rules ")[1].split(), exit_code=1)
    assert "由 90% 改为 80%" in told
    assert "6,695.24 → 5,951.33" in told


def test_a_published_book_is_shown_byte_for_byte(run: Run, draft: Path) -> None:
    told = run("publish", str(draft), "--effective", DAY, "--as", "lin")
    assert run("show", _hash(told)[:6]) == draft.read_text()


def test_an_earlier_book_is_published_again_by_its_hash(run: Run, draft: Path) -> None:
    told = run("publish", str(draft), "--effective", "2198-01-01", "--as", "lin")
    run("approve", _hash(told), "--as", "gao")
    first = json.loads(run("history", "zhifu-direct", "--json"))[0]["sha256"]
    run("publish", first[:10], "--effective", DAY, "--as", "gao")
    run("approve", first[:10], "--as", "lin")
    assert [each["sha256"] for each in json.loads(run("history", "zhifu-direct", "--json"))] == [first, _hash(told), first]
    (only,) = json.loads(run("history", "zhifu-direct", "--on", DAY, "--json"))
    assert (only["sha256"], [each["by"] for each in only["signed"]]) == (first, ["gao", "lin"])


def test_the_second_person_is_somebody_else(run: Run, draft: Path) -> None:
    told = run("publish", str(draft), "--effective", DAY, "--as", "lin")
    with pytest.raises(NotAllowedError, match="lin proposed zhifu-direct"):
        run("approve", _hash(told), "--as", "lin")


@pytest.mark.parametrize(("name", "password"), [("lin", "gao-secret-1"), ("nobody", "lin-secret-1"), ("lin", " ")])
def test_a_name_without_its_password_signs_nothing(run: Run, draft: Path, name: str, password: str) -> None:
    with pytest.raises(NotAuthenticatedError, match=f"nobody logs in as '{name}' with this password"):
        run("publish", str(draft), "--effective", DAY, "--as", name, password=password)
    assert len(json.loads(run("history", "zhifu-direct", "--json"))) == 1


def test_a_person_who_was_locked_out_signs_nothing(run: Run, config: Path, draft: Path) -> None:
    with database_of(config) as database, database.write() as tx:
        tx.connection.exec_driver_sql("UPDATE staff SET active = false WHERE user_name = 'lin'")
    with pytest.raises(NotAuthenticatedError):
        run("publish", str(draft), "--effective", DAY, "--as", "lin")


def test_an_adjuster_signs_nothing(run: Run, draft: Path) -> None:
    with pytest.raises(NotAllowedError, match=r"chen is adjuster, and that role may not publish_book.*it takes one of: actuary"):
        run("publish", str(draft), "--effective", DAY, "--as", "chen")


def test_a_program_gives_the_password_in_the_environment(run: Run, draft: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MINGBAI_PASSWORD", PASSWORDS["lin"])
    assert "signed by lin" in run("publish", str(draft), "--effective", DAY, "--as", "lin", password="another")


@pytest.mark.parametrize(("named", "error"), [("no-such.yaml", InputError), ("abababab", NotFoundError), ("abc", InputError)])
def test_a_book_that_is_neither_a_file_nor_a_hash_is_told(run: Run, named: str, error: type[MingbaiError]) -> None:
    with pytest.raises(error, match=named):
        run("publish", named, "--effective", DAY, "--as", "lin")


def test_before_the_first_start_nothing_is_published_so_that_no_draft_counts_as_shipped(run: Run, config: Path, draft: Path) -> None:
    (config.parent / "claims.db").unlink()
    with database_of(config) as database, database.write() as tx:
        access.save_staff(tx, Staff("lin", "lin", "actuary", 0), PASSWORDS["lin"])
    with pytest.raises(ConflictError, match=r"nothing is in force yet.*start the server once"):
        run("publish", str(draft), "--effective", DAY, "--as", "lin")
    assert run("history") == ""


def test_a_start_names_the_drafts_of_the_folder_and_does_not_load_them(
    config: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "books"
    folder.mkdir()
    (folder / "zhifu-direct.yaml").write_bytes((BOOKS / "zhifu-direct.yaml").read_bytes())
    (folder / "ankang-cash.yaml").write_text("要素: [")
    with database_of(config) as database:
        books = open_books(database, folder, shipped_base())
    assert {product for product, _, _ in books.compiled} == {"ankang-cash", "zhifu-direct"}
    assert "decides nothing: ankang-cash.yaml in" in caplog.text


def test_a_start_without_any_book_says_so(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("database: sqlite:///claims.db\nfield_key: field.key\nbooks: empty\n")
    with database_of(path) as database, pytest.raises(SetupError, match=r"no rule book is published, and .*empty holds none"):
        open_books(database, tmp_path / "empty", shipped_base())


def test_today_is_the_day_in_china(run: Run, config: Path, draft: Path) -> None:
    with database_of(config) as database, database.read() as tx:
        today = china_day(tx.now_ms())
    assert f"from {today}" in run("publish", str(draft), "--effective", f"{today}", "--as", "lin")
    with pytest.raises(ConflictError, match="lies in the past"):
        run("publish", str(draft), "--effective", f"{date.fromordinal(today.toordinal() - 1)}", "--as", "lin")
