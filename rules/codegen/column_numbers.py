# ruff: noqa: D102 – what a method writes is promised by Spelling
"""Spells calculation on columns: a number is an `int32` or an `int64` over a denominator.

Every number carries the most it can be. Where an operation could leave 63 bits, rows that are too large for it are
marked bad and answered one by one; all others are exact. After a division by what a claim tells, a number also stands
over a divisor of its row; such numbers are whole numbers of any size until they are rounded.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from math import lcm

import numpy as np

from rules.codegen.column_functions import NARROW, any_size, divisor, half_even, in_64_bits, narrow, widen
from rules.codegen.pieces import NotCoveredError, Piece, number
from rules.codegen.writer import Writer
from rules.types import NumberType, SimpleType, Type

MOST = 2**62
LARGEST = 10**12  # fen that a column counts with; a claim of more than 100 亿元 is answered by itself
_BYTE = 127


@dataclass
class ColumnNumbers(Writer):
    """Writes numbers for many claims; `bad` names the marks of rows that must be answered one by one."""

    bad: str = "bad"
    under: list[str] = field(default_factory=list)  # the conditions of the branches that are being written

    def mark(self, rows: str) -> None:
        """Mark rows as bad, where the branch that is being written is taken."""
        taken = "".join(f" & {condition}" for condition in self.under)
        self.program.write(f"{self.bad} |= ({rows}){taken}")

    @contextmanager
    def branch(self, condition: Piece, *, is_then: bool) -> Iterator[None]:
        held = self.hold(condition).code
        self.under.append(held if is_then else f"logical_not({held})")
        yield
        self.under.pop()

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        self.under, kept = [], self.under
        yield
        self.under = kept

    def within(self, piece: Piece, factor: int) -> Piece:
        return self._narrowed(piece, MOST // max(factor, 1))

    def _narrowed(self, piece: Piece, limit: int) -> Piece:
        if piece.over or piece.bound <= limit:
            return piece
        if limit < 1 or isinstance(piece.constant, Fraction):
            raise NotCoveredError("numbers larger than 63 bits")
        name = self.program.fresh()
        self.program.write(f"{name} = {self.program.keep(narrow)}({piece.code}, {limit}, {self.bad})")
        return Piece(name, piece.den, limit, is_natural=piece.is_natural)

    def running(self, total: Piece) -> Piece:
        # So each summand's memory is free again before the next one is computed.
        return self.hold(total)

    def counted(self, pieces: Sequence[Piece], bound: int) -> list[Piece]:
        # Once the first operand is wide, whatever is done to it counts in 64 bits.
        first = next((place for place, piece in enumerate(pieces) if piece.constant is None), None)
        if bound <= NARROW or first is None:
            return list(pieces)
        return [self._wide(piece) if place == first else piece for place, piece in enumerate(pieces)]

    def _wide(self, piece: Piece) -> Piece:
        if piece.is_wide or piece.constant is not None:
            return piece
        return replace(piece, code=self.program.held(f"{self.program.keep(widen)}({piece.code})"), is_wide=True)

    def _alike(self, pieces: Sequence[Piece]) -> list[Piece]:
        """Bring numbers to one denominator and, where one is too large for 32 bits, all of them to 64."""
        parts = self.common(pieces)
        return [self._wide(part) for part in parts] if any(part.bound > NARROW for part in parts) else parts

    def choose(self, condition: Piece, then: Piece, otherwise: Piece, type_: Type) -> Piece:
        if isinstance(type_, NumberType):
            return self._choose_number(condition, then, otherwise)
        if type_ in (SimpleType.CODE, SimpleType.TEXT, SimpleType.MONTHS):
            raise NotCoveredError(f"a choice between values of {type_}")
        return Piece(f"where({condition.code}, {then.code}, {otherwise.code})", then.den, max(then.bound, otherwise.bound))

    def _choose_number(self, condition: Piece, then: Piece, otherwise: Piece) -> Piece:
        # A product with yes (1) or no (0) takes a third of the time of a choice.
        then, otherwise = self._alike([then, otherwise])
        bound = max(then.bound, otherwise.bound)
        made = replace(then, bound=bound, constant=None, is_natural=then.is_natural and otherwise.is_natural)
        if isinstance(then.constant, Fraction) and isinstance(otherwise.constant, Fraction):
            high, low = (int(each.constant * each.den) for each in (then, otherwise) if isinstance(each.constant, Fraction))
            kind = np.int64 if max(bound, abs(high - low)) > NARROW else np.int32
            rest = f" + {self.program.keep(kind(low))}" if low else ""
            return replace(made, code=f"({condition.code} * {self.program.keep(kind(high - low))}{rest})", is_wide=kind is np.int64)
        if otherwise.constant == 0:
            return replace(made, code=f"({then.code} * {condition.code})", is_wide=then.is_wide)
        if then.constant == 0:
            return replace(made, code=f"({otherwise.code} * {self.negated(condition).code})", is_wide=otherwise.is_wide)
        is_wide = all(part.is_wide or part.constant is not None for part in (then, otherwise))
        return replace(made, code=f"where({condition.code}, {then.code}, {otherwise.code})", is_wide=is_wide)

    def extreme(self, pieces: Sequence[Piece], *, is_least: bool) -> Piece:
        parts = self.common(pieces)
        if is_least and not parts[0].over and any(part.constant is None for part in parts):
            # What is larger than all that another can be bounds nothing.
            most = min(part.bound for part in parts if part.constant is None)
            parts = [part for part in parts if part.constant is None or int(part.constant * part.den) < most]  # type: ignore[operator]
        parts = self._alike(parts)
        code, function = parts[0].code, "minimum" if is_least else "maximum"
        for part in parts[1:]:
            code = f"{function}({code}, {part.code})"
        is_natural = (all if is_least else any)(part.is_natural for part in parts)
        bound = max(part.bound for part in parts)
        if is_least and is_natural:
            bound = min(part.bound for part in parts)
        is_wide = all(part.is_wide or part.constant is not None for part in parts)
        only = parts[0].constant if len(parts) == 1 else None
        return Piece(code, parts[0].den, bound, only, is_natural, is_wide, over=parts[0].over)

    def divided(self, left: Piece, right: Piece) -> Piece:
        right, keep = self.hold(right), self.program.keep
        self.mark(f"{right.code} <= 0")
        over = self.program.held(f"{keep(divisor)}({right.code})")
        above = self.times(left, number(right.den))
        code = "".join((f"{keep(any_size)}({above.code}, {over})", *(f" * {each}" for each in right.over)))
        return Piece(f"({code})", above.den, is_natural=left.is_natural and right.is_natural, over=tuple(sorted((*above.over, over))))

    def at_most_one(self, conditions: Sequence[Piece]) -> None:
        for place, condition in enumerate(conditions[1:], 1):
            earlier = " | ".join(each.code for each in conditions[:place])
            self.mark(f"{condition.code} & ({earlier})")

    def one_hit(self, hits: Sequence[Piece], answers: Sequence[Piece], type_: Type, *, is_sure: bool) -> Piece:
        if is_sure and len(hits) > 1 and all(isinstance(answer.constant, Fraction) for answer in answers):
            return self.hold(self._picked(hits, answers))
        held = [self.hold(hit) for hit in (hits[:-1] if is_sure else hits)]
        if not is_sure:
            self.mark(f"logical_not({' | '.join(hit.code for hit in held)})")
        result = answers[-1]
        for hit, answer in zip(reversed(held[: len(hits) - 1]), reversed(answers[:-1]), strict=True):
            result = self.choose(hit, answer, result, type_)
        return self.hold(result)

    def _picked(self, hits: Sequence[Piece], answers: Sequence[Piece]) -> Piece:
        """Write which of several constants is hit: yes counts 1, no counts 0, and exactly one is hit."""
        parts = self.common(answers)
        tops = [int(part.constant * part.den) for part in parts if isinstance(part.constant, Fraction)]
        bound = max(map(abs, tops))
        kind = np.int64 if bound > NARROW else np.int32
        terms = [f"{hit.code} * {self.program.keep(kind(top))}" for hit, top in zip(hits, tops, strict=True) if top]
        if not terms:
            return number(0)
        return Piece(f"({' + '.join(terms)})", parts[0].den, bound, is_natural=min(tops) >= 0, is_wide=kind is np.int64)

    def share_hit(self, amount: Piece, hits: Sequence[Piece], shares: Sequence[Fraction]) -> Piece:
        den = lcm(*(share.denominator for share in shares))
        tops = [int(share * den) for share in shares]
        if max(map(abs, tops)) > _BYTE:
            return super().share_hit(amount, hits, shares)
        # A share of less than 128 parts fits a byte, in which a processor counts 32 claims at once.
        terms = [f"{_as_byte(hit)} * {self.program.keep(np.int8(top))}" for hit, top in zip(hits, tops, strict=True) if top]
        share = Piece(self.program.held(f"({' + '.join(terms)})"), 1, max(map(abs, tops)), is_natural=min(tops) >= 0)
        return replace(self.product(amount, share), den=amount.den * den)

    def rounded(self, piece: Piece, granularity: int, way: str) -> Piece:
        if piece.over:
            return self._rounded_any_size(piece, granularity, way)
        unit = piece.den * granularity
        held = self.hold(self.within(piece, 4))
        (held,) = [self._wide(held)] if 4 * held.bound + 2 * unit > NARROW else [held]
        bound, suffix = held.bound // piece.den + granularity, "" if granularity == 1 else f" * {granularity}"
        match way:
            case "half_up":
                code = f"((2 * {held.code} + {unit}) // {2 * unit}{suffix})"
            case "down":
                code = f"({held.code} // {unit}{suffix})"
            case "up":
                code = f"(-((-{held.code}) // {unit}){suffix})"
            case "half_even":
                code = f"({self.program.keep(half_even)}({held.code}, {unit}){suffix})"
            case _:
                raise NotCoveredError(f"rounding {way}")
        return Piece(code, bound=bound, is_natural=piece.is_natural, is_wide=held.is_wide)

    def _rounded_any_size(self, piece: Piece, granularity: int, way: str) -> Piece:
        held, keep = self.hold(piece), self.program.keep
        unit = self.program.held(" * ".join([str(piece.den * granularity), *piece.over]))
        match way:
            case "half_up":
                code = f"((2 * {held.code} + {unit}) // (2 * {unit}))"
            case "down":
                code = f"({held.code} // {unit})"
            case "up":
                code = f"(-((-{held.code}) // {unit}))"
            case _:
                code = f"{keep(half_even)}({held.code}, {unit})"
        name = self.program.fresh()
        suffix = "" if granularity == 1 else f" * {granularity}"
        self.program.write(f"{name} = {keep(in_64_bits)}({code}{suffix}, {LARGEST}, {self.bad})")
        return Piece(name, bound=LARGEST, is_natural=piece.is_natural, is_wide=True)

    def is_whole(self, piece: Piece) -> bool:
        return piece.den == 1 and not piece.over


def _as_byte(hit: Piece) -> str:
    # Yes and no are bytes already; without this NumPy would convert them first.
    return hit.code if hit.constant is not None else f"{hit.code}.view(int8)"
