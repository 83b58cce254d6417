"""The machines know no noun of a hospital: an organisation owns rows, a subject is whom they are about."""

import re
from pathlib import Path

import pytest

from tests.house.tree import SOURCE, name_of

CORE = SOURCE / "core"
FILES = sorted(path for path in CORE.rglob("*") if path.suffix in {".py", ".sql", ".conf"})

NOUNS = {
    *("patient", "patients", "study", "studies", "series", "modality", "modalities", "hospital", "hospitals"),
    *("nurse", "nurses", "nursing", "ward", "wards", "bed", "beds", "bedside", "wristband", "doctor", "doctors"),
    *("physician", "surgeon", "surgeons", "surgery", "theatre", "radiology", "radiologist", "anaesthesia"),
    *("medication", "medications", "drug", "drugs", "dose", "prescription", "encounter", "encounters"),
    *("consultation", "consultations", "tumour", "liver"),
}
ALLOWED = {
    "__init__.py": ({"hospital"}, "says that there is no noun of a hospital"),
    "events.py": ({"study"}, "explains the grain of events by an example"),
    "settings.py": ({"study"}, "the one tree of settings holds those of all rooms"),
}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def words_of(text: str) -> set[str]:
    """Return the words of a text, those inside identifiers too, in lower case."""
    return {word.lower() for word in _WORD.findall(text)}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_core_knows_no_hospital_noun(path: Path) -> None:
    allowed, _ = ALLOWED.get(path.relative_to(CORE).as_posix(), (set[str](), ""))
    found = words_of(path.read_text(encoding="utf-8")) & NOUNS - allowed
    assert not found


def test_words_inside_identifiers_are_seen() -> None:
    assert words_of("close_study(PatientName, HTTPWard)") >= {"study", "patient", "ward"}


def test_no_exception_is_left_over() -> None:
    unused = {name for name, (words, _) in ALLOWED.items() if not words & words_of((CORE / name).read_text())}
    assert not unused
