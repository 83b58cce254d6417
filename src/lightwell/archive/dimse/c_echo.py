"""C-ECHO: is anybody there (PS3.7 9.1.5)."""

from typing import cast

from lightwell.core import metrics
from lightwell.core.net.dicom_door import Message
from lightwell.standards.dicom.dimse import CEchoRq, Command, Status, c_echo_rsp


class Echo:
    """Answers one C-ECHO-RQ."""

    def __init__(self, message: Message) -> None:
        self._request = cast("CEchoRq", message.command)

    def write(self, data: memoryview) -> None:
        """Take nothing; a C-ECHO has no data set."""

    async def finish(self) -> Command:
        """Say yes."""
        metrics.MESSAGES.labels("C-ECHO", "0000").inc()
        return c_echo_rsp(self._request, Status.SUCCESS)

    def abandon(self) -> None:
        """Forget it."""
