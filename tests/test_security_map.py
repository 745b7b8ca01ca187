"""docs/security.md leaves out no item of OWASP ASVS 4.0.3 level 2, and names only tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text()
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+)(?:–(\d+\.\d+\.\d+))? \| (\w+) \| (.*) \|$", TEXT, re.MULTILINE)
# Items of levels 1 and 2 by section, from the standard's own table: the last number, and those in between that are deleted or of level 3.
LEVEL_2 = {
    "1.1": 7, "1.2": 4, "1.4": (1, 4, 5), "1.5": 4, "1.6": 4, "1.7": 2, "1.8": 2, "1.9": 2, "1.10": 1, "1.11": 2, "1.12": (2,), "1.14": 6,
    "2.1": 12, "2.2": 3, "2.3": 3, "2.4": 6, "2.5": 7, "2.6": 3, "2.7": 6, "2.8": 7, "2.9": 3, "2.10": 4,
    "3.1": 1, "3.2": 4, "3.3": 4, "3.4": 5, "3.5": 3, "3.7": 1, "4.1": (1, 2, 3, 5), "4.2": 2, "4.3": 3,
    "5.1": 5, "5.2": 8, "5.3": 10, "5.4": 3, "5.5": 4, "6.1": 3, "6.2": 6, "6.3": 2, "6.4": 2,
    "7.1": 4, "7.2": 2, "7.3": (1, 3, 4), "7.4": 3, "8.1": 4, "8.2": 3, "8.3": 8, "9.1": 3, "9.2": 4, "10.2": 2, "10.3": 3, "11.1": 8,
    "12.1": 3, "12.2": 1, "12.3": 6, "12.4": 2, "12.5": 2, "12.6": 1, "13.1": (1, 3, 4, 5), "13.2": (1, 2, 3, 5, 6), "13.3": 2, "13.4": 2,
    "14.1": 4, "14.2": 6, "14.3": (2, 3), "14.4": 7, "14.5": 4,
}  # fmt: skip


def items() -> list[str]:
    found = []
    for first, last, *_ in ROWS:
        section, begin = first.rsplit(".", 1)
        assert not last or last.rsplit(".", 1)[0] == section, first
        found += [f"{section}.{number}" for number in range(int(begin), int((last or first).rsplit(".", 1)[1]) + 1)]
    return found


def test_every_item_of_level_2_stands_once() -> None:
    numbers = {section: each if isinstance(each, tuple) else range(1, each + 1) for section, each in LEVEL_2.items()}
    wanted = [f"{section}.{number}" for section, each in numbers.items() for number in each]
    assert sorted(items()) == sorted(wanted)


def test_every_answer_is_one_of_five_and_says_something() -> None:
    assert {answer for _, _, answer, _ in ROWS} == {"yes", "part", "no", "yours", "none"}
    assert all(len(how) > 6 for *_, how in ROWS)


def test_what_is_named_is_there() -> None:
    tests = set(re.findall(r"`(tests/[a-z_/]*test_\w+\.py)`", TEXT))
    assert len(tests) > 30 and [each for each in sorted(tests) if not (ROOT / each).exists()] == []
