"""Standing (服务评级): what the ratings of an agent are worth when there are few of them.

The mean of one five-star rating is five, and means nothing. Each rating counts as a share of success, (stars − 1) / 4; five
ratings of four stars are added that nobody gave, so that who is new is neither first nor last; and of that share the lower end
of Wilson's interval is taken: nine times in ten the true one lies above it. More ratings of the same kind bring it nearer to
their mean. Nobody gave: 2.9 stars; one of five: 3.1; a hundred of five: 4.9; a hundred of four: 3.8.
"""

import math

MOST_STARS = 5
_ADDED, _ADDED_SHARE = 5, 0.75
_Z = 1.2815515655446004  # one-sided, 90 %


def shortfall_of(ratings: int, stars: int) -> int:
    """Tell how far below five stars an agent stands, in thousandths of a star: 0 is the best, 4000 the worst."""
    count = ratings + _ADDED
    share = ((stars - ratings) / 4 + _ADDED * _ADDED_SHARE) / count
    spread = math.sqrt(share * (1 - share) / count + _Z * _Z / (4 * count * count))
    low = (share + _Z * _Z / (2 * count) - _Z * spread) / (1 + _Z * _Z / count)
    return round(4000 * (1 - min(1.0, max(0.0, low))))


def mean_of(ratings: int, stars: int) -> str | None:
    """Write the plain mean with one decimal, rounded half up; None without a rating."""
    if not ratings:
        return None
    tenths = (20 * stars + ratings) // (2 * ratings)
    return f"{tenths // 10}.{tenths % 10}"
