"""What two machines can do together: each offered context gets one way of writing, or a reason why not.

The proposer offers contexts: (id, kind of object, ways to write it). For each we answer

    0  accepted, with exactly one of the ways offered
    3  we do not know this kind of object          (abstract syntax not supported)
    4  we know it, but in none of these ways       (transfer syntaxes not supported)

PS3.8 7.1.1, 9.3.2.2, 9.3.3.2; roles: PS3.7 D.3.3.4. Pure functions; who may call at all is asked elsewhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lightwell.standards.dicom.errors import LocalProtocolError, RemoteProtocolError
from lightwell.standards.dicom.items import DEFAULT_MAX_PDU_LENGTH
from lightwell.standards.dicom.pdu import (
    AssociateAc,
    AssociateRj,
    AssociateRq,
    PresentationContext,
    PresentationContextResult,
    RoleSelection,
    UserInformation,
)
from lightwell.standards.dicom.uids import (
    RETIRED_STORAGE_SOP_CLASSES,
    STORAGE_SOP_CLASSES,
    DICOMApplicationContext,
    Storage,
)

__all__ = [
    "AcceptedContext",
    "Negotiated",
    "PresentationContext",
    "accepted_contexts",
    "is_storage",
    "negotiate",
    "propose",
    "refusal_of",
]

ACCEPTED: Final = 0
ABSTRACT_SYNTAX_NOT_SUPPORTED: Final = 3
TRANSFER_SYNTAXES_NOT_SUPPORTED: Final = 4
MOST_CONTEXTS: Final = 128


@dataclass(frozen=True, slots=True)
class AcceptedContext:
    """What may travel under a context id, and who plays which role in it (seen from the requestor)."""

    abstract_syntax: str
    transfer_syntax: str
    is_requestor_scu: bool = True
    is_requestor_scp: bool = False


@dataclass(frozen=True, slots=True)
class Negotiated:
    """Our answer, and what it means."""

    answer: AssociateAc
    contexts: Mapping[int, AcceptedContext]


def is_storage(context: PresentationContext, request: AssociateRq) -> bool:
    """Whether objects of this kind are kept: known storage classes, private ones, and ones the peer says are.

    PS3.4 B.3.1.4, PS3.7 D.3.3.6.
    """
    uid = context.abstract_syntax
    if uid in STORAGE_SOP_CLASSES or uid in RETIRED_STORAGE_SOP_CLASSES:
        return True
    said = request.user_information.common_extended
    return any(common.sop_class_uid == uid and common.service_class_uid == Storage for common in said)


def negotiate(
    request: AssociateRq,
    supported: Mapping[str, Sequence[str]],
    *,
    max_pdu_length: int = DEFAULT_MAX_PDU_LENGTH,
    accept_any_storage: Sequence[str] = (),
    preferred: Sequence[str] = (),
    user_identity_response: bytes | None = None,
) -> Negotiated:
    """Answer a request from what we support (SOP class → transfer syntaxes).

    ``accept_any_storage`` are transfer syntaxes taken for storage classes that are not in ``supported``; ``preferred``
    goes before the proposer's order, where both sides can.
    """
    results = tuple(
        _answer_context(context, _ways(context, request, supported, accept_any_storage), preferred)
        for context in request.presentation_contexts[:MOST_CONTEXTS]
    )
    information = UserInformation(
        max_pdu_length=max_pdu_length,
        roles=_answer_roles(request),
        user_identity_response=user_identity_response,
    )
    answer = AssociateAc(request.called_ae_title, request.calling_ae_title, results, information)
    return Negotiated(answer, accepted_contexts(request, answer))


def _ways(
    context: PresentationContext,
    request: AssociateRq,
    supported: Mapping[str, Sequence[str]],
    any_storage: Sequence[str],
) -> Sequence[str] | None:
    ways = supported.get(context.abstract_syntax)
    if ways is None and any_storage and is_storage(context, request):
        return any_storage
    return ways


def _answer_context(
    context: PresentationContext, ways: Sequence[str] | None, preferred: Sequence[str]
) -> PresentationContextResult:
    if ways is None:
        return PresentationContextResult(context.context_id, ABSTRACT_SYNTAX_NOT_SUPPORTED)
    both = [uid for uid in context.transfer_syntaxes if uid in ways]
    if not both:
        return PresentationContextResult(context.context_id, TRANSFER_SYNTAXES_NOT_SUPPORTED)
    chosen = next((uid for uid in preferred if uid in both), both[0])
    return PresentationContextResult(context.context_id, ACCEPTED, chosen)


def _answer_roles(request: AssociateRq) -> tuple[RoleSelection, ...]:
    """Let the requestor be the keeper of images it gets by C-GET; of nothing else (PS3.7 D.3.3.4.2)."""
    contexts = {context.abstract_syntax: context for context in request.presentation_contexts}
    return tuple(
        replace(role, is_scp=role.is_scp and is_storage(contexts[role.sop_class_uid], request))
        for role in request.user_information.roles
        if role.sop_class_uid in contexts
    )


def accepted_contexts(request: AssociateRq, answer: AssociateAc) -> dict[int, AcceptedContext]:
    """Return what an answer allows; RemoteProtocolError if it allows what was not asked for."""
    roles = {role.sop_class_uid: role for role in answer.user_information.roles}
    proposed = {context.context_id: context for context in request.presentation_contexts}
    asked = {role.sop_class_uid for role in request.user_information.roles}
    contexts: dict[int, AcceptedContext] = {}
    for result in answer.presentation_contexts:
        context = proposed.get(result.context_id)
        if context is None or (not result.result and result.transfer_syntax not in context.transfer_syntaxes):
            msg = f"context {result.context_id}: expected one of the proposed, {result.transfer_syntax!r} came"
            raise RemoteProtocolError(msg)
        if not result.result:
            role = roles.get(context.abstract_syntax) if context.abstract_syntax in asked else None
            contexts[result.context_id] = _with_role(context.abstract_syntax, result.transfer_syntax, role)
    return contexts


def _with_role(abstract_syntax: str, transfer_syntax: str, role: RoleSelection | None) -> AcceptedContext:
    if role is None:
        return AcceptedContext(abstract_syntax, transfer_syntax)
    return AcceptedContext(abstract_syntax, transfer_syntax, role.is_scu, role.is_scp)


def propose(offers: Sequence[tuple[str, Sequence[str]]]) -> tuple[PresentationContext, ...]:
    """Give our own offers the numbers 1, 3, 5, …; at most 128 fit into one association (PS3.8 9.3.2.2)."""
    if len(offers) > MOST_CONTEXTS:
        msg = f"expected at most {MOST_CONTEXTS} presentation contexts, {len(offers)} came"
        raise LocalProtocolError(msg)
    return tuple(
        PresentationContext(2 * place + 1, abstract_syntax, tuple(transfer_syntaxes))
        for place, (abstract_syntax, transfer_syntaxes) in enumerate(offers)
    )


def refusal_of(request: AssociateRq) -> AssociateRj | None:
    """Return why a request cannot be understood at all, whoever sends it (PS3.8 9.3.4, Table 9-21)."""
    if not request.protocol_version & 1:
        return AssociateRj(1, 2, 2)
    if request.application_context_name != DICOMApplicationContext:
        return AssociateRj(1, 1, 2)
    return None
