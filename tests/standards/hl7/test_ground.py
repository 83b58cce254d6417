"""The way of a received message knows no network, no clock and no foreign library."""

import subprocess
import sys

CHECK = """
import sys
from lightwell.standards.hl7 import ack, charset, datatypes, message, mllp
print(sorted({"hl7", "hl7apy", "asyncio", "socket", "pydicom", "msgspec"} & set(sys.modules)))
"""


def test_nothing_foreign_is_imported() -> None:
    found = subprocess.run([sys.executable, "-c", CHECK], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
