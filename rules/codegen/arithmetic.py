"""Exact arithmetic over denominators known beforehand, for both back ends."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from math import lcm
from operator import or_

from rules.codegen.pieces import Piece, number
from rules.codegen.spelling import Spelling


@dataclass
class Arithmetic(Spelling):
    """Adds, multiplies and compares numbers that stand over denominators."""

    def common(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Bring numbers to one denominator."""
        den = lcm(*(piece.den for piece in pieces))
        scaled = [self.scaled(piece, den // piece.den) for piece in pieces]
        over = reduce(or_, (Counter(piece.over) for piece in pieces), Counter[str]())
        return [self._over(piece, over) for piece in scaled] if over else scaled

    def _over(self, piece: Piece, over: Counter[str]) -> Piece:
        """Write the same number over divisors that hold those it stands over."""
        names, lacking = tuple(sorted(over.elements())), sorted((over - Counter(piece.over)).elements())
        if not lacking or piece.constant == 0:
            return replace(piece, over=names)
        return replace(piece, code=f"({' * '.join([piece.code, *lacking])})", over=names, bound=0, constant=None)

    def scaled(self, piece: Piece, factor: int) -> Piece:
        """Write the same number over a denominator that is `factor` times as large."""
        if factor == 1:
            return piece
        if isinstance(piece.constant, Fraction):
            top = int(piece.constant * piece.den * factor)
            return replace(number(top), den=piece.den * factor, constant=piece.constant)
        return replace(self.product(piece, number(factor)), den=piece.den * factor)

    def sum_of(self, pieces: Sequence[Piece]) -> Piece:
        """Write a sum."""
        return self._added(pieces, ())

    def difference(self, left: Piece, right: Piece) -> Piece:
        """Write what is left of a number when another is taken off."""
        return self._added((left,), (right,))

    def _added(self, plus: Sequence[Piece], minus: Sequence[Piece]) -> Piece:
        terms = [(piece, 1) for piece in plus] + [(piece, -1) for piece in minus]
        if all(isinstance(piece.constant, Fraction) for piece, _ in terms):
            return number(sum(piece.constant * sign for piece, sign in terms if isinstance(piece.constant, Fraction)))
        terms = [(piece, sign) for piece, sign in terms if piece.constant != 0]
        if len(terms) == 1 and terms[0][1] == 1:
            return terms[0][0]
        held = self.common([piece for piece, _ in terms])
        bound = sum(piece.bound for piece in held)
        parts = self.counted([self.within(piece, len(held)) for piece in held], bound)
        code = "".join(f"{' + ' if sign == 1 else ' - '}{part.code}" for part, (_, sign) in zip(parts, terms, strict=True))
        is_natural = not minus and all(part.is_natural for part in parts)
        return Piece(
            f"({code.removeprefix(' + ').strip()})",
            parts[0].den,
            sum(part.bound for part in parts),
            is_natural=is_natural,
            is_wide=any(part.is_wide for part in parts),
            is_whole=all(part.is_whole for part in parts),
            over=parts[0].over,
        )

    def times(self, left: Piece, right: Piece) -> Piece:
        """Write a product."""
        if isinstance(left.constant, Fraction) and isinstance(right.constant, Fraction):
            return number(left.constant * right.constant)
        for one, other in ((left, right), (right, left)):
            if isinstance(one.constant, Fraction):
                if one.constant == 0:
                    return number(0)
                den = other.den * one.constant.denominator
                return replace(self.product(other, number(one.constant.numerator)), den=den)
        return replace(self.product(left, right), den=left.den * right.den)

    def product(self, left: Piece, right: Piece) -> Piece:
        """Write the product of two codes, whatever they stand over."""
        if right.constant == 1 and right.den == 1:
            return left
        if left.bound >= right.bound or right.constant is not None:
            left = self.within(left, max(right.bound, 1))
        right = self.within(right, max(left.bound, 1))
        bound = left.bound * right.bound
        left, right = self.counted([left, right], bound)
        return Piece(
            f"({left.code} * {right.code})",
            1,
            bound,
            is_natural=left.is_natural and right.is_natural,
            is_wide=left.is_wide or right.is_wide,
            is_whole=left.is_whole and right.is_whole,
            over=tuple(sorted((*left.over, *right.over))),
        )

    def least(self, pieces: Sequence[Piece]) -> Piece:
        """Write the smallest of numbers."""
        return self.extreme(pieces, is_least=True)

    def most(self, pieces: Sequence[Piece]) -> Piece:
        """Write the largest of numbers; what is zero or more is not compared with zero."""
        if any(piece.is_natural and piece.constant is None for piece in pieces):
            pieces = [piece for piece in pieces if not isinstance(piece.constant, Fraction) or piece.constant > 0]
        return self.extreme(pieces, is_least=False)
