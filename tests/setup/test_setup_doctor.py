"""The doctor finds what is missing, names the command that mends it, and needs nothing installed to say so."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.font import FONT_PATHS
from setup import checks, doctor, machine

ROOT = Path(__file__).parents[2]


def test_it_runs_on_the_standard_library_alone() -> None:
    run = subprocess.run([sys.executable, "-S", "-m", "setup.doctor", "--json"], cwd=ROOT, capture_output=True, text=True, check=False)
    answer = json.loads(run.stdout)
    assert run.returncode == (0 if answer["ok"] else 1)
    assert {"Python", "tesseract", ".venv", "flask", "free disk"} <= {check["what"] for check in answer["checks"]}


def test_a_program_that_is_not_on_the_path_is_missing_and_its_package_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(machine, "find_packager", lambda: "apt")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {check.what: check for check in checks.check_operating_system()}
    assert found["tesseract"].state == "missing"
    assert found["tesseract"].mend.endswith("apt-get install -y --no-install-recommends tesseract-ocr")
    assert found["tesseract chi_sim"].mend.endswith(" tesseract-ocr-chi-sim")


def test_a_missing_browser_costs_only_some_tests(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine, "CHROMIUM_ON_MACOS", tmp_path / "none")
    monkeypatch.setenv("PATH", str(tmp_path))
    found = {check.what: check for check in checks.check_operating_system()}
    assert found["chromium"].state == "optional"


def test_on_macos_homebrew_mends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    needs = [need for need in machine.list_needs() if need.name in ("tesseract", "tesseract chi_sim", "C compiler")]
    assert machine.tell_install_command(needs) == "brew install tesseract tesseract-lang && xcode-select --install"


def test_a_package_at_another_version_than_its_pin_is_told_with_both(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("flask==0.0.1 \\\n    --hash=sha256:00\nno.such_thing==1.0 ; implementation_name != 'pypy' \\\n", encoding="utf-8")
    monkeypatch.setattr(checks, "REQUIREMENTS", pins)
    flask, unknown = checks.check_distributions()
    assert (flask.what, flask.state, flask.mend) == ("flask", "missing", "make setup")
    assert "0.0.1 is pinned" in flask.found
    assert (unknown.what, unknown.found) == ("no-such-thing", "not installed; 1.0 is pinned")


def test_pins_for_windows_are_not_asked_for() -> None:
    assert checks.read_pins("colorama==0.4.6 ; sys_platform == 'win32' \\\nFlask==3.1.3 \\\n") == {"flask": "3.1.3"}


def test_a_settings_file_that_is_no_yaml_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("database: [open\n", encoding="utf-8")
    check = checks.check_config(path)
    assert check.state == "missing"
    assert "line 2" in check.found


def test_no_settings_file_is_no_fault(tmp_path: Path) -> None:
    assert checks.check_config(tmp_path / "config.yaml").state == "optional"


def test_a_taken_port_is_told_but_stops_nothing() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert checks.check_port(taken.getsockname()[1]).state == "optional"


def test_postgresql_is_asked_only_when_the_settings_name_one() -> None:
    assert list(checks.check_postgres("database: sqlite:///var/mingbai.db  # or postgresql://db/mingbai")) == []


def test_a_configured_postgresql_that_does_not_answer_is_missing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound, never listening
        address = f"127.0.0.1:{unused.getsockname()[1]}"
        (check,) = checks.check_postgres(f"database: postgresql+psycopg://mingbai:secret@{address}/mingbai")
    assert check.state == "missing"
    assert address in check.found
    assert "secret" not in check.found


def test_the_table_folds_the_packages_into_one_line() -> None:
    pins = checks.read_pins(checks.REQUIREMENTS.read_text(encoding="utf-8"))
    table = doctor.render([checks.Check(name, "ok", version) for name, version in pins.items()])
    assert table.splitlines() == [f"Python packages  ok        all {len(pins)} at their pinned versions", "", "All is there."]


def test_doctor_and_sandbox_know_the_same_fonts() -> None:
    assert machine.CHINESE_FONTS == FONT_PATHS


def test_a_font_for_letters_is_looked_for_where_the_settings_say_and_then_in_the_well_known_places(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttf", tmp_path / "bad.otf"
    good.write_bytes(b"\x00\x01\x00\x00")
    bad.write_bytes(b"OTTO")
    settings = "letters:\n  insurer: x\n  font: {}\n\nocr:\n  engine: auto\n"
    assert checks.check_letter_font(settings.format(good), ()) == checks.Check("letter font", "ok", str(good))
    named_badly = checks.check_letter_font(settings.format(bad), (good,))
    assert (named_badly.state, "PostScript" in named_badly.found, str(good) in named_badly.found) == ("optional", True, True)
    assert checks.check_letter_font("letters:\n  insurer: x\n", (good,)).state == "ok"
    assert "apt-get install" in checks.check_letter_font("ocr:\n  font: elsewhere\n", ()).mend
