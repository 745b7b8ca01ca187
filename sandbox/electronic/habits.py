"""How a maker of electronic documents writes them: every program has its own habits, and a reader must know them all."""

import random
from dataclasses import dataclass


@dataclass(frozen=True)
class Habits:
    """One maker's way; each is allowed by the standards, and each is met."""

    is_by_character: bool = False  # an object for every character, not for every line
    has_template: bool = True  # OFD: the form's words stand on a template page of their own
    has_prefix: bool = True  # OFD: ofd:Page, not Page
    has_absolute_paths: bool = False  # OFD: /Doc_0/Pages/…, not Pages/…
    is_scaled: bool = False  # OFD: type of size 1 and a matrix that enlarges it; PDF: the same
    has_marks_behind: bool = True  # the watermark comes before the words it lies under, or after them


def habits_of(seed: int) -> Habits:
    """Draw a maker; the same for the same seed."""
    chance = random.Random(f"habits/{seed}")
    return Habits(*(chance.random() < 0.5 for _ in range(6)))
