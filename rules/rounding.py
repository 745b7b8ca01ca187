"""Rounds exact fractions of fen, the way the contract says (取整)."""

from fractions import Fraction


def round_fraction(value: Fraction, granularity: int, way: str) -> Fraction:
    """Round a value of zero or more to a multiple of `granularity`.

    half_up takes 0.5 up, half_even takes it to the even neighbour, up takes any rest up, down drops it.
    """
    whole, rest = divmod(value / granularity, 1)
    half = Fraction(1, 2)
    goes_up = {
        "half_up": rest >= half,
        "half_even": rest > half or (rest == half and int(whole) % 2 == 1),
        "up": rest > 0,
        "down": False,
    }[way]
    return Fraction((int(whole) + goes_up) * granularity)
