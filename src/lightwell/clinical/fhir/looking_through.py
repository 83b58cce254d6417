"""What a client sends is looked through before it is kept, a large one beside the event loop."""

import asyncio
from typing import Final

from lightwell.clinical.fhir.changing import require_valid
from lightwell.standards.fhir.resource import Resource, decode_resource
from lightwell.standards.fhir.validation import validate_resource

_SMALL: Final = 64 << 10


async def read_resource(raw: bytes) -> Resource:
    """Return the resource that a request brings.

    Raises:
        ResourceError: it is none that R4 allows; every reason is named.
    """
    return _read(raw) if len(raw) <= _SMALL else await asyncio.to_thread(_read, raw)


def _read(raw: bytes) -> Resource:
    require_valid(validate_resource(raw))
    return decode_resource(raw)
