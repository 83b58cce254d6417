"""Frames over the channel of a page at the end of a thin line: the same bytes, and nothing of another hospital."""

import json

import pytest
from websockets.sync.client import connect

from tests.journeys.images import images, send
from tests.region import Region, Server

_IMAGE, *_ = images(1, 2101, name=b"Channel^A", patient_id="CHAN-A")


def _answer(server: Server, token: str, path: str) -> tuple[int, bytes]:
    address = f"ws://127.0.0.1:{server.http_port}/api/channel"
    with connect(address, additional_headers={"Authorization": f"Bearer {token}"}) as channel:
        channel.send(json.dumps({"ask": 1, "path": path, "accept": "*/*"}))
        status, body = 0, b""
        for message in channel:
            assert isinstance(message, bytes)
            kind, content = message[4:5], message[5:]
            if kind == b"h":
                status = json.loads(content)["status"]
            elif kind == b"b":
                body += content
            else:
                return status, body if kind == b"e" else b""
    return 0, b""


@pytest.mark.hazard("H-04")
def test_the_channel_brings_what_a_request_brings(server: Server, region: Region) -> None:
    assert send(server, _IMAGE, calling="CT_A") == [0]
    path = f"{_IMAGE.address}/frames/1"
    plain = server.get(path, region.token_a, Accept="application/octet-stream")
    status, body = _answer(server, region.token_a, path)
    assert (plain.status_code, status) == (200, 200)
    assert _IMAGE.data_set[-16:] in body
    assert _answer(server, region.token_b, path)[0] == 404
    assert _answer(server, "lw_nobody", path)[0] == 401
