"""Every package that comes in is pinned, proved by hash, and accounted for."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from setup.checks import normalise, read_pins

ROOT = Path(__file__).parents[2]
FILES = ("requirements-build.txt", "requirements.txt", "requirements-dev.txt")
ROOMS = (
    "domain",
    "rules",
    "ocr",
    "riskmodel",
    "letters",
    "reporting",
    "actuarial",
    "storage",
    "policy",
    "entitlement",
    "agent",
    "adjudicator",
    "api",
    "commands",
    "sandbox",
)


def read_requirements(name: str) -> str:
    return (ROOT / "setup" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_every_pin_has_a_hash(name: str) -> None:
    joined = read_requirements(name).replace("\\\n", " ")
    unproved = [line for line in joined.splitlines() if "==" in line and "--hash=sha256:" not in line]
    assert unproved == []


@pytest.mark.parametrize("name", FILES)
def test_no_package_index_is_named(name: str) -> None:
    assert not re.search(r"://|--(extra-)?index-url|--find-links", read_requirements(name))


@pytest.mark.parametrize("name", FILES)
def test_markers_tell_only_windows_and_pypy_apart(name: str) -> None:
    """The doctor reads pins without a marker language: a fork by Python version would mislead it."""
    markers = re.findall(r"==\S+ ; ([^\\\n]+)", read_requirements(name))
    assert [marker for marker in markers if not re.search(r"'(win32|pypy|PyPy)'", marker)] == []


PEERS = {"celery", "dbos"}  # of benchmarks, in environments of their own: never beside the product


def test_every_wish_is_pinned() -> None:
    for stem in ("requirements-build", "requirements", "requirements-dev"):
        wishes = re.findall(r"^([A-Za-z][\w.-]*)", read_requirements(f"{stem}.in"), re.MULTILINE)
        assert {normalise(wish) for wish in wishes} <= set(read_pins(read_requirements(f"{stem}.txt")))


@pytest.mark.parametrize("room", [*ROOMS, "app.py"])
def test_what_a_room_imports_is_among_the_run_time_pins(room: str) -> None:
    assert find_unpinned([ROOT / room], set(read_pins(read_requirements("requirements.txt")))) == {}


def test_what_the_tests_and_benchmarks_import_is_pinned() -> None:
    pins = set(read_pins(read_requirements("requirements.txt"))) | set(read_pins(read_requirements("requirements-dev.txt")))
    assert find_unpinned([ROOT / "tests", ROOT / "bench"], pins).keys() == PEERS


def test_peers_stand_in_the_list_of_their_environment() -> None:
    assert set(read_requirements("requirements-bench-claims.in").split()) >= PEERS


def test_the_setup_itself_needs_the_standard_library_only() -> None:
    assert find_unpinned([ROOT / "setup"], {"ruamel-yaml"}) == {}  # the doctor's look at config.yaml, if it is there


def find_unpinned(places: list[Path], pins: set[str]) -> dict[str, str]:
    """Modules from elsewhere that no pinned distribution brings, each with a file that imports it."""
    providers = packages_distributions()
    unpinned = {}
    for path in list_sources(places):
        own = {*ROOMS, "setup", "app", "bench", "tests", *(sibling.stem for sibling in path.parent.iterdir())}
        for module in list_imports(path) - own - set(sys.stdlib_module_names):
            if not {normalise(provider) for provider in providers.get(module, [])} & pins:
                unpinned[module] = str(path.relative_to(ROOT))
    return unpinned


def list_sources(places: list[Path]) -> Iterator[Path]:
    for place in places:
        yield from place.rglob("*.py") if place.is_dir() else [place] * place.exists()


def list_imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names.add(node.module.partition(".")[0])
    return names
