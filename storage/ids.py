"""Names for new rows: a letter, nine characters of time, six of chance. They sort by age and are easy to read aloud."""

import secrets
import time

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U


def new_id(letter: str) -> str:
    """Make a new id such as C01K9ZQ3V7M4T2XA."""
    milliseconds, characters = time.time_ns() // 1_000_000, []
    for _ in range(9):
        milliseconds, digit = divmod(milliseconds, 32)
        characters.append(_ALPHABET[digit])
    chance = "".join(map(_ALPHABET.__getitem__, (byte & 31 for byte in secrets.token_bytes(6))))
    return letter + "".join(reversed(characters)) + chance
