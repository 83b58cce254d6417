"""A whole search, from its URL to what it asks for (R4 3.1.1).

    Observation?patient=7&code=http://loinc.org|8867-4&date=ge2026-03&_sort=-date&_count=20
    Observation?subject:Patient.name=wang               chained: whose subject has the name
    Patient?_has:Observation:patient:code=8867-4        who has such an observation
    Patient?_include=Patient:organization&_revinclude=Observation:patient

What is not known is left out and told (``ignored``), or refused where the client asked for that (``Prefer:
handling=strict``). What is known and wrong is always refused.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, cast, get_args

from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.errors import Issue, SearchError
from lightwell.standards.fhir.search.asked import (
    Chained,
    Condition,
    Criterion,
    Has,
    Include,
    Search,
    SortKey,
    Summary,
    Total,
)
from lightwell.standards.fhir.search.parameters import Parameter, parameters_of
from lightwell.standards.fhir.search.terms import MODIFIERS, read_term, split_unescaped
from lightwell.standards.fhir.search.values import Place

_MOST_HOPS: Final = 3
_MOST_VALUES: Final = 500
_MOST_CONDITIONS: Final = 50
_UNSORTABLE: Final = frozenset(("composite", "special"))
_NAME: Final = re.compile(r"([A-Za-z_][\w-]*)(?::([\w-]+))?(?:\.(.+))?", re.ASCII)


class UnknownParameter(Exception):
    """A parameter that the type does not have."""


class _Asking(NamedTuple):
    name: str
    text: str
    place: Place


def parse_search(type_name: str, pairs: Iterable[tuple[str, str]], place: Place, *, is_strict: bool = False) -> Search:
    """Return what the decoded pairs of a query ask for of a resource type; SearchError names all that is wrong."""
    search, issues = Search(type_name), list[Issue]()
    for name, text in pairs:
        try:
            search = _with(search, _Asking(name, text, place))
        except UnknownParameter as error:
            issue = Issue("not-supported", f"expected a search parameter of {error}, {name[:64]!r} is none")
            search = replace(search, ignored=(*search.ignored, name))
            issues += [issue] if is_strict else []
        except ValueError as error:
            issues.append(Issue("value", f"{name[:64]}: {error}"))
    if len(search.conditions) > _MOST_CONDITIONS:
        issues.append(Issue("too-costly", f"expected at most {_MOST_CONDITIONS} parameters"))
    if issues:
        raise SearchError(issues)
    return search


def _with(search: Search, asking: _Asking) -> Search:
    name, _, modifier = asking.name.partition(":")
    if not asking.text:
        return replace(search, ignored=(*search.ignored, asking.name))
    control = _CONTROLS.get(name)
    if control is not None:
        return control(search, asking.text, modifier)
    condition = _condition(search.type, asking.name, asking, _MOST_HOPS)
    return replace(search, conditions=(*search.conditions, condition))


def _condition(type_name: str, name: str, asking: _Asking, hops: int) -> Condition:
    """Read a parameter name, with modifier or chain, and its values."""
    if name.startswith("_has:"):
        return _has(type_name, name.removeprefix("_has:"), asking, hops)
    match = _NAME.fullmatch(name)
    parameter = parameters_of(type_name).get(match[1]) if match else None
    if match is None or parameter is None or parameter.type == "special":
        raise UnknownParameter(type_name)
    modifier, rest = match[2] or "", match[3]
    if rest is not None:
        return _chained(parameter, modifier, rest, asking, hops)
    return _criterion(parameter, modifier, asking)


def _criterion(parameter: Parameter, modifier: str, asking: _Asking) -> Criterion:
    known = MODIFIERS.get(parameter.type, frozenset())
    is_type = parameter.type == "reference" and modifier in resource_types()
    if modifier and modifier != "missing" and modifier not in known and not is_type:
        allowed = ", ".join(sorted({*known, "missing"}))
        msg = f"expected one of the modifiers {allowed}"
        raise ValueError(msg)
    texts = split_unescaped(asking.text, ",")
    if len(texts) > _MOST_VALUES:
        msg = f"expected at most {_MOST_VALUES} values"
        raise ValueError(msg)
    values = tuple(read_term(text, parameter, modifier, asking.place) for text in texts)
    return Criterion(parameter.code, parameter.type, modifier, values)


def _chained(parameter: Parameter, modifier: str, rest: str, asking: _Asking, hops: int) -> Chained:
    """Follow a reference to each type that it allows and that has what is asked for further on."""
    if parameter.type != "reference" or not hops:
        msg = f"expected at most {_MOST_HOPS} references before the last parameter"
        raise ValueError(msg)
    targets = [modifier] if modifier else sorted(set(parameter.targets) & resource_types()) or sorted(resource_types())
    found: list[tuple[str, Condition]] = []
    for target in targets:
        if target not in resource_types():
            raise UnknownParameter(target)
        try:
            found.append((target, _condition(target, rest, asking, hops - 1)))
        except UnknownParameter:
            continue
    if not found:
        raise UnknownParameter(" or ".join(targets[:5]))
    return Chained(parameter.code, tuple(found))


def _has(type_name: str, path: str, asking: _Asking, hops: int) -> Has:
    """Read ``Observation:patient:code``: who is referred to by an observation's patient, and its code."""
    parts = path.split(":", 2)
    if len(parts) != len(("type", "reference", "rest")) or not hops:
        msg = "expected _has:Type:reference:parameter, at most three deep"
        raise ValueError(msg)
    kind, code, rest = parts
    reference = parameters_of(kind).get(code) if kind in resource_types() else None
    if reference is None or reference.type != "reference":
        raise UnknownParameter(kind)
    if reference.targets and type_name not in reference.targets:
        msg = f"expected a reference to {type_name}, {kind}:{code} is none"
        raise ValueError(msg)
    return Has(kind, code, _condition(kind, rest, asking, hops - 1))


def _sort_key(type_name: str, text: str) -> SortKey:
    code = text.removeprefix("-")
    parameter = parameters_of(type_name).get(code)
    if parameter is None or parameter.type in _UNSORTABLE:
        raise UnknownParameter(type_name)
    return SortKey(code, text.startswith("-"))


def _include(text: str, modifier: str) -> Include:
    """Read ``Type:parameter:target``, ``Type:*`` or ``*``."""
    kind, code, target = _parts_of_include(text)
    if modifier not in {"", "iterate", "recurse"}:
        msg = "expected no modifier but iterate"
        raise ValueError(msg)
    is_known = kind in {*resource_types(), "*"} and target in {*resource_types(), ""}
    parameter = parameters_of(kind).get(code) if kind in resource_types() else None
    if not is_known or (code != "*" and (parameter is None or parameter.type != "reference")):
        msg = "expected Type:parameter or Type:parameter:Target, with a reference as parameter"
        raise ValueError(msg)
    return Include(kind, code, target, is_iterated=bool(modifier))


def _parts_of_include(text: str) -> Sequence[str]:
    parts = text.split(":")
    return (*parts, "*", "")[:3] if len(parts) == 1 else (*parts, "")[:3]


def _set_sort(search: Search, text: str, _modifier: str) -> Search:
    return replace(search, sort=tuple(_sort_key(search.type, part) for part in text.split(",")))


def _set_count(search: Search, text: str, _modifier: str) -> Search:
    if not text.isdecimal() or len(text) > len("999999"):
        msg = "expected a whole number from 0 to 999999"
        raise ValueError(msg)
    return replace(search, count=int(text))


def _add_include(search: Search, text: str, modifier: str) -> Search:
    return replace(search, includes=(*search.includes, _include(text, modifier)))


def _add_revinclude(search: Search, text: str, modifier: str) -> Search:
    return replace(search, revincludes=(*search.revincludes, _include(text, modifier)))


def _set_elements(search: Search, text: str, _modifier: str) -> Search:
    return replace(search, elements=tuple(part.strip() for part in text.split(",") if part.strip()))


def _set_summary(search: Search, text: str, _modifier: str) -> Search:
    return replace(search, summary=cast("Summary", _one_of(text, get_args(Summary))))


def _set_total(search: Search, text: str, _modifier: str) -> Search:
    return replace(search, total=cast("Total", _one_of(text, get_args(Total))))


def _pass_over(search: Search, _text: str, _modifier: str) -> Search:
    """It is about the form of the answer, which is read elsewhere."""
    return search


def _one_of(text: str, allowed: Sequence[str]) -> str:
    if text not in allowed:
        msg = f"expected one of {', '.join(allowed)}"
        raise ValueError(msg)
    return text


_CONTROLS: Final[Mapping[str, Callable[[Search, str, str], Search]]] = {
    "_sort": _set_sort,
    "_count": _set_count,
    "_include": _add_include,
    "_revinclude": _add_revinclude,
    "_elements": _set_elements,
    "_summary": _set_summary,
    "_total": _set_total,
    "_format": _pass_over,
    "_pretty": _pass_over,
}
