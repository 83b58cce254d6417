"""What the conformance statement says is what the node does."""

from lightwell.app.conformance import statement
from tests.house.tree import ROOT

_PAGE = ROOT / "docs" / "conformance" / "dicom.md"


def test_the_statement_is_the_one_of_this_version() -> None:
    written = _PAGE.read_text(encoding="utf-8")
    assert written == statement(), "write it anew: lightwell conformance > docs/conformance/dicom.md"


def test_the_statement_names_every_service() -> None:
    told = statement()
    services = ("Study Root Query/Retrieve Information Model - MOVE", "Storage Commitment", "Take images of any study")
    for words in (*services, "HTJ2K", "A700H"):
        assert words.casefold() in told.casefold()
    assert "{" not in told.replace("`", "").partition("## DICOM web services")[0], "a value was not filled in"
