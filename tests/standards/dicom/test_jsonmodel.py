"""Attributes as the browser wants them; a peer reads them too."""

# pyright: basic
# The peers that we test against are not typed.

import json
from datetime import UTC, date, datetime, time

import pytest
from pydicom.dataset import Dataset

from lightwell.standards.dicom.jsonmodel import bulk_data, element, sequence


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (element(0x0010_0020, "LO", "P1"), {"vr": "LO", "Value": ["P1"]}),
        (element("00080061", "CS", "CT", None, "SR"), {"vr": "CS", "Value": ["CT", None, "SR"]}),
        (element("00080020", "DA"), {"vr": "DA"}),
        (element("00080020", "DA", None), {"vr": "DA"}),
        (element("00080020", "DA", date(2026, 1, 2)), {"vr": "DA", "Value": ["20260102"]}),
        (element("00080030", "TM", time(1, 2, 3, 40)), {"vr": "TM", "Value": ["010203.000040"]}),
        (
            element("0008002a", "DT", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
            {"vr": "DT", "Value": ["20260102030405"]},
        ),
        (element("00200013", "IS", "7", 8, "1A"), {"vr": "IS", "Value": [7, 8, "1A"]}),
        (element("00281050", "DS", "40.5", 3, "nan"), {"vr": "DS", "Value": [40.5, 3, "nan"]}),
        (element("7FE00001", "OV", b"ab"), {"vr": "OV", "InlineBinary": "YWI="}),
        (element("00081199", "UV", 1 << 60), {"vr": "UV", "Value": [str(1 << 60)]}),
        (element("00209165", "AT", 0x0018_0050), {"vr": "AT", "Value": ["00180050"]}),
        (bulk_data("7FE00010", "OW", "/x"), {"vr": "OW", "BulkDataURI": "/x"}),
        (
            sequence("00081140", [element("00081155", "UI", "1.2")]),
            {
                "vr": "SQ",
                "Value": [{"00081155": {"vr": "UI", "Value": ["1.2"]}}],
            },
        ),
    ],
)
def test_elements(made: dict[str, object], expected: dict[str, object]) -> None:
    ((_, found),) = made.items()
    assert found == expected


def test_names_and_tags() -> None:
    made = element(0x0010_0010, "PN", "Wang^XiaoDong=王^小东", "")
    groups = {"Alphabetic": "Wang^XiaoDong", "Ideographic": "王^小东"}
    assert made == {"00100010": {"vr": "PN", "Value": [groups, None]}}


def test_a_peer_reads_it() -> None:
    made = element("00100010", "PN", "=王^小东") | element("00280010", "US", 512) | element("00100030", "DA", None)
    theirs = Dataset.from_json(json.dumps(made))
    assert theirs.PatientName == "=王^小东"
    assert theirs.Rows == 512
