"""What can be wrong with a request for part of the medical record, beyond what the house knows."""

from lightwell.core.errors import LightwellError


class Gone(LightwellError):
    """It was there, and was deleted; its versions still are."""

    code = "gone"
    http_status = 410


class PreconditionFailed(LightwellError):
    """What the request was made for is not what is there: another version, or several instead of one."""

    code = "precondition_failed"
    http_status = 412
