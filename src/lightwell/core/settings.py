"""Every setting of a Lightwell node: one frozen tree, from TOML and the environment.

The environment wins over the file that ``LIGHTWELL_CONFIG`` names, and the file over the defaults here. The variable of
a field is ``LIGHTWELL_`` and the field's name; in the TOML file the name is written in lower case. Each setting is
explained in ``docs/operations/settings.md``.
"""

import ipaddress
import os
import socket
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import msgspec

from lightwell.core.errors import ConfigurationError

PREFIX = "LIGHTWELL_"
_HTTPS = 443


@dataclass(frozen=True, slots=True)
class Settings:
    """How this node is set up; ports are TCP, 0 takes any free one, -1 leaves the door closed."""

    data_dir: Path = field(default=Path("data"))
    database_url: str = ""
    objects_url: str = ""
    spool_dir: Path | None = None
    bind: str = "127.0.0.1"
    http_port: int = 8080
    https_port: int = 8443
    dicom_port: int = 11112
    dicom_tls_port: int = 2762
    ae_title: str = "LIGHTWELL"
    hl7_port: int = 2575
    hl7_tls_port: int = -1
    host_name: str = ""
    public_url: str = ""
    site_name: str = ""
    utc_offset: str = "+08:00"
    idle_lock_s: int = 900
    session_hours: int = 12
    study_quiet_s: int = 60
    dicom_idle_s: int = 300
    dicom_artim_s: int = 30
    dicom_response_s: int = 60
    max_associations: int = 1000
    hl7_idle_s: int = 3600
    hl7_message_s: int = 120
    hl7_max_mb: int = 32
    hl7_resend_hours: int = 24
    hl7_answer_s: int = 30
    hl7_targets: str = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fc00::/7"
    max_hl7_connections: int = 500
    subscription_targets: str = ""
    min_free_mb: int = 512
    workers: int = 2
    compute_workers: int = 2
    log_level: str = "INFO"

    @property
    def spool(self) -> Path:
        """The folder where what arrives is written first; on the same file system as a local object store."""
        return self.spool_dir or self.data_dir / "spool"

    @property
    def zone(self) -> timezone:
        """The zone of dates and times that do not say theirs."""
        return zone_of(self.utc_offset)

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the node; anything else is HTTPS."""
        try:
            return ipaddress.ip_address(self.bind).is_loopback
        except ValueError:
            return self.bind == "localhost"

    @property
    def origin(self) -> str:
        """Where browsers most likely find the node: what addresses begin with that it gives unasked."""
        if self.public_url:
            return self.public_url.rstrip("/")
        if self.is_loopback:
            return f"http://{f'[{self.bind}]' if ':' in self.bind else self.bind}:{self.http_port}"
        port = "" if self.https_port == _HTTPS else f":{self.https_port}"
        return f"https://{self.host_name or socket.gethostname()}{port}"


def zone_of(utc_offset: str) -> timezone:
    """Return the zone of an offset.

    Raises:
        ConfigurationError: it is none.
    """
    try:
        offset = datetime.strptime(utc_offset, "%z").utcoffset()
    except ValueError as error:
        message = f"LIGHTWELL_UTC_OFFSET: expected an offset as +08:00, {utc_offset!r} came"
        raise ConfigurationError(message) from error
    return timezone(offset or timedelta())


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of this node.

    Raises:
        ConfigurationError: an unknown name, or a value of the wrong type; the message names it.
    """
    environment = os.environ if environment is None else environment
    values = _from_file(environment.get(f"{PREFIX}CONFIG", ""))
    names = {f"{PREFIX}{item.name.upper()}": item.name for item in fields(Settings)}
    values |= {name: environment[variable] for variable, name in names.items() if environment.get(variable)}
    return _absolute(_convert(values))


def _from_file(path: str) -> dict[str, Any]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        message = f"LIGHTWELL_CONFIG names {path}, which cannot be read as TOML: {error}"
        raise ConfigurationError(message) from error


def _convert(values: dict[str, Any]) -> Settings:
    unknown = values.keys() - {item.name for item in fields(Settings)}
    if unknown:
        message = f"unknown settings: {', '.join(sorted(unknown))}; docs/operations/settings.md lists them all"
        raise ConfigurationError(message)
    try:
        return msgspec.convert(values, Settings, strict=False, dec_hook=_decode_path)
    except msgspec.ValidationError as error:
        message = f"a setting has the wrong type: {error}"
        raise ConfigurationError(message) from error


def _decode_path(kind: type, value: object) -> Path:
    if kind is Path:
        return Path(str(value)).expanduser()
    raise NotImplementedError(kind)


def _absolute(settings: Settings) -> Settings:
    return replace(settings, data_dir=settings.data_dir.absolute())
