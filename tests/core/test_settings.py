"""Settings: the environment wins over the file, the file over the defaults, and mistakes are named."""

from dataclasses import fields
from pathlib import Path

import pytest

from lightwell.core.errors import ConfigurationError
from lightwell.core.settings import Settings, load


def test_without_anything_the_defaults_hold() -> None:
    settings = load({})
    assert (settings.http_port, settings.dicom_port, settings.ae_title) == (8080, 11112, "LIGHTWELL")
    assert settings.is_loopback
    assert settings.data_dir.is_absolute()


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = tmp_path / "lightwell.toml"
    file.write_text('http_port = 1\ndicom_port = 2\nae_title = "FILE"\n')
    settings = load({"LIGHTWELL_CONFIG": str(file), "LIGHTWELL_HTTP_PORT": "3"})
    assert (settings.http_port, settings.dicom_port, settings.ae_title) == (3, 2, "FILE")


def test_an_empty_variable_is_as_if_it_were_absent() -> None:
    assert load({"LIGHTWELL_HTTP_PORT": "", "LIGHTWELL_SPOOL_DIR": ""}) == load({})


@pytest.mark.parametrize("name", ["HTTP_PORT", "MIN_FREE_MB", "WORKERS", "IDLE_LOCK_S"])
def test_a_value_of_the_wrong_type_is_named(name: str) -> None:
    with pytest.raises(ConfigurationError, match=name.lower()):
        load({f"LIGHTWELL_{name}": "many"})


@pytest.mark.parametrize(("text", "said"), [("colour = 1", "colour"), ("http_port = ", "TOML"), ("\0", "TOML")])
def test_a_file_that_is_wrong_is_told(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "lightwell.toml"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=said):
        load({"LIGHTWELL_CONFIG": str(file)})


def test_a_file_that_is_absent_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="absent"):
        load({"LIGHTWELL_CONFIG": str(tmp_path / "absent.toml")})


_ANYWHERE = "0.0.0.0"  # noqa: S104 -- read, not bound


@pytest.mark.parametrize(
    ("bind", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        (_ANYWHERE, False),
        ("10.1.1.1", False),
    ],
)
def test_only_this_machine_is_loopback(bind: str, *, is_loopback: bool) -> None:
    assert load({"LIGHTWELL_BIND": bind}).is_loopback is is_loopback


def test_every_setting_can_be_set_by_its_variable(tmp_path: Path) -> None:
    for item in fields(Settings):
        is_number = isinstance(item.default, int)
        text = "7" if is_number else str(tmp_path)
        settings = load({f"LIGHTWELL_{item.name.upper()}": text})
        assert str(getattr(settings, item.name)) == text


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (Settings(public_url="https://pacs.example.org/"), "https://pacs.example.org"),
        (Settings(), "http://127.0.0.1:8080"),
        (Settings(bind="::1", http_port=80), "http://[::1]:80"),
        (Settings(bind="0.0.0.0", host_name="pacs"), "https://pacs:8443"),  # noqa: S104 -- nothing listens
        (Settings(bind="0.0.0.0", host_name="pacs", https_port=443), "https://pacs"),  # noqa: S104
    ],
)
def test_addresses_begin_where_browsers_find_the_node(settings: Settings, expected: str) -> None:
    assert settings.origin == expected
