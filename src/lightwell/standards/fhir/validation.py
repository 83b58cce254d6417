"""Whether a resource is as R4 defines it: what it may have, must have, and what may stand there.

Held are names, types, how often, forms of primitives, one type of a choice, and the codes of required value sets.
Not held are invariants (FHIRPath constraints) and whether a reference leads somewhere.
"""

from itertools import islice
from typing import Final

import msgspec

from lightwell.standards.fhir.errors import Issue, ResourceError
from lightwell.standards.fhir.explaining import explain_resource
from lightwell.standards.fhir.resource import Resource, decode_resource, encode_resource
from lightwell.standards.fhir.structs import check_resource

_MOST_ISSUES: Final = 50
_NUL: Final = b"\\u0000"


def validate_resource(raw: bytes) -> tuple[Issue, ...]:
    """Return what is wrong with the bytes of a resource; nothing if it may be stored."""
    try:
        check_resource(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, ResourceError):
        return _explained(raw)
    return _explained(raw) if _NUL in raw else ()


def validate_value(resource: Resource) -> tuple[Issue, ...]:
    """Return what is wrong with the plain value of a resource, e.g. after a patch."""
    return validate_resource(encode_resource(resource))


def _explained(raw: bytes) -> tuple[Issue, ...]:
    try:
        return tuple(islice(explain_resource(decode_resource(raw)), _MOST_ISSUES))
    except ResourceError as error:
        return error.issues
    except RecursionError:
        return (Issue("too-costly", "expected a resource that is not nested so deeply"),)
