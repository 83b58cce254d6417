"""An error as FHIR tells it: an OperationOutcome with the HTTP status that belongs to it (R4 3.1.0.1.6)."""

from collections.abc import Mapping, Sequence
from typing import Final

import psycopg
from starlette.responses import Response

from lightwell.clinical.fhir.answering import MEDIA_TYPE
from lightwell.core.errors import LightwellError
from lightwell.core.http import problems
from lightwell.standards.fhir.errors import BundleError, FhirError, Issue, IssueType, PatchError, SearchError
from lightwell.standards.fhir.outcome import operation_outcome
from lightwell.standards.fhir.resource import encode_resource

_UNPROCESSABLE: Final = 422
_TYPES: Final[Mapping[int, IssueType]] = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    423: "login",
}


def tell(error: Exception) -> Response:
    """Return what went wrong with a request."""
    if isinstance(error, FhirError):
        return _response(status_of(error), error.issues)
    if isinstance(error, psycopg.DataError):
        error = problems.unstorable(error)
    if not isinstance(error, LightwellError):
        problems.unexpected(error)  # it is logged there
        return _response(500, [Issue("exception", "an internal error; nothing was changed", severity="fatal")])
    response = _response(error.http_status, issues_of(error))
    response.headers.update({"Retry-After": "5"} if error.http_status == 503 else {})  # noqa: PLR2004 -- HTTP
    return response


def issues_of(error: FhirError | LightwellError) -> Sequence[Issue]:
    """Return what is wrong, as an OperationOutcome says it."""
    if isinstance(error, FhirError):
        return error.issues
    return [Issue(_TYPES.get(error.http_status, "exception"), str(error))]


def status_of(error: FhirError | LightwellError) -> int:
    """Return the HTTP status: 400 for what is no resource at all, 422 for one that R4 does not allow."""
    if isinstance(error, LightwellError):
        return error.http_status
    if isinstance(error, SearchError | BundleError):
        return 400
    if isinstance(error, PatchError):
        return 409 if error.issues[0].code == "conflict" else _UNPROCESSABLE
    return _UNPROCESSABLE if any(issue.expression for issue in error.issues) else 400


def _response(status: int, issues: Sequence[Issue]) -> Response:
    body = encode_resource(operation_outcome(issues))
    return Response(body, status, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"})
