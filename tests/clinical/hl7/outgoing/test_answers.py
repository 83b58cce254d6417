"""What is answered to a message that goes out says what becomes of it, and what says nothing leaves it waiting."""

import pytest

from lightwell.clinical.hl7.outgoing.answers import answers, outcome

_HEAD = b"MSH|^~\\&|HIS|A|LIGHTWELL|A|20261127120000||ACK|1|P|2.5\r"


@pytest.mark.parametrize(
    ("raw", "state"),
    [
        (_HEAD + b"MSA|AA|7\r", "sent"),
        (_HEAD + b"MSA|AR|7\rERR|||202\r", "failed"),
        (_HEAD + b"MSA|AE|7\rERR|||207\r", "waiting"),
    ],
    ids=["taken", "refused", "for the moment"],
)
def test_only_what_was_taken_counts_as_sent(raw: bytes, state: str) -> None:
    assert outcome(raw, 0).state == state


def test_an_answer_to_another_message_or_none_is_no_answer() -> None:
    assert answers(_HEAD + b"MSA|AA|7\r", "7", is_alone=False)
    assert not answers(_HEAD + b"MSA|AA|6\r", "7", is_alone=True)
    assert not answers(b"what is this", "7", is_alone=True)
    assert not answers(_HEAD, "7", is_alone=True)
    assert answers(_HEAD + b"MSA|AR|\r", "7", is_alone=True)
    assert not answers(_HEAD + b"MSA|AA|\r", "7", is_alone=True)
