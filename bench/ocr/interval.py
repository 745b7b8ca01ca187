"""Says how far a share that was counted may be from the true one."""

import math

_Z = 1.96  # of 95 %


def interval(hits: int, count: int) -> tuple[float, float]:
    """Compute Wilson's 95 % interval of a share; none of n is no more than about 3.8 / n, and 0..1 where nothing was counted."""
    if count == 0:
        return 0.0, 1.0
    share, spread = hits / count, _Z * _Z / count
    middle = (share + spread / 2) / (1 + spread)
    half = _Z * math.sqrt(share * (1 - share) / count + spread / count / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def tell_share(hits: int, count: int) -> str:
    """Write a share with its interval: "1/6034 = 0.017 % (95 %: 0.003–0.094 %)"."""
    low, high = interval(hits, count)
    return f"{hits}/{count} = {100 * hits / max(1, count):.3f} % (95 %: {100 * low:.3f}–{100 * high:.3f} %)"
