"""The way of a received image knows no network, no clock and no foreign DICOM library."""

import subprocess
import sys

CHECK = """
import sys
from lightwell.standards.dicom import association, charset, dimse, frames, jsonmodel
from lightwell.standards.dicom import matching, negotiation, part10, scanner
print(sorted({"pydicom", "pynetdicom", "asyncio", "socket", "numpy"} & set(sys.modules)))
"""


def test_nothing_foreign_is_imported() -> None:
    found = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
