"""Which Python is taken, and what is said when none will do. The interpreters are scripts that tell a version."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "setup" / "find_python.sh"
TOOLS = ("bash", "env", "dirname", "sed", "grep", "uname")


class Machine:
    """A checkout, a home and a PATH of their own, with the interpreters one puts on it."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.checkout = folder / "check out"
        self.home = folder / "home"
        for made in (self.bin, self.checkout / "setup", self.home):
            made.mkdir(parents=True)
        shutil.copy(SCRIPT, self.checkout / "setup")
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool) or f"/bin/{tool}")

    def add_python(self, name: str, version: str) -> Path:
        return self._add(self.bin / name, f"echo {version}")

    def add_broken_shim(self, name: str) -> Path:
        return self._add(self.bin / name, "echo 'pyenv: command not found' >&2; exit 127")

    def _add(self, path: Path, line: str) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        path.chmod(0o755)
        return path

    def find(self, **environment: str) -> subprocess.CompletedProcess[str]:
        script = str(self.checkout / "setup" / "find_python.sh")
        settings = {"PATH": str(self.bin), "HOME": str(self.home), **environment}
        return subprocess.run([script], env=settings, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_python_3_12_is_preferred_to_3_11(machine: Machine) -> None:
    machine.add_python("python3.11", "3.11")
    newer = machine.add_python("python3.12", "3.12")
    assert machine.find().stdout.strip() == str(newer)


def test_a_shim_that_does_not_run_is_passed_over(machine: Machine) -> None:
    machine.add_broken_shim("python3.12")
    older = machine.add_python("python3.11", "3.11")
    assert machine.find().stdout.strip() == str(older)


def test_plain_python3_is_taken_when_its_version_is_right(machine: Machine) -> None:
    plain = machine.add_python("python3", "3.12")
    assert machine.find().stdout.strip() == str(plain)


def test_the_python_of_the_venv_is_kept_when_a_newer_one_appears(machine: Machine) -> None:
    older = machine.add_python("python3.11", "3.11")
    machine.add_python("python3.12", "3.12")
    (machine.checkout / ".venv").mkdir()
    (machine.checkout / ".venv" / "pyvenv.cfg").write_text(f"home = x\nexecutable = {older}\n", encoding="utf-8")
    assert machine.find().stdout.strip() == str(older)


def test_the_named_python_is_obeyed(machine: Machine) -> None:
    machine.add_python("python3.12", "3.12")
    named = machine.add_python("mine", "3.11")
    assert machine.find(PYTHON=str(named)).stdout.strip() == str(named)


@pytest.mark.parametrize(
    ("version", "why"),
    [
        ("3.10", "Python 3.10 and older lack"),
        ("3.13", "its extension does not import there"),
        ("3.14", "its extension does not import there"),
    ],
)
def test_another_version_is_refused_with_the_reason_and_a_way_out(machine: Machine, version: str, why: str) -> None:
    machine.add_python("python3", version)
    refused = machine.find()
    assert refused.returncode == 1
    assert f"python3 is {version}" in refused.stderr
    assert why in refused.stderr
    assert 'make setup PYTHON="$(uv python find 3.12)"' in refused.stderr


def test_a_named_python_that_does_not_run_is_named_in_the_refusal(machine: Machine) -> None:
    machine.add_python("python3.12", "3.12")
    assert "PYTHON=/no/such/python does not run" in machine.find(PYTHON="/no/such/python").stderr


def test_no_python_at_all_is_said(machine: Machine) -> None:
    assert "no Python was found" in machine.find().stderr
