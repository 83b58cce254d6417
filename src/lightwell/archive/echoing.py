"""Asking a peer whether it is there (PS3.7 9.1.5)."""

from lightwell.archive.destinations import Destination
from lightwell.archive.sending import UNCOMPRESSED, reach
from lightwell.core import clock
from lightwell.core.machines import Machines
from lightwell.core.net.dicom_scu import PeerUnreachable
from lightwell.standards.dicom.dimse import Status, c_echo_rq
from lightwell.standards.dicom.negotiation import propose
from lightwell.standards.dicom.pdu import AssociateRq
from lightwell.standards.dicom.uids import Verification


async def echo(machines: Machines, destination: Destination) -> float:
    """Return the milliseconds from the call to the answer.

    Raises:
        PeerUnreachable: says what the peer did instead of answering.
    """
    began_s = clock.monotonic_s()
    request = AssociateRq(destination.title, destination.our_title, propose([(Verification, UNCOMPRESSED)]))
    async with reach(machines, destination, request) as line:
        context_id = next(iter(line.association.contexts), None)
        if context_id is None:
            message = f"{destination.title} lets us in but does not answer to C-ECHO"
            raise PeerUnreachable(message)
        response = await line.ask(context_id, c_echo_rq())
    if response.status != Status.SUCCESS:
        message = f"{destination.title} answers C-ECHO with a failure"
        raise PeerUnreachable(message)
    return (clock.monotonic_s() - began_s) * 1000
