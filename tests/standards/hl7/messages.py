"""Made-up messages for the tests, and the real ones of shared data."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.conftest import SHARED

STEADY = settings(
    derandomize=True,
    deadline=None,
    max_examples=80,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ADMISSION = (
    "MSH|^~\\&|HIS|COUNTY|LIGHTWELL|REGION|20261126083015+0800||ADT^A01^ADT_A01|M-1|P|2.5.1|||AL|NE||GB 18030-2000\r"
    "EVN|A01|20261126083015\r"
    'PID|1||P7^^^COUNTY&1.2.3&ISO^MR~110105199003071233^^^CN^NNCN||王^小东^^^^^L^I~Wang^Xiaodong^^^^^L^A||19900307|M|||""\r'
    "ZPI|私有|x\r"
    "OBX|1|NM|8867-4^Heart rate^LN||72\r"
    "OBX|2|ST|X^Y||a\\T\\b\r"
)


def trap_characters() -> list[str]:
    """Return the Chinese characters whose second byte in GB18030 is a delimiter."""
    cjk = (chr(code) for code in range(0x4E00, 0xA000))
    return [character for character in cjk if character.encode("gb18030")[1:2] in {b"|", b"^", b"~", b"\\"}]


def real_messages() -> list[Path]:
    """Return the files of 139 messages of many senders."""
    files = sorted((SHARED / "hl7").glob("*.hl7"))
    if not files:
        pytest.skip("the shared data are not beside the project; set LIGHTWELL_SHARED_DATA")
    return files
