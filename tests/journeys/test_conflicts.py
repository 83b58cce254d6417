"""What is not as it should be: the same UID twice, strangers, wrong entries, names in many character sets."""

import asyncio
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from lightwell import archive
from lightwell.app.node import open_node
from lightwell.core.actors import house
from tests.journeys.images import Image, find, images, send, stored, values
from tests.region import AE, Region, Server, data_directory, populate, settings

_RULES = {"IssuerOfPatientID": {"set": "LIANGJIANG"}, "PatientID": {"prefix": "LJ-"}}


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region]]:
    """A server that knows a stranger on trial and a machine whose entries are put right."""
    with data_directory() as data_dir:
        configured = settings(data_dir)
        region = populate(configured)
        asyncio.run(_add_peers(data_dir, region))
        server = Server(configured).start()
        yield server, region
        server.stop()


@pytest.fixture(scope="module")
def server(served: tuple[Server, Region]) -> Server:
    """The server of this file."""
    return served[0]


@pytest.fixture(scope="module")
def region(served: tuple[Server, Region]) -> Region:
    """Its hospitals."""
    return served[1]


async def _add_peers(data_dir: Any, region: Region) -> None:
    async with (
        open_node(settings(data_dir)) as node,
        node.machines.transactions.begin(house(region.a, region.b)) as tx,
    ):
        await archive.add_peer(tx, region.a, "on trial", AE, "NEW", is_trusted=False)
        await archive.add_peer(tx, region.a, "old CT", AE, "OLD", coercion=_RULES)
        gbk = {"SpecificCharacterSet": {"default": "GB18030"}}
        await archive.add_peer(tx, region.a, "silent CT", AE, "SILENT", coercion=gbk)


def _files(server: Server, uid: str) -> list[str]:
    rows = server.query("SELECT blob FROM archive.instance WHERE sop_instance_uid = %s", uid)
    rows += server.query("SELECT blob FROM archive.conflict WHERE sop_instance_uid = %s", uid)
    return [row[0] for row in rows]


def _number_of_files(server: Server) -> int:
    return sum(1 for _ in (server.settings.data_dir / "objects").rglob("*.*"))


def test_the_same_image_again_is_accepted_silently(server: Server, region: Region) -> None:
    image, *_ = images(1, 3001)
    before = _number_of_files(server)
    assert send(server, image, image) == [0, 0]
    assert send(server, image) == [0]
    assert values(find(server, region.token_a, StudyInstanceUID=image.study), "00201208") == [1]
    assert len(_files(server, image.uid)) == 1
    assert _number_of_files(server) == before + 1


@pytest.mark.hazard("H-06")
def test_other_content_under_the_same_uid_is_kept_for_a_person_to_decide(server: Server, region: Region) -> None:
    image, *_ = images(1, 3002)
    other, third = replace(image, shade=2), replace(image, shade=3)
    assert send(server, image, other, third, other) == [0, 0, 0, 0]
    assert stored(server, region.token_a, image) == image.data_set
    assert send(server, other) == [0]
    assert stored(server, region.token_a, image) == image.data_set
    conflicts = server.query("SELECT blob FROM archive.conflict WHERE sop_instance_uid = %s ORDER BY id", image.uid)
    contents = [(server.settings.data_dir / "objects" / row[0]).read_bytes() for row in conflicts]
    assert all(content.endswith(kept.data_set) for content, kept in zip(contents, (other, third), strict=True))
    assert values(find(server, region.token_a, StudyInstanceUID=image.study), "00201208") == [1]


def test_what_a_stranger_on_trial_sends_waits_in_quarantine(server: Server, region: Region) -> None:
    image, *_ = images(1, 3003)
    assert send(server, image, calling="NEW") == [0]
    assert find(server, region.token_a, StudyInstanceUID=image.study) == []
    rows = server.query("SELECT organisation_id, reason, blob FROM archive.quarantine WHERE source LIKE 'on trial%%'")
    assert [(row[0], "not trusted" in row[1]) for row in rows] == [(region.a, True)]
    assert (server.settings.data_dir / "objects" / rows[0][2]).read_bytes().endswith(image.data_set)


def test_what_waits_in_quarantine_still_waits_after_a_restart(server: Server, region: Region) -> None:
    image, *_ = images(1, 3004)
    assert send(server, image, calling="NEW") == [0]
    server.kill()
    server.start()
    assert find(server, region.token_a, StudyInstanceUID=image.study) == []
    rows = server.query("SELECT count(*), count(DISTINCT blob) FROM archive.quarantine")
    assert rows[0][0] == rows[0][1]


def test_rules_of_a_peer_change_the_index_and_not_the_bytes(server: Server, region: Region) -> None:
    image, *_ = images(1, 3005, patient_id="77")
    assert send(server, image, calling="OLD") == [0]
    found = find(server, region.token_a, PatientID="LJ-77")
    assert values(found, "00100021") == ["LIANGJIANG"]
    assert values(found, "0020000D") == [image.study]
    assert find(server, region.token_a, PatientID="77") == []
    assert stored(server, region.token_a, image) == image.data_set


_WANG = "Wang^XiaoDong=王^小东"
_IR58 = b"\x1b$)A"
_NAMES = {
    "GB18030": (b"GB18030", _WANG.encode("gb18030"), "CT_A", "王^小东"),
    "GBK": (b"GBK", _WANG.encode("gbk"), "CT_A", "王^小东"),
    "UTF-8": (b"ISO_IR 192", _WANG.encode(), "CT_A", "王^小东"),
    "ISO 2022 IR 58": (
        b"\\ISO 2022 IR 58",
        b"Wang^XiaoDong=" + _IR58 + "王".encode("gb2312") + b"^" + _IR58 + "小东".encode("gb2312"),
        "CT_A",
        "王^小东",
    ),
    "GBK called Latin": (b"ISO_IR 100", _WANG.encode("gbk"), "CT_A", "王^小东"),
    "GBK called nothing": (b"", _WANG.encode("gbk"), "CT_A", "王^小东"),
    "nothing, known of the peer": (b"", _WANG.encode("gb18030"), "SILENT", "王^小东"),
    "a rare character": (b"GB18030", "Wang^XiaoDong=王^㐀𠀀".encode("gb18030"), "CT_A", "王^㐀𠀀"),
}


@pytest.fixture(scope="module", params=enumerate(_NAMES), ids=list(_NAMES))
def named(request: pytest.FixtureRequest, server: Server) -> tuple[Image, str]:
    """An image whose patient's name is written in a character set, and the name."""
    number, kind = request.param
    charset, name, calling, ideographic = _NAMES[kind]
    image, *_ = images(1, 3100 + number, charset=charset, name=name)
    assert send(server, image, calling=calling) == [0]
    return image, ideographic


@pytest.mark.hazard("H-05")
def test_a_name_comes_back_right(server: Server, region: Region, named: tuple[Image, str]) -> None:
    image, ideographic = named
    found = find(server, region.token_a, StudyInstanceUID=image.study)
    assert values(found, "00100010") == [{"Alphabetic": "Wang^XiaoDong", "Ideographic": ideographic}]


@pytest.mark.parametrize(
    "query",
    [
        {"PatientName": "王*"},
        {"PatientName": "王^小*"},
        {"search": "王"},
        {"PatientName": "wang*"},
        {"search": "WANG^x"},
    ],
    ids=lambda query: next(iter(query.items())),
)
def test_a_name_is_found_however_it_was_written(
    server: Server, region: Region, named: tuple[Image, str], query: dict[str, str]
) -> None:
    image, ideographic = named
    is_of_another_name = "小" in "".join(query.values()) and "小" not in ideographic
    found = values(find(server, region.token_a, limit="5000", **query), "0020000D")
    assert (image.study in found) is not is_of_another_name


@pytest.mark.hazard("H-05")
def test_a_repaired_name_is_marked(server: Server, region: Region) -> None:
    image, *_ = images(1, 3201, charset=b"ISO_IR 100", name="王^小明".encode("gbk"))
    right, *_ = images(1, 3202, charset=b"ISO_IR 100", name="Müller^Jürgen".encode("latin-1"))
    assert send(server, image, right) == [0, 0]
    assert values(find(server, region.token_a, StudyInstanceUID=right.study), "00100010") == [
        {"Alphabetic": "Müller^Jürgen"}
    ]
    statement = "SELECT is_charset_repaired FROM archive.study WHERE study_instance_uid = %s"
    assert server.query(statement, image.study) == [(True,)]
    assert server.query(statement, right.study) == [(False,)]
