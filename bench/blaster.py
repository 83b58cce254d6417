"""A sender that costs little: whole messages are prepared beforehand, one outstanding operation per association.

Runs as ``python -m bench.blaster PORT CALLED CALLING KIND RUN FIRST COUNT`` in a process of its own and prints how
many were acknowledged with 0000H and in how many seconds.
"""

import json
import sys
import time
from collections.abc import Iterator

from bench import images
from tests.sender import Sender

KINDS = {"ct": images.CT, "small": images.SMALL, "multi": images.MULTI_FRAME}


def prepared(kind: images.Kind, run: int, first: int, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield (UID, data set) pairs that differ in nothing but the UID and the number."""
    template = images.data_set(kind, images.uid(0, 0), first)
    old = images.uid(0, 0).encode()
    for number in range(first, first + count):
        yield images.uid(run, number), template.replace(old, images.uid(run, number).encode(), 1)


def main() -> None:
    """Send and print figures."""
    port, called, calling, kind, run, first, count = sys.argv[1:]
    messages = list(prepared(KINDS[kind], int(run), int(first), int(count)))
    contexts = [(images.CT_IMAGE_STORAGE, images.EXPLICIT_LITTLE)]
    sender = Sender(int(port), contexts, called=called, calling=calling)
    print("connected", flush=True)
    sys.stdin.readline()
    started = time.perf_counter()
    statuses = [sender.store(images.CT_IMAGE_STORAGE, *message).status for message in messages]
    seconds = time.perf_counter() - started
    sender.release()
    print(json.dumps({"acknowledged": statuses.count(0), "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
