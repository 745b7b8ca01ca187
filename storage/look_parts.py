"""Finds pictures that look alike by equality: the perceptual hash is cut into parts that an index can look up.

Two hashes that differ in at most 23 of 256 bits have, among 12 parts, one that differs in at most one bit. So a picture
is looked up by its 12 parts as they are and with each of their bits turned: 268 numbers, whatever the number of stored pictures.
"""

BITS = 256
PARTS = 12
NEAR_BITS = 2 * PARTS - 1  # up to here none is missed: were every part two bits off, it would be one bit more
_SHIFT = 22  # bits of the largest part
_POSITIONS = [range(part, BITS, PARTS) for part in range(PARTS)]  # every part samples the whole picture: no part is a white margin alone


def parts_of(look: str) -> list[int]:
    """Cut a hash of 64 hex digits into its numbered parts, each below 2²⁶."""
    whole = int(look, 16)
    return [part << _SHIFT | _gather(whole, positions) for part, positions in enumerate(_POSITIONS)]


def probes_of(look: str) -> list[int]:
    """Give every part that a hash at most `NEAR_BITS` away may share: 268 numbers."""
    parts = parts_of(look)
    return parts + [part ^ 1 << bit for part, positions in zip(parts, _POSITIONS, strict=True) for bit in range(len(positions))]


def bits_apart(one: str, other: str) -> int:
    """Count the bits in which two hashes differ, 0 to 256."""
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _gather(whole: int, positions: range) -> int:
    gathered = 0
    for position in positions:
        gathered = gathered << 1 | whole >> position & 1
    return gathered
