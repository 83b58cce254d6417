"""Conversations for the tests: two associations that talk without a network, and bytes in portions."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from hypothesis import HealthCheck, settings

from lightwell.standards.dicom import uids
from lightwell.standards.dicom.association import Association, DataSetFragment, Event, Limits
from lightwell.standards.dicom.negotiation import negotiate, propose
from lightwell.standards.dicom.pdu import AssociateRq

STEADY = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
CT = uids.CTImageStorage
EXPLICIT, IMPLICIT = uids.ExplicitVRLittleEndian, uids.ImplicitVRLittleEndian
REQUEST = AssociateRq(
    "ARCHIVE", "CT1", propose([(CT, [EXPLICIT, IMPLICIT]), (uids.Verification, [IMPLICIT]), (CT, [uids.JPEG2000])])
)
SUPPORTED = {CT: [IMPLICIT, EXPLICIT], uids.Verification: [IMPLICIT]}


def pump(speaker: Association, listener: Association) -> list[Event]:
    """Carry over what one side wants to say."""
    return [event for data in speaker.data_to_send() for event in listener.receive_data(data)]


def established(limits: Limits | None = None) -> tuple[Association, Association]:
    """Return requestor and acceptor, in conversation."""
    limits = limits or Limits()
    requestor, acceptor = Association.requestor(REQUEST, limits), Association.acceptor(limits)
    pump(requestor, acceptor)
    assert acceptor.request is not None
    acceptor.accept(negotiate(acceptor.request, SUPPORTED, max_pdu_length=limits.max_pdu_length).answer)
    pump(acceptor, requestor)
    return requestor, acceptor


def portions(data: bytes, sizes: Iterable[int]) -> Iterator[bytes]:
    """Cut bytes into portions of these sizes; the rest comes last."""
    for size in sizes:
        if not data:
            return
        yield data[:size]
        data = data[size:]
    if data:
        yield data


def merged(events: Iterable[Event]) -> list[object]:
    """Join adjacent fragments, whose cut is arbitrary."""
    result: list[object] = []
    for event in events:
        last = result[-1] if result else None
        if isinstance(event, DataSetFragment) and isinstance(last, DataSetFragment) and not last.is_last:
            joined = memoryview(bytes(last.data) + bytes(event.data))
            result[-1] = replace(event, data=joined)
        elif isinstance(event, DataSetFragment):
            result.append(replace(event, data=memoryview(bytes(event.data))))
        else:
            result.append(event)
    return result
