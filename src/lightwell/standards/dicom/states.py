"""The table that every DICOM conversation follows (PS3.8 9.2, Table 9-10).

An association is always in one of thirteen states. Something happens: a PDU comes, we want something, the line breaks,
time runs out. The table says which action follows; an action is only: tell the one above us, send a PDU, go to a state,
close the line.

    IDLE ── connected ──► AWAITING_RQ ── RQ ──► DECIDING ── accept ──► ESTABLISHED ◄── AC ── AWAITING_AC
                              │                    │ reject                │  ▲ P-DATA
                              ▼                    ▼                       ▼  │
                          AWAITING_CLOSE ◄──────── any fault, abort ─── RELEASING, RELEASE_ASKED, collisions

The code in :mod:`association` runs this table and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final


class State(IntEnum):
    """Where a conversation is; the numbers are those of PS3.8 9.2.1, Sta1 to Sta13."""

    IDLE = 1
    AWAITING_RQ = 2
    DECIDING = 3
    CONNECTING = 4
    AWAITING_AC = 5
    ESTABLISHED = 6
    RELEASING = 7
    RELEASE_ASKED = 8
    COLLIDED_REQUESTOR_ASKED = 9
    COLLIDED_ACCEPTOR_RELEASING = 10
    COLLIDED_REQUESTOR_RELEASING = 11
    COLLIDED_ACCEPTOR_ASKED = 12
    AWAITING_CLOSE = 13


class Input(IntEnum):
    """What can happen (PS3.8 9.2.2, events 1 to 19)."""

    ASSOCIATE_REQUEST = 1
    TRANSPORT_CONFIRMED = 2
    ASSOCIATE_AC_PDU = 3
    ASSOCIATE_RJ_PDU = 4
    TRANSPORT_INDICATED = 5
    ASSOCIATE_RQ_PDU = 6
    ACCEPT = 7
    REJECT = 8
    DATA_REQUEST = 9
    DATA_PDU = 10
    RELEASE_REQUEST = 11
    RELEASE_RQ_PDU = 12
    RELEASE_RP_PDU = 13
    RELEASE_RESPONSE = 14
    ABORT_REQUEST = 15
    ABORT_PDU = 16
    TRANSPORT_CLOSED = 17
    TIMER_EXPIRED = 18
    INVALID_PDU = 19


@dataclass(frozen=True, slots=True)
class Action:
    """What follows (PS3.8 9.2.3): tell the user, send the PDU at hand or an A-ABORT, close, next state."""

    name: str
    next_state: State
    tells: bool = False
    sends: bool = False
    aborts: bool = False
    closes: bool = False


S = State
AE_1: Final = Action("AE-1", S.CONNECTING)
AE_2: Final = Action("AE-2", S.AWAITING_AC, sends=True)
AE_3: Final = Action("AE-3", S.ESTABLISHED, tells=True)
AE_4: Final = Action("AE-4", S.IDLE, tells=True, closes=True)
AE_5: Final = Action("AE-5", S.AWAITING_RQ)
AE_6: Final = Action("AE-6", S.DECIDING, tells=True)
AE_7: Final = Action("AE-7", S.ESTABLISHED, sends=True)
AE_8: Final = Action("AE-8", S.AWAITING_CLOSE, sends=True)
DT_1: Final = Action("DT-1", S.ESTABLISHED, sends=True)
DT_2: Final = Action("DT-2", S.ESTABLISHED, tells=True)
AR_1: Final = Action("AR-1", S.RELEASING, sends=True)
AR_2: Final = Action("AR-2", S.RELEASE_ASKED, tells=True)
AR_3: Final = Action("AR-3", S.IDLE, tells=True, closes=True)
AR_4: Final = Action("AR-4", S.AWAITING_CLOSE, sends=True)
AR_5: Final = Action("AR-5", S.IDLE, closes=True)
AR_6: Final = Action("AR-6", S.RELEASING, tells=True)
AR_7: Final = Action("AR-7", S.RELEASE_ASKED, sends=True)
AR_8_REQUESTOR: Final = Action("AR-8", S.COLLIDED_REQUESTOR_ASKED, tells=True)
AR_8_ACCEPTOR: Final = Action("AR-8", S.COLLIDED_ACCEPTOR_RELEASING, tells=True)
AR_9: Final = Action("AR-9", S.COLLIDED_REQUESTOR_RELEASING, sends=True)
AR_10: Final = Action("AR-10", S.COLLIDED_ACCEPTOR_ASKED, tells=True)
AA_1: Final = Action("AA-1", S.AWAITING_CLOSE, tells=True, aborts=True)
AA_2: Final = Action("AA-2", S.IDLE, tells=True, closes=True)
AA_3: Final = Action("AA-3", S.IDLE, tells=True, closes=True)
AA_4: Final = Action("AA-4", S.IDLE, tells=True, closes=True)
AA_5: Final = Action("AA-5", S.IDLE, tells=True, closes=True)
AA_6: Final = Action("AA-6", S.AWAITING_CLOSE)
AA_7: Final = Action("AA-7", S.AWAITING_CLOSE, aborts=True)
AA_8: Final = Action("AA-8", S.AWAITING_CLOSE, tells=True, aborts=True)

_TALKING: Final = tuple(State(number) for number in (3, 5, 6, 7, 8, 9, 10, 11, 12))


def _row(otherwise: Action, **special: Action) -> dict[State, Action]:
    """Fill the row of a PDU: in all states of a conversation the same, but for the ones named."""
    row = dict.fromkeys(_TALKING, otherwise)
    return row | {State[name]: action for name, action in special.items()}


_UNEXPECTED: Final = {"AWAITING_RQ": AA_1, "AWAITING_CLOSE": AA_6}

TABLE: Final[Mapping[Input, Mapping[State, Action]]] = {
    Input.ASSOCIATE_REQUEST: {S.IDLE: AE_1},
    Input.TRANSPORT_CONFIRMED: {S.CONNECTING: AE_2},
    Input.ASSOCIATE_AC_PDU: _row(AA_8, **_UNEXPECTED, AWAITING_AC=AE_3),
    Input.ASSOCIATE_RJ_PDU: _row(AA_8, **_UNEXPECTED, AWAITING_AC=AE_4),
    Input.TRANSPORT_INDICATED: {S.IDLE: AE_5},
    Input.ASSOCIATE_RQ_PDU: _row(AA_8, AWAITING_RQ=AE_6, AWAITING_CLOSE=AA_7),
    Input.ACCEPT: {S.DECIDING: AE_7},
    Input.REJECT: {S.DECIDING: AE_8},
    Input.DATA_REQUEST: {S.ESTABLISHED: DT_1, S.RELEASE_ASKED: AR_7},
    Input.DATA_PDU: _row(AA_8, **_UNEXPECTED, ESTABLISHED=DT_2, RELEASING=AR_6),
    Input.RELEASE_REQUEST: {S.ESTABLISHED: AR_1},
    Input.RELEASE_RQ_PDU: _row(AA_8, **_UNEXPECTED, ESTABLISHED=AR_2, RELEASING=AR_8_ACCEPTOR),
    Input.RELEASE_RP_PDU: _row(
        AA_8, **_UNEXPECTED, RELEASING=AR_3, COLLIDED_ACCEPTOR_RELEASING=AR_10, COLLIDED_REQUESTOR_RELEASING=AR_3
    ),
    Input.RELEASE_RESPONSE: {
        S.RELEASE_ASKED: AR_4,
        S.COLLIDED_REQUESTOR_ASKED: AR_9,
        S.COLLIDED_ACCEPTOR_ASKED: AR_4,
    },
    Input.ABORT_REQUEST: _row(AA_1, AWAITING_RQ=AA_1, CONNECTING=AA_2),
    Input.ABORT_PDU: _row(AA_3, AWAITING_RQ=AA_2, AWAITING_CLOSE=AA_2),
    Input.TRANSPORT_CLOSED: _row(AA_4, AWAITING_RQ=AA_5, CONNECTING=AA_4, AWAITING_CLOSE=AR_5),
    # The standard's timer runs in two states only; ours also ends a peer that falls silent in the others.
    Input.TIMER_EXPIRED: _row(AA_8, AWAITING_RQ=AA_2, AWAITING_CLOSE=AA_2),
    Input.INVALID_PDU: _row(AA_8, AWAITING_RQ=AA_1, AWAITING_CLOSE=AA_7),
}
"""Table 9-10: what happened → where we are → what follows. What is not in it cannot happen or is our own mistake."""
