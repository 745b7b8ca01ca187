"""One check for each thing that Mingbai needs on a machine; each looks and changes nothing."""

import os
import re
import shutil
import socket
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import distributions
from pathlib import Path
from typing import Literal

from letters import font_files
from setup import machine

State = Literal["ok", "missing", "optional"]
"""`missing` stops the system; `optional` is missing too, and costs a convenience only."""

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "setup" / "requirements.txt"
SUPPORTED = ((3, 11), (3, 12))
DEFAULT_PORT = 8000
LEAST_FREE_GB = 2.0
POSTGRES_URL = re.compile(r"postgresql(?:\+\w+)?://(?:[^@/\s\"']*@)?(?P<host>[\w.-]+)(?::(?P<port>\d+))?")
POSTGRES_PORT = 5432
FONT_SETTING = re.compile(r"^letters:(?:\n[ \t]+.*|\n[ \t]*)*?\n[ \t]+font:[ \t]*(?P<path>\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Check:
    """One thing examined: `what`, its `state`, what was found, and the command that mends it."""

    what: str
    state: State
    found: str = ""
    mend: str = ""


def check_python() -> Check:
    """3.11 or 3.12; later ones cannot import durable_rules' extension."""
    found = f"{sys.version.split()[0]} at {sys.executable}"
    if sys.version_info[:2] in SUPPORTED:
        return Check("Python", "ok", found)
    return Check(
        "Python",
        "missing",
        f"{found}; 3.11 or 3.12 is needed",
        "make setup PYTHON=python3.12  (setup/find_python.sh tells where to get it)",
    )


def check_operating_system() -> Iterator[Check]:
    """Libraries, programs and fonts; what only the making of the .venv needs is optional once that is made."""
    for need in machine.list_needs():
        if need.is_met():
            yield Check(need.name, "ok", need.purpose)
            continue
        is_optional = need.stage == "test" or (need.stage == "build" and _is_built())
        yield Check(need.name, "optional" if is_optional else "missing", need.purpose, machine.tell_install_command([need]))


def check_venv() -> Check:
    """A .venv beside app.py."""
    if _site_packages() is None:
        return Check(".venv", "missing", "not made yet", "make setup")
    return Check(".venv", "ok", str(ROOT / ".venv"))


def check_distributions() -> Iterator[Check]:
    """Every pinned Python package, at its pinned version, in the .venv."""
    folder = _site_packages()
    installed = {normalise(found.name): found.version for found in distributions(path=[str(folder)])} if folder else {}
    for name, pinned in read_pins(read_text(REQUIREMENTS)).items():
        version = installed.get(name)
        if version == pinned:
            yield Check(name, "ok", version)
        else:
            yield Check(name, "missing", f"{version or 'not installed'}; {pinned} is pinned", "make setup")


def check_config(path: Path) -> Check:
    """The settings file can be read; without one the built-in settings hold."""
    if not path.exists():
        return Check(path.name, "optional", "not there: the built-in settings hold")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Check(path.name, "missing", f"cannot be read: {error}", f"chmod u+r {path}, and save it as UTF-8")
    return _check_yaml(path, text)


def check_writable(folder: Path) -> Check:
    """The folder for the database, the files and the logs can be written."""
    nearest = folder if folder.exists() else folder.parent
    if os.access(nearest, os.W_OK):
        return Check(f"{folder.name}/", "ok", "writable")
    return Check(f"{folder.name}/", "missing", f"{nearest} is not writable for this user", f"sudo chown -R $(id -un) {nearest}")


def check_disk(folder: Path) -> Check:
    """Room for the .venv, the database and the documents."""
    free_gb = shutil.disk_usage(folder).free / 1e9
    state: State = "ok" if free_gb >= LEAST_FREE_GB else "missing"
    return Check("free disk", state, f"{free_gb:.1f} GB", "" if state == "ok" else f"free {LEAST_FREE_GB:.0f} GB where {folder} lies")


def check_port(port: int) -> Check:
    """The web queue's port is free; a busy one is no fault if it is Mingbai that listens."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return Check(f"port {port}", "optional", "taken: is Mingbai already running?", f"lsof -i :{port}")
    return Check(f"port {port}", "ok", "free")


def check_postgres(settings: str) -> Iterator[Check]:
    """The PostgreSQL that the settings name answers; nothing is asked when they name none."""
    address = POSTGRES_URL.search(re.sub(r"#.*", "", settings))
    if not address:
        return
    host, port = address["host"], int(address["port"] or POSTGRES_PORT)
    try:
        socket.create_connection((host, port), timeout=3).close()
    except OSError as error:
        yield Check("PostgreSQL", "missing", f"{host}:{port} does not answer: {error}", "start it, or take its address out of config.yaml")
        return
    yield Check("PostgreSQL", "ok", f"{host}:{port} answers")


def check_letter_font(settings: str, candidates: Iterable[Path] = font_files.CHINESE) -> Check:
    """A Chinese font that the PDFs of letters can carry: the one that the settings name, or a well-known one."""
    named = FONT_SETTING.search(re.sub(r"#.*", "", settings))
    preferred = ROOT / named["path"].strip("\"'") if named else None
    found = font_files.find_fonts(preferred, candidates, ())
    why = font_files.tell_unusable(preferred) if preferred else ""
    if found and not why:
        return Check("letter font", "ok", str(found[0]))
    told = why or "none found: letters are pages (HTML) only, without PDF"
    return Check("letter font", "optional", f"{told}; {found[0]} is used instead" if found else told, font_files.WAY_OUT)


def read_pins(requirements: str) -> dict[str, str]:
    """The pinned version of each distribution in a requirements file; those for Windows alone are left out."""
    pins = re.finditer(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)(.*)$", requirements, re.MULTILINE)
    return {normalise(pin[1]): pin[2] for pin in pins if "win32" not in pin[3]}


def normalise(name: str) -> str:
    """A distribution's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_text(path: Path) -> str:
    """The text of a file; empty when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""


def _site_packages() -> Path | None:
    return next(iter((ROOT / ".venv").glob("lib/python3.*/site-packages")), None)


def _is_built() -> bool:
    """Tell whether the one package that must be compiled is in the .venv."""
    folder = _site_packages()
    return folder is not None and any(folder.glob("durable_rules-*.dist-info"))


def _check_yaml(path: Path, text: str) -> Check:
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError
    except ImportError:
        return Check(path.name, "ok", "can be read; its YAML is examined once the Python packages are there")
    try:
        YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        return Check(path.name, "missing", f"no valid YAML: {' '.join(str(error).split())}", f"mend {path}")
    return Check(path.name, "ok", "valid YAML")
