"""Errors as the web sees them: ``application/problem+json`` (RFC 9457) with a stable code."""

import logging

import msgspec
import psycopg
from starlette.requests import Request
from starlette.responses import Response

from lightwell.core import logs
from lightwell.core.errors import InvalidRequest, LightwellError, TooManyAttempts

log = logging.getLogger(__name__)


class Problem(msgspec.Struct, omit_defaults=True):
    """What went wrong; pages show their own words by ``code`` and ``reason``, programs and people read ``detail``."""

    title: str
    status: int
    code: str
    detail: str = ""
    retry_after_s: int = 0
    reason: str = ""
    type: str = "about:blank"


def tell(error: Exception) -> Response:
    """Return what went wrong with a request."""
    if isinstance(error, psycopg.DataError):
        return answer(unstorable(error))
    return answer(error) if isinstance(error, LightwellError) else unexpected(error)


def unstorable(error: psycopg.DataError) -> InvalidRequest:
    """Return what PostgreSQL says of a value that it cannot take: a zero byte in a text, a number out of range."""
    logs.event(log, logging.WARNING, "value refused by the database", error=error)
    message = "a value of the request is out of range, or has a character that no text may have"
    return InvalidRequest(message)


def answer(error: LightwellError) -> Response:
    """Return an error that was raised on purpose."""
    retry_after_s = error.retry_after_s if isinstance(error, TooManyAttempts) else 0
    title = error.code.replace("_", " ")
    response = _response(Problem(title, error.http_status, error.code, str(error), retry_after_s, error.reason))
    if retry_after_s:
        response.headers["Retry-After"] = str(retry_after_s)
    if error.http_status == LightwellError.http_status:
        logs.event(log, logging.ERROR, "request failed", error=error)
    return response


def unexpected(error: Exception) -> Response:
    """Return an error that nobody foresaw, without its text, which may quote data."""
    logs.event(log, logging.ERROR, "request failed", error=error)
    detail = "an internal error; nothing was changed. The log of the server names the place."
    return _response(Problem("internal error", 500, LightwellError.code, detail))


def not_routed(_: Request, error: Exception) -> Response:
    """Return what the router itself refuses: an unknown path or a method that is not allowed."""
    status = getattr(error, "status_code", 404)
    code = "not_found" if status == 404 else "method_not_allowed"  # noqa: PLR2004 -- the HTTP status
    detail = "there is nothing at this address; /openapi.json lists what there is"
    return _response(Problem(code.replace("_", " "), status, code, detail))


def _response(problem: Problem) -> Response:
    body = msgspec.json.encode(problem)
    return Response(body, problem.status, media_type="application/problem+json", headers={"Cache-Control": "no-store"})
