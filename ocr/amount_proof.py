"""Proves an invoice's total from the three ways it is written: figures, Chinese capitals, the sum of the lines.

Two that agree to the 分 prove it. A decimal point lost in print or in reading (7743.62 -> 774362) makes
the figures exactly a hundred times too large; capitals and lines put it back.
"""

from dataclasses import dataclass
from enum import Enum, auto


class TotalVerdict(Enum):
    """What the three writings say together."""

    AGREED = auto()  # every writing that was read says the same, and there are at least two
    DECIMAL_RESTORED = auto()  # capitals = lines, figures = 100 × that
    OUTVOTED = auto()  # capitals = lines, figures say something else or nothing that explains it
    DISAGREED = auto()  # no proof: two differ, or all three
    LINES_DIFFER = auto()  # figures = capitals, but the lines sum to something else
    ALONE = auto()  # only one writing was read, or none


@dataclass(frozen=True)
class TotalProof:
    """The total in fen (None: nothing was read), whether it is proven, and how."""

    total_fen: int | None
    proven: bool
    verdict: TotalVerdict


def prove_total(figures_fen: int | None, capitals_fen: int | None, lines_sum_fen: int | None) -> TotalProof:
    """Weigh the writings of one total; None stands for a writing that was not there or could not be read.

    Capitals alone against lines alone prove nothing when they differ, and the figures never win
    against the capitals: an invoice whose writings disagree goes to a person, who is shown the capitals.
    """
    read = [each for each in (figures_fen, capitals_fen, lines_sum_fen) if each is not None]
    if len(read) < 2:
        return TotalProof(read[0] if read else None, False, TotalVerdict.ALONE)
    if len(set(read)) == 1:
        return TotalProof(read[0], True, TotalVerdict.AGREED)
    if figures_fen is not None and figures_fen == capitals_fen:
        return TotalProof(figures_fen, True, TotalVerdict.LINES_DIFFER)
    if capitals_fen is not None and capitals_fen == lines_sum_fen:
        is_lost_point = figures_fen == 100 * capitals_fen
        return TotalProof(capitals_fen, True, TotalVerdict.DECIMAL_RESTORED if is_lost_point else TotalVerdict.OUTVOTED)
    return TotalProof(capitals_fen if capitals_fen is not None else figures_fen, False, TotalVerdict.DISAGREED)
