"""What `make setup` does when it may not install, when an installer fails, and when all is done already."""

from pathlib import Path

import pytest

from domain.errors import SetupError
from setup import machine, python_packages, running
from setup.system_packages import install_system_packages


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the tests off the real log, and off what `make test` was told."""
    monkeypatch.delenv("SYSTEM_PACKAGES", raising=False)
    monkeypatch.delenv("MIRROR", raising=False)
    monkeypatch.setattr(running, "LOG", tmp_path / "var" / "setup.log")


@pytest.fixture
def lacking_tesseract(monkeypatch: pytest.MonkeyPatch) -> None:
    need = machine.Need("tesseract", "reads", "run", lambda: False, apt=("tesseract-ocr",), brew=("tesseract",))
    monkeypatch.setattr(machine, "list_needs", lambda: (need,))


@pytest.mark.usefixtures("lacking_tesseract")
def test_without_permission_it_stops_with_the_one_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))  # no apt-get, no sudo, no brew
    with pytest.raises(SetupError, match="lacks tesseract") as refused:
        install_system_packages(["run"])
    assert "tesseract" in refused.value.way_out
    assert "SYSTEM_PACKAGES=no" in refused.value.way_out


@pytest.mark.usefixtures("lacking_tesseract")
def test_told_to_leave_the_system_alone_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEM_PACKAGES", "no")
    install_system_packages(["run"])
    assert not running.LOG.exists()


def test_a_browser_that_cannot_be_had_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    need = machine.Need("chromium", "browser tests", "test", lambda: False, apt=("chromium",), brew=("chromium",))
    monkeypatch.setattr(machine, "list_needs", lambda: (need,))
    monkeypatch.setenv("PATH", str(tmp_path))
    install_system_packages(["run"], wish_for_browser=True)


def test_a_failing_installer_is_told_with_its_last_words() -> None:
    with pytest.raises(SetupError, match="no such mirror") as failed:
        running.run(["sh", "-c", "echo no such mirror; exit 7"], way_out="try another")
    assert "exit code 7" in failed.value.what
    assert failed.value.way_out == "try another"


def test_the_mirror_reaches_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIRROR", "https://mirror.example/simple")
    lines: list[str] = []
    running.run(["sh", "-c", "echo $PIP_INDEX_URL"], on_line=lines.append)
    assert lines == ["https://mirror.example/simple\n"]


def test_a_stamp_holds_until_a_pin_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("flask==3.1.3", encoding="utf-8")
    monkeypatch.setattr(python_packages, "PINS", {"run": (pins,), "test": (pins,)})
    monkeypatch.setattr(python_packages, "VENV", tmp_path)
    python_packages.mark_ready("test")
    assert python_packages.is_ready("run")
    pins.write_text("flask==3.1.4", encoding="utf-8")
    assert not python_packages.is_ready("run")
