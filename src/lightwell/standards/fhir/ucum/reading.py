"""A UCUM code to its size and dimension, so that what was measured in one unit is found by another.

    term        [/] part {./ part}                    mg/dL    /min    kg.m/s2
    part        ( term ) | number | atom exponent     (min.m2)    10    m2    10*9
                each with what was counted, which says nothing of the size: {beats}/min

Codes come from outside: a long one, one of many brackets or of huge exponents costs no more than a short one, and is no
unit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Final, NamedTuple

from lightwell.standards.fhir.ucum.atoms import BASES, METRIC, PLAIN, PREFIXES, UCUM

_LONGEST: Final = 120
_DEEPEST: Final = 8
_MOST_DIGITS: Final = 100  # of a size, and twice as many of a number: their product is one that a float holds
_LARGEST, _SMALLEST = Fraction(10**_MOST_DIGITS), Fraction(1, 10**_MOST_DIGITS)
_SHORT: Final = Context(prec=2 * _MOST_DIGITS)  # a number of a million digits would take seconds
_TOKEN: Final = re.compile(r"[./()]|\{[^{}]*\}|(?:\[[^\[\]]*\]|[^\s./(){}\[\]])+")
_ATOM: Final = re.compile(r"(?P<name>10[*^]|.*?[^\d+-])(?P<exponent>[+-]?\d{1,2})?", re.ASCII)
_COUNT: Final = re.compile(r"\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Unit:
    """How much a unit is, as a fraction of what is made of the bases alone, and of what kind: ``g1.m-3``."""

    numerator: int
    denominator: int
    dimension: str

    def canonical(self, number: Decimal) -> float | None:
        """Return a number of this unit in the unit that all of its kind share; None if it is beyond all measure.

        It is rounded once, from the exact fraction: equal amounts are the same, and none overtakes another.
        """
        if number.is_finite() and abs(number.adjusted()) <= 2 * _MOST_DIGITS:
            above, below = _SHORT.plus(number).as_integer_ratio()
            return above * self.numerator / (below * self.denominator)
        return None


def read_unit(code: str) -> Unit | None:
    """Return what a code stands for; None if nobody knows, or if it is no multiple of a physical unit."""
    return _read(code) if 0 < len(code) <= _LONGEST else None


def unit_of(system: str, code: str) -> Unit:
    """Return the unit of a quantity; one that nobody can convert is of a kind of its own, alike to none but itself."""
    unit = read_unit(code) if system == UCUM else None
    return unit or Unit(1, 1, f"{system}|{code}")


class _Unreadable(Exception):
    """It is not a unit that is known here."""


class _Product(NamedTuple):
    """Bases to their powers, and how many of that."""

    size: Fraction
    powers: Mapping[str, int]

    def times(self, other: "_Product", power: int) -> "_Product":
        powers = dict(self.powers)
        for base, own in other.powers.items():
            powers[base] = powers.get(base, 0) + own * power
        size = self.size * other.size**power
        if not _SMALLEST < size < _LARGEST:
            raise _Unreadable
        return _Product(size, powers)


_ONE: Final = _Product(Fraction(1), {})


@lru_cache(maxsize=4096)
def _read(code: str) -> Unit | None:
    try:
        size, powers = _product_of(code)
    except _Unreadable:
        return None
    dimension = ".".join(f"{base}{power}" for base, power in sorted(powers.items()) if power)
    return Unit(size.numerator, size.denominator, dimension or "1")


def _product_of(code: str) -> _Product:
    tokens = _TOKEN.findall(code)
    if "".join(tokens) != code:
        raise _Unreadable
    tokens.reverse()
    product = _term(tokens, 0)
    if tokens:
        raise _Unreadable
    return product


def _term(tokens: list[str], depth: int) -> _Product:
    """Take the tokens of a term from the end of a list, in which the first stands last."""
    if depth > _DEEPEST:
        raise _Unreadable
    is_inverse = depth == 0 and tokens[-1:] == ["/"]
    product = _ONE if is_inverse else _part(tokens, depth)
    while tokens and tokens[-1] in {".", "/"}:
        power = 1 if tokens.pop() == "." else -1
        product = product.times(_part(tokens, depth), power)
    return product


def _part(tokens: list[str], depth: int) -> _Product:
    piece = tokens.pop() if tokens else ""
    if piece == "(":
        product = _term(tokens, depth + 1)
        if not tokens or tokens.pop() != ")":
            raise _Unreadable
    else:
        product = _ONE if piece.startswith("{") else _power(piece)
    if not piece.startswith("{") and tokens and tokens[-1].startswith("{"):
        tokens.pop()
    return product


def _power(piece: str) -> _Product:
    """Read a number, or an atom with its exponent."""
    if _COUNT.fullmatch(piece) and int(piece):
        return _ONE.times(_Product(Fraction(int(piece)), {}), 1)
    match = _ATOM.fullmatch(piece)
    if match is None:
        raise _Unreadable
    return _ONE.times(_prefixed(match["name"]), int(match["exponent"] or 1))


def _prefixed(name: str) -> _Product:
    """Read an atom, with a prefix or without; one that is an atom as it stands has none: ``cd``, ``Pa``."""
    if name in BASES or name in METRIC or name in PLAIN:
        return _atom(name)
    for length in (2, 1):
        prefix, rest = PREFIXES.get(name[:length]), name[length:]
        if prefix and (rest in METRIC or rest in BASES):
            return _Product(prefix, {}).times(_atom(rest), 1)
    raise _Unreadable


@cache
def _atom(name: str) -> _Product:
    if name in BASES:
        return _Product(Fraction(1), {name: 1})
    number, unit = METRIC.get(name) or PLAIN[name]
    return _Product(Fraction(number), {}).times(_product_of(unit), 1)
