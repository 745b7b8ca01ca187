"""What the room knows of the world: illnesses under every word for them, and hospitals under every name that people give them."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from domain.report import ToldHospital
from reporting.hospital_names import names_of
from reporting.sounds import sound_of

_WORDS = Path(__file__).parent / "words" / "illnesses.csv"


@dataclass(frozen=True)
class Illness:
    """A disease of the base: its code, its listed name, and whether it is one of the critical ones."""

    code: str
    name: str
    is_critical: bool = False

    @property
    def is_injury(self) -> bool:
        """Tell whether the code is of an injury, a poisoning or a burn (chapter XIX)."""
        return self.code[:1] in ("S", "T")


@dataclass(frozen=True)
class Lexicon:
    """Words that mean something, to be found by their first two characters, or by how they sound."""

    by_start: Mapping[str, tuple[str, ...]]  # longest first
    by_sound: Mapping[tuple[str, ...], tuple[tuple[tuple[str, ...], str], ...]]  # likewise, by the first two syllables


@dataclass(frozen=True)
class Glossary:
    """Illnesses by word and by code, hospitals by name. A name that several hospitals have is kept with all of them."""

    illnesses: Mapping[str, Illness]
    codes: Mapping[str, Illness]
    hospitals: Mapping[str, tuple[ToldHospital, ...]]
    illness_words: Lexicon
    hospital_words: Lexicon


def make_glossary(known: Mapping[str, Illness], listed: Mapping[str, str], hospitals: Iterable[ToldHospital]) -> Glossary:
    """Build a glossary of the diseases that are `known` by code, listed names (name to code), and hospitals."""
    words = {word: known[code] for word, code in (*listed.items(), *said_words().items()) if code in known}
    names: dict[str, list[ToldHospital]] = {}
    for hospital in hospitals:
        for name in names_of(hospital.name):
            names.setdefault(name, []).append(hospital)
    by_name = {name: tuple(dict.fromkeys(each)) for name, each in names.items()}
    return Glossary(words, known, by_name, _lexicon(words, 3), _lexicon(by_name, 4))


@cache
def said_words() -> Mapping[str, str]:
    """Give the codes of illnesses under the words that people say for them (reporting/words/illnesses.csv)."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        return {row["word"]: row["code"] for row in csv.DictReader(file)}


def _lexicon(words: Iterable[str], shortest_heard: int) -> Lexicon:
    """Index words; one with fewer than `shortest_heard` characters has too many others that sound like it."""
    by_start: dict[str, list[str]] = {}
    for word in words:
        by_start.setdefault(word[:2], []).append(word)
    ordered = {start: tuple(sorted(each, key=lambda word: (-len(word), word))) for start, each in by_start.items()}
    every = sorted(word for each in ordered.values() for word in each)
    by_sound: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
    for word in sorted(every, key=lambda each: (-len(each), each)):
        if len(word) >= shortest_heard:
            by_sound.setdefault(sound_of(word)[:2], []).append((sound_of(word), word))
    return Lexicon(ordered, {start: tuple(each) for start, each in by_sound.items()})
