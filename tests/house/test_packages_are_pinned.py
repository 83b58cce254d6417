"""What is installed is what was tested: every package is pinned, from whichever registry it comes."""

import re
import tomllib
from collections.abc import Iterator

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house.tree import ROOT

LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
PINNED = {canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^ ;]+)", LOCK, re.MULTILINE)}


def asked_for() -> Iterator[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = (
        project["project"]["dependencies"],
        project["dependency-groups"]["dev"],
        project["build-system"]["requires"],
    )
    yield from (Requirement(text) for group in groups for text in group)


def test_every_package_that_is_asked_for_is_pinned_to_a_version_that_will_do() -> None:
    wrong = [str(need) for need in asked_for() if PINNED.get(canonicalize_name(need.name), "") not in need.specifier]
    assert not wrong, "run make lock"


def test_every_pin_has_hashes_and_no_address() -> None:
    blocks = re.split(r"\n(?=[a-z])", LOCK.strip())
    assert len(blocks) == len(PINNED)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in LOCK
