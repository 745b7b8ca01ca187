"""The garbage collector of a process that stays: it passes over what was loaded, and looks at what is new less often.

Rule books, models and libraries are a million objects that are never garbage, and a claim leaves hardly any that reference
counting does not free at once.
"""

import gc

_NEW_OBJECTS, _TIMES, _TIMES_OLD = 10_000, 20, 50  # instead of 700, 10, 10


def collect_rarely() -> None:
    """Call it once, when everything is loaded."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, _TIMES, _TIMES_OLD)
