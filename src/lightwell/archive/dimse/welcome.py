"""Who may come in, and what is agreed with them (PS3.8 7.1, PS3.7 D.3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lightwell.archive.peers import Peers, source_of
from lightwell.core.errors import DatabaseUnavailable
from lightwell.core.net.callers import Caller
from lightwell.core.net.dicom_door import Admission, Refusal
from lightwell.standards.dicom.negotiation import negotiate
from lightwell.standards.dicom.pdu import AssociateRq

# result, source, reason of PS3.8 9.3.4
_CALLED_UNKNOWN: Final = (1, 1, 7)
_CALLING_UNKNOWN: Final = (1, 1, 3)
_CONGESTION: Final = (2, 3, 1)


@dataclass(frozen=True, slots=True)
class Welcome:
    """Answers A-ASSOCIATE-RQ: only known peers come in, and each speaks for one hospital."""

    peers: Peers
    sop_classes: Mapping[str, Sequence[str]]
    any_storage: Sequence[str]
    max_pdu_length: int

    async def admit(self, request: AssociateRq, caller: Caller) -> Admission:
        """Return the answer to a caller.

        Raises:
            Refusal: the called or the calling AE title is not known here, or the database is away.
        """
        called, calling = request.called_ae_title, request.calling_ae_title
        try:
            peer = await self.peers.find(called, calling, caller.address, caller.certificate_sha256)
            is_called = peer is not None or await self.peers.is_called(called)
        except DatabaseUnavailable as error:
            raise Refusal(*_CONGESTION, "the database is away and the caller is not known yet") from error
        if not is_called:
            raise Refusal(*_CALLED_UNKNOWN, "nobody here answers to the called AE title")
        if peer is None:
            raise Refusal(*_CALLING_UNKNOWN, "the calling AE title is not known from this address")
        negotiated = negotiate(
            request,
            self.sop_classes,
            max_pdu_length=self.max_pdu_length,
            accept_any_storage=self.any_storage,
        )
        return Admission(negotiated.answer, source_of(peer, calling))
