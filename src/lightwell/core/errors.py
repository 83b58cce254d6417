"""What can go wrong, as the caller sees it.

::

    LightwellError                a clear text and a stable code; everything else derives from it
    ├── InvalidRequest            400  what came cannot be understood
    ├── NotSignedIn               401
    │   └── SignInFailed          401  wrong name or password
    ├── Forbidden                 403  signed in, but without the permission
    ├── NotFound                  404  does not exist, or is not yours to see
    ├── NotAcceptable             406  no representation that the caller would take
    ├── Conflict                  409  the present state does not allow it
    │   └── CallerTaken           409  who calls so from there may be somebody else's already
    ├── TooLarge                  413
    ├── UnsupportedMedia          415
    ├── (of the rooms)            422  what it is asked of does not lend itself to it
    ├── RangeNotSatisfiable       416
    ├── SessionLocked             423  the screen was left alone; the password opens it again
    ├── TooManyAttempts           429
    ├── Unavailable               503  the same request works again shortly
    │   ├── DatabaseUnavailable   503
    │   │   └── Collided          503  two changes waited for each other; the database took this one back
    │   └── ObjectsUnavailable    503
    ├── OutOfSpace                507  the disk is full; nothing that was acknowledged is lost
    └── ConfigurationError        --   a setting is wrong; says which, and what was expected

A message says what was expected, what came, and what to do. It never holds a person's data.
"""

from typing import ClassVar


class LightwellError(Exception):
    """Root of all errors that Lightwell raises on purpose.

    Where one code has several causes, ``reason`` tells them apart; it stays the same as the code does.
    """

    code: ClassVar[str] = "internal_error"
    http_status: ClassVar[int] = 500
    reason: str = ""


class InvalidRequest(LightwellError):
    """What came cannot be understood."""

    code = "invalid_request"
    http_status = 400


class NotSignedIn(LightwellError):
    """Nobody is signed in, or the session has ended."""

    code = "not_signed_in"
    http_status = 401


class SignInFailed(NotSignedIn):
    """The name or the password is wrong; it is never said which."""

    code = "sign_in_failed"


class Forbidden(LightwellError):
    """The person is known but may not do this."""

    code = "forbidden"
    http_status = 403


class NotFound(LightwellError):
    """It does not exist, or it belongs to an organisation that the person cannot see."""

    code = "not_found"
    http_status = 404


class NotAcceptable(LightwellError):
    """None of the representations asked for can be given."""

    code = "not_acceptable"
    http_status = 406


class Conflict(LightwellError):
    """The present state does not allow it."""

    code = "conflict"
    http_status = 409


class CallerTaken(Conflict):
    """A machine that is known elsewhere may call by the same name from the same addresses; nothing says where.

    Whoever acts for both may add it all the same: they decide whose it is.
    """

    code = "caller_taken"


class TooLarge(LightwellError):
    """More was sent than is taken."""

    code = "too_large"
    http_status = 413


class UnsupportedMedia(LightwellError):
    """The body is of a type that is not taken here."""

    code = "unsupported_media"
    http_status = 415


class RangeNotSatisfiable(LightwellError):
    """The byte range lies outside the object."""

    code = "range_not_satisfiable"
    http_status = 416


class SessionLocked(LightwellError):
    """The screen was left alone; the password opens it again."""

    code = "session_locked"
    http_status = 423


class TooManyAttempts(LightwellError):
    """Too many sign-ins failed; wait and try again."""

    code = "too_many_attempts"
    http_status = 429

    def __init__(self, message: str, *, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Unavailable(LightwellError):
    """What the node stands on does not answer at the moment; the same request works again shortly."""

    code = "unavailable"
    http_status = 503


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database_unavailable"


class Collided(DatabaseUnavailable):
    """Two changes waited for each other, and the database took this one back."""


class ObjectsUnavailable(Unavailable):
    """The object store does not answer."""

    code = "objects_unavailable"


class OutOfSpace(LightwellError):
    """The disk is full; nothing that was acknowledged is lost."""

    code = "out_of_space"
    http_status = 507


class ConfigurationError(LightwellError):
    """A setting is wrong; the message names it and says what was expected."""

    code = "configuration_error"
