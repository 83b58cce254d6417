"""The messages of shared data: every one is answered and kept, and those of patients, orders and results are applied."""

import os
from collections import Counter
from pathlib import Path

import pytest

from lightwell.app import hl7
from lightwell.standards.hl7.charset import decode_message
from lightwell.standards.hl7.header import read_header
from tests.clinical.hl7.conftest import Sender
from tests.mllp import code

SHARED = Path(os.environ.get("LIGHTWELL_SHARED_DATA", Path(__file__).parents[4] / "shared" / "data")) / "hl7"
FILES = sorted(SHARED.glob("*.hl7"))
pytestmark = pytest.mark.skipif(not FILES, reason="the messages of shared data are not here")


def named(raw: bytes, control_id: str) -> tuple[bytes, str]:
    """Return a message under a control ID of its own, and its kind: many of these share one."""
    text = decode_message(raw).text.replace("\n", "\r")
    header = read_header(text)
    fields = list(header.fields)
    fields[10] = control_id
    first, rest = "|".join([fields[0], *fields[2:]]), text.partition("\r")[2]
    return f"{first}\r{rest}".encode(), f"{header.message_code}^{header.trigger_event}"


async def test_every_message_is_answered_and_kept(sender: Sender) -> None:
    messages = [named(path.read_bytes(), path.stem) for path in FILES]
    answers = await sender.send(*(raw for raw, _ in messages))
    codes = {path.stem: code(answer) if answer else "none" for path, answer in zip(FILES, answers, strict=True)}
    await sender.apply()
    states = await sender.states()
    print(Counter(codes.values()), Counter(state.split()[0] for state in states.values()))
    for name, state in states.items():
        if state != "done" and not state.startswith("quar"):
            print(name, state)
    assert len(states) == len(FILES)
    assert set(codes.values()) <= {"AA", "AE", "CA", "CE", "none"}
    for (_, kind), path in zip(messages, FILES, strict=True):
        assert (states[path.stem].startswith("quarantined")) == (kind not in hl7.HANDLERS)
    print({t: len(await sender.resources(t)) for t in ("Patient", "Encounter", "Location", "ServiceRequest", "DiagnosticReport", "Observation")})
