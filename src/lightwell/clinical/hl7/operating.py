"""What an operator does about a message that came: has it applied again, or a corrected text of it.

The message as it came is never changed. A corrected one is another message beside it, which says what it was made of.
"""

from lightwell.clinical.hl7 import troubled
from lightwell.clinical.hl7.gateway import Gateway
from lightwell.clinical.hl7.inbox import insert
from lightwell.clinical.hl7.reading import read
from lightwell.clinical.hl7.receiving import arrive
from lightwell.clinical.store import gateway as store
from lightwell.core.errors import Conflict, InvalidRequest, NotFound
from lightwell.core.tx import Tx


async def replay(tx: Tx, *numbers: int) -> int:
    """Have messages applied again as they came; return how many that were.

    Raises:
        NotFound: none of them waits for a person, or is the actor's to see.
    """
    rows = await (await tx.connection.execute(store.REPLAY, {"ids": list(numbers)})).fetchall()
    troubled.require(rows)
    await troubled.note(tx, "in", "replayed", rows)
    return len(rows)


async def edit_and_replay(tx: Tx, gateway: Gateway, number: int, corrected: bytes) -> int:
    """Have a corrected text of a message applied, and return the number under which that is kept.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
        InvalidRequest: the corrected text cannot be applied either; it says why.
        Conflict: the message waits for nobody any more, or the same text was made of a message before.
    """
    original = (await troubled.read(tx, "in", number)).about
    source = await gateway.sources.of(original.line)
    if source is None:
        message = f"the system that sent message {number} is no longer known here"
        raise NotFound(message)
    reading = read(corrected, source, gateway.handlers)
    if reading.problem is not None:
        raise InvalidRequest(reading.problem.text)
    await troubled.correct(tx, "in", number)
    kept = await insert(tx, original.organisation_id, [arrive(source, corrected, reading, edited_from=number)])
    if not kept:
        message = "the same text was applied before; replay that message instead"
        raise Conflict(message)
    return kept[0]
