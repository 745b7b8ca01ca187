"""Finds words of a lexicon in what was heard: as they are written, else as they sound."""

from collections.abc import Iterator
from dataclasses import dataclass

from reporting.glossary import Lexicon
from reporting.sounds import syllable


@dataclass(frozen=True)
class Found:
    """A word of the lexicon and where it stands; `is_exact` when it is written so."""

    start: int
    end: int
    word: str
    is_exact: bool = True


def search(plain: str, words: Lexicon) -> list[Found]:
    """List what stands in a text, the longest word at each place; by sound only where nothing is written."""
    found = list(_written(plain, words))
    taken = {place for each in found for place in range(each.start, each.end)}
    found += [each for each in _heard(plain, words) if not taken.intersection(range(each.start, each.end))]
    return sorted(found, key=lambda each: each.start)


def _written(plain: str, words: Lexicon) -> Iterator[Found]:
    place = 0
    while place < len(plain) - 1:
        word = next((each for each in words.by_start.get(plain[place : place + 2], ()) if plain.startswith(each, place)), None)
        if word:
            yield Found(place, place + len(word), word)
        place += len(word) if word else 1


def _heard(plain: str, words: Lexicon) -> Iterator[Found]:
    sounds = tuple(map(syllable, plain))
    place = 0
    while place < len(sounds) - 1:
        possible = words.by_sound.get(sounds[place : place + 2], ())
        word = next((word for sound, word in possible if sounds[place : place + len(sound)] == sound), None)
        if word:
            yield Found(place, place + len(word), word, is_exact=False)
        place += len(word) if word else 1
