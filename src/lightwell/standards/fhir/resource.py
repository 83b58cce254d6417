"""The bytes of a resource to plain values and back (R4 2.6.2 JSON).

Decimals are ``Decimal``: 44.50 stays 44.50, since the zero says how exactly something was measured (R4 2.24.0.1).
"""

import re
from decimal import Decimal
from typing import Any, Final, TypeAlias

import msgspec

from lightwell.standards.fhir.definitions import resource_types
from lightwell.standards.fhir.errors import Issue, ResourceError

Resource: TypeAlias = dict[str, Any]
_DECODER: Final = msgspec.json.Decoder(float_hook=Decimal)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


class _Named(msgspec.Struct):
    resourceType: str = ""  # noqa: N815 -- as it is called in JSON


_FIRST: Final = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')
_NAME_DECODER: Final = msgspec.json.Decoder(_Named)


def decode_resource(raw: bytes) -> Resource:
    """Return the plain value of a resource; ResourceError if it is not JSON or of no type of R4."""
    read_type(raw)
    try:
        return _DECODER.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        msg = "expected JSON in UTF-8 that is well-formed and not too deep, something else came"
        raise ResourceError([Issue("invalid", msg)]) from None


def encode_resource(resource: Resource) -> bytes:
    """Return the bytes of a resource."""
    return _ENCODER.encode(resource)


def read_type(raw: bytes | msgspec.Raw) -> str:
    """Return the type of a resource, with the rest hardly looked at; as a rule it stands first."""
    first = _FIRST.match(raw)
    name = first[1].decode() if first else _find_type(raw)
    if name not in resource_types():
        msg = f"expected a resourceType of R4, {name[:64]!r} came"
        raise ResourceError([Issue("structure", msg)])
    return name


def _find_type(raw: bytes | msgspec.Raw) -> str:
    try:
        return _NAME_DECODER.decode(raw).resourceType
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        msg = "expected a resource as a JSON object in UTF-8 with a resourceType, something else came"
        raise ResourceError([Issue("structure", msg)]) from None
