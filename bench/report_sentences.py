"""Measures how reports in one sentence are understood: right, empty and wrong, field by field.

`python -m bench.report_sentences` reads the half that was tuned on, the half that was not, and three sets that came later;
`--misses` shows every difference.
"""

import argparse
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from statistics import median
from time import perf_counter

from adjudicator.report_words import glossary_of
from domain.china import CHINA
from domain.claim import LossCause
from domain.report import Days, Slot, Told, ToldDiagnosis, ToldHospital, Understanding
from reporting.understand import understand
from rules.medical_base import shipped_base
from sandbox.medical_base import HOSPITALS

_FOLDER = Path(__file__).parent / "data"
HALVES = {
    "tuned on": _FOLDER / "report_sentences.txt",
    "held out": _FOLDER / "report_sentences_held.txt",
    "third, tuned on since": _FOLDER / "report_sentences_third.txt",
    "fourth, tuned on since": _FOLDER / "report_sentences_fourth.txt",
    "fifth, tuned on since": _FOLDER / "report_sentences_fifth.txt",
}
_MARKS = {
    "住": Slot.HOSPITALISED,
    "术": Slot.OPERATED,
    "门": Slot.OUTPATIENT,
    "伤": Slot.INJURED,
    "亡": Slot.DIED,
    "重": Slot.CRITICAL_ILLNESS,
}
_KEYS = {
    "who": Slot.RELATION, "day": Slot.LOSS_DAY, "why": Slot.CAUSE, "dx": Slot.DIAGNOSIS, "at": Slot.HOSPITAL, "费": Slot.AMOUNT,
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A sentence, when it was said, and what it tells; a slot that is not in `told` must stay empty."""

    said: str
    at: datetime
    told: dict[Slot, str]
    line: int


def read_cases(path: Path) -> Iterator[Case]:
    """Read a half of the set."""
    at = datetime.now(CHINA)  # until the first line that begins with @
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("@"):
            at = datetime.fromisoformat(line[1:].strip()).replace(tzinfo=CHINA)
        elif line and not line.startswith("#"):
            said, _, labels = line.partition("|")
            yield Case(said.strip(), at, _labels(labels, at), number)


def _labels(labels: str, at: datetime) -> dict[Slot, str]:
    told = {}
    for label in labels.split():
        key, _, value = label.partition("=")
        if key in _KEYS:
            told[_KEYS[key]] = "..".join(_whole(day, at) for day in value.split("..")) if key == "day" else _canonical(key, value)
        else:
            told[_MARKS[key.lstrip("-")]] = "no" if key.startswith("-") else "yes"
    return told


def _whole(day: str, at: datetime) -> str:
    return day if re.match(r"\d{4}-", day) else f"2026-{day}" if at.year != 2027 else f"2027-{day}"


def _canonical(key: str, value: str) -> str:
    if key == "why":
        return {"病": "疾病", "意外": "意外"}[value]
    return str(round(float(value) * 100)) if key == "费" else value


def shown(value: Told) -> str:
    """Write a value as the labels do."""
    match value:
        case bool():
            return "yes" if value else "no"
        case Days():
            return value.first.isoformat() + (f"..{value.last.isoformat()}" if value.last else "")
        case ToldDiagnosis():
            return value.code or f"「{value.name}」"
        case ToldHospital():
            return value.hospital_id or f"「{value.name}」"
        case LossCause():
            return value.value
        case date():
            return value.isoformat()
        case _:
            return str(value)


def is_right(slot: Slot, label: str, got: str) -> bool:
    """Tell whether a value is the label's; of a diagnosis the category (three characters) counts."""
    return got == label or (slot is Slot.DIAGNOSIS and not label.startswith("「") and got[:3] == label[:3])


def judge(case: Case, got: Understanding) -> Iterator[tuple[Slot, str, str, str]]:
    """Yield of every slot that is told or was filled: its verdict, the label and the value."""
    for slot in Slot:
        label, reading = case.told.get(slot, ""), got.find(slot)
        value = shown(reading.value) if reading else ""
        if label or value:
            yield slot, "right" if value and is_right(slot, label, value) else "wrong" if value else "empty", label, value


def main() -> None:
    """Print figures of both halves."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--misses", action="store_true", help="every difference, of the half that was tuned on")
    options.add_argument("--held-out-misses", action="store_true", help="also of the other half: whoever looks has spent it")
    options.add_argument("--tuned-only", action="store_true", help="leave the other half unread: for who tunes")
    asked = options.parse_args()
    glossary = glossary_of(shipped_base(), tuple(ToldHospital(each.hospital_id, each.name) for each in HOSPITALS))
    for name, path in list(HALVES.items())[: 1 if asked.tuned_only else None]:
        tally: dict[Slot, Counter[str]] = defaultdict(Counter)
        by_confidence: dict[float, Counter[bool]] = defaultdict(Counter)
        times = []
        cases = list(read_cases(path))
        understand("我爸昨天住院", cases[0].at, glossary)
        for case in cases:
            started = perf_counter()
            got = understand(case.said, case.at, glossary)
            times.append((perf_counter() - started) * 1e3)
            for slot, verdict, label, value in judge(case, got):
                tally[slot][verdict if label else "invented"] += 1
                if value:
                    by_confidence[got.find(slot).confidence][verdict == "right"] += 1  # type: ignore[union-attr]
                if verdict != "right" and (asked.held_out_misses if "held out" in name else asked.misses):
                    print(f"{path.name}:{case.line} {slot}: {verdict}, {label or '–'} told, {value or '–'} understood | {case.said}")
        _print(name, len(cases), tally, by_confidence, times)


def _print(name: str, cases: int, tally: dict[Slot, Counter[str]], confidence: dict[float, Counter[bool]], times: list[float]) -> None:
    print(f"\n{name}: {cases} sentences, {median(times):.2f} ms each (median), {max(times):.1f} ms the slowest")
    print(f"{'field':<18}{'told':>6}{'right':>7}{'empty':>7}{'wrong':>7}{'invented':>10}")
    for slot in Slot:
        counts = tally[slot]
        told = counts["right"] + counts["empty"] + counts["wrong"]
        print(f"{slot:<18}{told:>6}{counts['right']:>7}{counts['empty']:>7}{counts['wrong']:>7}{counts['invented']:>10}")
    total = sum(tally.values(), Counter[str]())
    told, given = total["right"] + total["empty"] + total["wrong"], total["right"] + total["wrong"] + total["invented"]
    bad = total["wrong"] + total["invented"]
    print(f"fields told {told}: {total['right'] / told:.1%} right; values given {given}: {bad / given:.1%} wrong ({bad})")
    print("by confidence: " + ", ".join(f"{level:.2f} {each[True]}/{each.total()} right" for level, each in sorted(confidence.items())))


if __name__ == "__main__":
    main()
