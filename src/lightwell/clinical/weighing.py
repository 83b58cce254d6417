"""How likely two records are of one person (Fellegi and Sunter, A Theory for Record Linkage, 1969).

Each trait that both records have agrees, is similar or differs. How often that is so among records of one person (m)
and of two (u) gives its weight, log2(m / u); what one of them does not say weighs nothing. The sum says whether a
person should look at the two. It never decides: names, days and addresses are shared, and numbers are misread.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import log2
from typing import Final, Literal, NamedTuple, TypeAlias

from lightwell.clinical.traits import Traits

Trait: TypeAlias = Literal["number", "resident_id", "name", "birth_date", "sex", "phone", "address"]
Verdict: TypeAlias = Literal["agrees", "similar", "differs"]
ENOUGH: Final = 12.0
"""From this weight on, two records are shown to a person."""

_FREQUENCIES: Final[Mapping[tuple[Trait, Verdict], tuple[float, float]]] = {
    # among records of one person, of two; in a hospital of some hundred thousand
    ("number", "agrees"): (0.6, 1e-9),
    ("resident_id", "agrees"): (0.99, 5e-9),
    ("resident_id", "differs"): (0.01, 1.0),
    ("name", "agrees"): (0.85, 1e-3),
    ("name", "similar"): (0.10, 5e-3),  # said the same, written differently or in letters
    ("name", "differs"): (0.05, 0.994),
    ("birth_date", "agrees"): (0.95, 1e-4),
    ("birth_date", "similar"): (0.03, 3e-3),  # a digit, day and month exchanged, or only its year
    ("birth_date", "differs"): (0.02, 0.997),
    ("sex", "agrees"): (0.98, 0.5),
    ("sex", "differs"): (0.02, 0.5),
    ("phone", "agrees"): (0.6, 2e-3),
    ("phone", "differs"): (0.4, 0.998),
    ("address", "agrees"): (0.5, 5e-3),
    ("address", "differs"): (0.5, 0.995),
}
_WEIGHTS: Final[Mapping[tuple[Trait, Verdict], float]] = {key: log2(m / u) for key, (m, u) in _FREQUENCIES.items()}
_HOUSEHOLD: Final = frozenset[Trait](("phone", "address"))
_BIRTH: Final = _HOUSEHOLD | frozenset[Trait](("birth_date",))
_NAME: Final = frozenset[Trait](("name",))
_DECISIVE: Final = frozenset[Trait](("number", "resident_id"))


class Finding(NamedTuple):
    """How two records compare in a trait, and what that weighs."""

    trait: Trait
    verdict: Verdict
    weight: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """How two records compare."""

    findings: tuple[Finding, ...]

    @property
    def weight(self) -> float:
        """Return the logarithm of how much likelier it is that they are of one person than of two."""
        return sum(finding.weight for finding in self.findings)

    @property
    def is_candidate(self) -> bool:
        """Tell whether a person should look at them: they weigh enough, or share a number that only one can have."""
        shares = any(item.trait in _DECISIVE and item.verdict == "agrees" for item in self.findings)
        return shares or self.weight >= ENOUGH


def weigh(one: Traits, other: Traits) -> Weighed:
    """Compare two records."""
    verdicts = dict(_verdicts(one, other))
    shared = _shared(one, other, verdicts)
    return Weighed(tuple(_finding(trait, verdict, shared) for trait, verdict in verdicts.items()))


def _finding(trait: Trait, verdict: Verdict, shared: frozenset[Trait]) -> Finding:
    weight = _WEIGHTS[trait, verdict]
    return Finding(trait, verdict, 0.0 if trait in shared and weight > 0 else weight)


def _shared(one: Traits, other: Traits, verdicts: Mapping[Trait, Verdict]) -> frozenset[Trait]:
    """Return what says nothing for two records being of one person, since a family or twins have it in common.

    Those named after their mother and those of a multiple birth may be twins, unless both are the same of several or
    were born alone.
    """
    is_named_alike = verdicts.get("name") in {"agrees", "similar"}
    if verdicts.get("birth_date") != "agrees":
        return frozenset() if is_named_alike else _HOUSEHOLD
    is_same_birth = one.birth == other.birth and one.birth not in {"", "several"}
    is_newborn = one.is_newborn or other.is_newborn
    is_one_of_several = any(item.birth not in {"", "alone"} for item in (one, other))
    if is_same_birth or not (is_newborn or is_one_of_several):
        return frozenset() if is_named_alike else _HOUSEHOLD
    return _BIRTH | _NAME if is_newborn else _BIRTH


def _verdicts(one: Traits, other: Traits) -> Iterator[tuple[Trait, Verdict]]:
    for trait, compare in _COMPARED.items():
        if verdict := compare(one, other):
            yield trait, verdict


def _number(one: Traits, other: Traits) -> Verdict | None:
    return "agrees" if one.numbers & other.numbers else None


def _resident_id(one: Traits, other: Traits) -> Verdict | None:
    return _alike(one.resident_id, other.resident_id)


def _name(one: Traits, other: Traits) -> Verdict | None:
    if one.names & other.names:
        return "agrees"
    if one.sounds & other.sounds:
        return "similar"
    is_known = (one.names or one.sounds) and (other.names or other.sounds)
    return "differs" if is_known else None


def _birth_date(one: Traits, other: Traits) -> Verdict | None:
    verdict = _alike(one.birth_date, other.birth_date)
    if verdict == "differs" and _is_near(one.birth_date, other.birth_date):
        return "similar"
    is_part = len(one.birth_date) < len("1980-01-01")
    return "similar" if verdict == "agrees" and is_part else verdict


def _is_near(one: str, other: str) -> bool:
    """Tell whether two days are one with a slip: a digit, day and month exchanged, or less of it known."""
    if len(one) != len(other):
        return one.startswith(other) or other.startswith(one)
    is_exchanged = one[:5] == other[:5] and one[5:7] == other[8:] and one[8:] == other[5:7]
    return is_exchanged or sum(left != right for left, right in zip(one, other, strict=True)) == 1


def _sex(one: Traits, other: Traits) -> Verdict | None:
    return _alike(one.sex, other.sex)


def _phone(one: Traits, other: Traits) -> Verdict | None:
    return _any_alike(one.phones, other.phones)


def _address(one: Traits, other: Traits) -> Verdict | None:
    return _any_alike(one.addresses, other.addresses)


def _alike(one: str, other: str) -> Verdict | None:
    if not one or not other:
        return None
    return "agrees" if one == other else "differs"


def _any_alike(one: frozenset[str], other: frozenset[str]) -> Verdict | None:
    if not one or not other:
        return None
    return "agrees" if one & other else "differs"


_COMPARED: Final[Mapping[Trait, Callable[[Traits, Traits], Verdict | None]]] = {
    "number": _number,
    "resident_id": _resident_id,
    "name": _name,
    "birth_date": _birth_date,
    "sex": _sex,
    "phone": _phone,
    "address": _address,
}
