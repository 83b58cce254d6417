"""What two machines agree on."""

from dataclasses import replace

import pytest

from lightwell.standards.dicom import uids
from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from lightwell.standards.dicom.negotiation import AcceptedContext, accepted_contexts, negotiate, propose
from lightwell.standards.dicom.pdu import (
    AssociateRq,
    PresentationContextResult,
    RoleSelection,
    SopClassCommonExtended,
    UserInformation,
)
from tests.standards.dicom.speech import CT, EXPLICIT, IMPLICIT, REQUEST, SUPPORTED


def request(*offers: tuple[str, list[str]], **information: object) -> AssociateRq:
    return AssociateRq("A", "B", propose(offers), UserInformation(**information))  # type: ignore[arg-type]


def test_the_proposers_order_counts() -> None:
    negotiated = negotiate(REQUEST, SUPPORTED)
    assert negotiated.contexts == {1: AcceptedContext(CT, EXPLICIT), 3: AcceptedContext(uids.Verification, IMPLICIT)}
    assert [result.result for result in negotiated.answer.presentation_contexts] == [0, 0, 4]


def test_unless_we_prefer_something() -> None:
    assert negotiate(REQUEST, SUPPORTED, preferred=[IMPLICIT]).contexts[1].transfer_syntax == IMPLICIT


def test_unknown_kinds_are_refused() -> None:
    (result,) = negotiate(request(("1.2.3", [IMPLICIT])), SUPPORTED).answer.presentation_contexts
    assert result == PresentationContextResult(1, 3)


def test_any_storage_takes_what_is_stored_and_nothing_else() -> None:
    said = SopClassCommonExtended("1.2.3", uids.Storage)
    asked = request(
        (uids.MRImageStorage, [EXPLICIT]),
        (uids.UltrasoundImageStorageRetired, [EXPLICIT]),
        ("1.2.3", [EXPLICIT]),
        ("1.2.4", [EXPLICIT]),
        (uids.StudyRootQueryRetrieveInformationModelFind, [EXPLICIT]),
        common_extended=(said,),
    )
    assert negotiate(asked, {}, accept_any_storage=[EXPLICIT]).contexts.keys() == {1, 3, 5}


def test_the_getter_may_keep_images_and_nothing_else() -> None:
    roles = (RoleSelection(CT, is_scu=False, is_scp=True), RoleSelection(uids.Verification, is_scu=True, is_scp=True))
    asked = request((CT, [IMPLICIT]), (uids.Verification, [IMPLICIT]), roles=roles)
    contexts = negotiate(asked, SUPPORTED).contexts
    assert contexts[1].is_requestor_scp
    assert not contexts[1].is_requestor_scu
    assert not contexts[3].is_requestor_scp


def test_an_answer_may_not_invent() -> None:
    answer = negotiate(REQUEST, SUPPORTED).answer
    for wrong in (PresentationContextResult(9, 0, IMPLICIT), PresentationContextResult(1, 0, uids.JPEG2000)):
        with pytest.raises(RemoteProtocolError):
            accepted_contexts(REQUEST, replace(answer, presentation_contexts=(wrong,)))


def test_at_most_128_offers() -> None:
    offers = [(CT, [IMPLICIT])] * 128
    assert [context.context_id for context in propose(offers)] == list(range(1, 257, 2))
    assert len(negotiate(request(*offers), SUPPORTED).contexts) == 128
    with pytest.raises(LocalProtocolError):
        propose([*offers, (CT, [IMPLICIT])])
