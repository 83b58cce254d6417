"""Object stores, for bytes that shall not lie in a folder of this node: S3, Ceph, MinIO, Azure, Google."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from obstore.exceptions import BaseError
from obstore.store import ObjectStore, from_url

from lightwell.core.errors import ConfigurationError, NotFound, ObjectsUnavailable

if TYPE_CHECKING:  # names of the stubs only
    from obstore.store import ClientConfig, RetryConfig

_RETRIES: Final["RetryConfig"] = {"max_retries": 5, "retry_timeout": timedelta(seconds=10)}
_CLIENT: Final["ClientConfig"] = {"connect_timeout": "5s", "timeout": "60s", "allow_http": True}


def open_store(url: str) -> ObjectStore:
    """Open the store of a URL such as ``s3://bucket/prefix``; keys and endpoint come from the usual AWS_* variables.

    Raises:
        ConfigurationError: the URL is none of a store.
    """
    try:
        return from_url(url, retry_config=_RETRIES, client_options=_CLIENT)
    except (BaseError, ValueError) as error:
        message = f"LIGHTWELL_OBJECTS_URL names no object store: {_first_line(error)}"
        raise ConfigurationError(message) from error


@contextmanager
def asking() -> Generator[None]:
    """Turn what a store says into our own words.

    Raises:
        NotFound: there is no such object.
        ObjectsUnavailable: the store does not answer, or refuses.
    """
    try:
        yield
    except FileNotFoundError as error:
        message = "the object store has no such object"
        raise NotFound(message) from error
    except BaseError as error:
        message = f"the object store does not answer; try again shortly ({_first_line(error)})"
        raise ObjectsUnavailable(message) from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
