"""A change of a resource by JSON Patch (RFC 6902, R4 3.1.0.9.1).

A patch is done as a whole or not at all; the resource that is given stays as it is.
"""

from collections.abc import Sequence
from copy import deepcopy
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, NoReturn, TypeAlias, cast

import msgspec

from lightwell.standards.fhir.errors import Issue, PatchError
from lightwell.standards.fhir.resource import Resource

_MOST_OPERATIONS: Final = 1000
_PATTERN: Final = r"\A(?:/(?:[^~/]|~[01])*)*\Z"
_Pointer: TypeAlias = Annotated[str, msgspec.Meta(pattern=_PATTERN)]


class Operation(msgspec.Struct, frozen=True, rename={"source": "from"}):
    """One step of a patch."""

    op: Literal["add", "remove", "replace", "move", "copy", "test"]
    path: _Pointer
    source: _Pointer | msgspec.UnsetType = msgspec.UNSET
    value: Any = msgspec.UNSET


_DECODER: Final = msgspec.json.Decoder(list[msgspec.Raw])
_VALUES: Final = msgspec.json.Decoder(float_hook=Decimal)


def read_patch(raw: bytes) -> tuple[Operation, ...]:
    """Read a JSON Patch; PatchError if it is none."""
    try:
        values = [_VALUES.decode(one) for one in _DECODER.decode(raw)]
        operations = tuple(msgspec.convert(value, Operation) for value in values)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        _refuse("invalid", "expected a JSON Patch: an array of operations with op, path, and value or from")
    if len(operations) > _MOST_OPERATIONS:
        _refuse("too-costly", f"expected at most {_MOST_OPERATIONS} operations, {len(operations)} came")
    for at, operation in enumerate(operations):
        lacks_value = operation.op in {"add", "replace", "test"} and operation.value is msgspec.UNSET
        lacks_source = operation.op in {"move", "copy"} and operation.source is msgspec.UNSET
        if lacks_value or lacks_source:
            _refuse("required", f"operation {at}: expected {'value' if lacks_value else 'from'} with {operation.op}")
    return operations


def apply_patch(resource: Resource, operations: Sequence[Operation]) -> Resource:
    """Return the resource as it is after all operations; PatchError if one of them does not fit."""
    patched: Any = deepcopy(resource)
    for at, operation in enumerate(operations):
        try:
            patched = _apply(patched, operation)
        except (LookupError, ValueError):
            _refuse("processing", f"operation {at} ({operation.op}): expected a path that leads to something")
    if not isinstance(patched, dict):
        _refuse("structure", "expected a resource to be left")
    return cast("Resource", patched)


def _apply(document: Any, operation: Operation) -> Any:
    path = _parts(operation.path)
    if operation.op == "test":
        if not _is_same(_find(document, path), operation.value):
            _refuse("conflict", "expected the value of the test, another is there")
        return document
    if operation.op == "remove":
        return _without(document, path)
    if operation.op == "replace":
        return _with(_without(document, path), path, operation.value)
    source = _parts(operation.source) if operation.source is not msgspec.UNSET else []
    if operation.op == "copy":
        return _with(document, path, deepcopy(_find(document, source)))
    if operation.op == "move":
        if path[: len(source)] == source and path != source:
            raise ValueError(operation.op)
        moved = _find(document, source)
        return _with(_without(document, source), path, moved)
    return _with(document, path, operation.value)


def _parts(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _find(document: Any, path: Sequence[str]) -> Any:
    for part in path:
        document = document[_place(document, part)]
    return document


def _with(document: Any, path: Sequence[str], value: Any) -> Any:
    if not path:
        return value
    owner = _find(document, path[:-1])
    if isinstance(owner, list):
        items = cast("list[Any]", owner)
        at = len(items) if path[-1] == "-" else _index(path[-1])
        if at > len(items):
            raise IndexError(at)
        items.insert(at, value)
    else:
        owner[_place(owner, path[-1], is_new=True)] = value
    return document


def _without(document: Any, path: Sequence[str]) -> Any:
    if not path:
        return None
    owner = _find(document, path[:-1])
    del owner[_place(owner, path[-1])]
    return document


def _place(owner: Any, part: str, *, is_new: bool = False) -> Any:
    if isinstance(owner, list):
        return _index(part)
    if not isinstance(owner, dict) or (part not in owner and not is_new):
        raise KeyError(part)
    return part


def _index(part: str) -> int:
    if not part.isdecimal() or not part.isascii() or (part[0] == "0" and part != "0"):
        raise ValueError(part)
    return int(part)


def _is_same(left: Any, right: Any) -> bool:
    """Compare as JSON does: true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        one, other = cast("dict[str, Any]", left), cast("dict[str, Any]", right)
        return one.keys() == other.keys() and all(_is_same(value, other[key]) for key, value in one.items())
    if isinstance(left, list) and isinstance(right, list):
        mine, theirs = cast("list[Any]", left), cast("list[Any]", right)
        return len(mine) == len(theirs) and all(map(_is_same, mine, theirs))
    return bool(left == right)


def _refuse(
    code: Literal["invalid", "too-costly", "required", "processing", "structure", "conflict"], text: str
) -> NoReturn:
    raise PatchError([Issue(code, text)])
