"""Presentation states are read by others as they were meant, and theirs here: dciodvfy, DCMTK and highdicom."""

import re
import struct
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from highdicom import pr
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

from lightwell.archive.derived import making
from tests.archive.measurements import marks
from tests.archive.notes import file_of, store
from tests.archive.presentations.states import everything, keep, presented, shown
from tests.conftest import peer_program
from tests.journeys.images import SIDE, Image
from tests.region import Region, Server

pytestmark = pytest.mark.peer
GREY = "1.2.840.10008.5.1.4.1.1.11.1"
COLOUR = "1.2.840.10008.5.1.4.1.1.11.2"
_TYPE_2 = tuple((tag, vr, b"") for tag, vr in ((0x00200011, b"IS"), (0x00080070, b"LO"), (0x00080090, b"PN")))
_GREY = ((0x00280004, b"CS", b"MONOCHROME2"), *((tag, b"US", value) for tag, value in ((0x00280102, b"\x0b\0"),)))
_RESCALE = ((0x00281052, b"DS", b"-100"), (0x00281053, b"DS", b"1"), (0x00280103, b"US", b"\0\0"))


@pytest.fixture
def study(server: Server) -> list[Image]:
    """Grey images whose pixels are numbered, less 100."""
    pixels = np.arange(SIDE * SIDE, dtype="<u2").tobytes()
    return marks.study_of(server, marks.SPACING, *_TYPE_2, *_GREY, *_RESCALE, pixels=pixels)


@pytest.fixture
def photograph(server: Server) -> Image:
    """A colour image."""
    form = ((0x00280002, b"US", b"\3\0"), (0x00280006, b"US", b"\0\0"), (0x00280004, b"CS", b"RGB"))
    (image,) = marks.study_of(server, *form, number=1, pixels=bytes(SIDE * SIDE * 6))
    return image


def _faults(content: bytes, folder: Path) -> list[str]:
    """Return what dciodvfy finds; that the side is not said of images which may show both is a warning."""
    file = folder / "state.dcm"
    file.write_bytes(content)
    said = subprocess.run([peer_program("dciodvfy"), str(file)], capture_output=True, text=True, check=False).stderr
    lines = said.splitlines()
    assert lines[0] in {"GrayscaleSoftcopyPresentationState", "ColorSoftcopyPresentationState"}, said
    return [line for line in lines[1:] if "<Laterality>" not in line or not line.startswith("Warning")]


def test_dciodvfy_finds_no_fault(
    server: Server, region: Region, study: list[Image], photograph: Image, tmp_path: Path
) -> None:
    several = [presented(image, window={"center": 40, "width": 400 + place}) for place, image in enumerate(study)]
    for wanted in ([everything(study[0])], several, [presented(study[0])]):
        assert keep(server, region.token_a, study[0], *wanted).status_code == 200
        said = marks.last_document(server, region.token_a, study[0], GREY)
        assert _faults(file_of(said), tmp_path) == []
    marked = presented(photograph, rotation_deg=180, texts=[{"text": "a", "anchor": [1, 1]}])
    assert keep(server, region.token_a, photograph, marked).status_code == 200
    said = marks.last_document(server, region.token_a, photograph, COLOUR)
    assert _faults(file_of(said), tmp_path) == []
    (found,) = shown(server, region.token_a, photograph)["presentations"]
    assert found["images"] == [marked]


@pytest.mark.parametrize("values", [{"window": {"center": 1, "width": 9}}, {"is_inverted": True}])
def test_a_colour_image_has_neither_window_nor_inversion(
    server: Server, region: Region, photograph: Image, values: dict[str, Any]
) -> None:
    assert keep(server, region.token_a, photograph, presented(photograph, **values)).status_code == 400


def test_grey_and_colour_are_a_state_each(server: Server, region: Region, tmp_path: Path) -> None:
    form = ((0x00280004, b"CS", b"RGB"), (0x00280002, b"US", b"\3\0"))
    grey = marks.study_of(server, *_GREY)[0]
    other = Image(f"{grey.uid}.9", grey.study, f"{grey.series}.9", further=form, pixels=bytes(SIDE * SIDE * 6))
    store(server, region.token_a, marks.file_of_image(other))
    assert keep(server, region.token_a, grey, presented(grey), presented(other)).status_code == 200
    found = shown(server, region.token_a, grey)["presentations"]
    assert sorted(one["images"][0]["sop_instance_uid"] for one in found) == [grey.uid, other.uid]
    for kind in (GREY, COLOUR):
        assert _faults(file_of(marks.last_document(server, region.token_a, grey, kind)), tmp_path) == []


def _drawn(server: Server, region: Region, image: Image, folder: Path) -> np.ndarray[Any, Any]:
    """Return an image as DCMTK shows it by the last state of its study."""
    state, picture, drawn = (folder / name for name in ("state.dcm", "image.dcm", "drawn.pgm"))
    state.write_bytes(file_of(marks.last_document(server, region.token_a, image, GREY)))
    picture.write_bytes(marks.fetched(server, region.token_a, image, image.series, image.uid))
    command = [peer_program("dcmp2pgm"), "--pstate", str(state), str(picture), str(drawn)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    content = drawn.read_bytes()
    head = re.match(rb"P5\s+(?:#[^\n]*\n)?(\d+)\s+(\d+)\s+255\s", content)
    assert head is not None, content[:32]
    return np.frombuffer(content[head.end() :], np.uint8).reshape(int(head[2]), int(head[1]))


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("rotation_deg", [0, 90, 180, 270])
@pytest.mark.parametrize("is_flipped", [False, True])
def test_dcmtk_shows_an_image_windowed_inverted_and_turned(
    server: Server, region: Region, study: list[Image], tmp_path: Path, rotation_deg: int, *, is_flipped: bool
) -> None:
    window = {"center": 28, "width": 256}  # stored values 0 to 255, less 100: all of them
    wanted = presented(
        study[0], window=window, is_inverted=is_flipped, rotation_deg=rotation_deg, is_flipped=is_flipped
    )
    assert keep(server, region.token_a, study[0], wanted).status_code == 200
    numbered = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    turned = np.rot90(numbered, -rotation_deg // 90)
    expected = np.fliplr(255 - turned) if is_flipped else turned
    drawn = _drawn(server, region, study[0], tmp_path).astype(int)
    assert np.abs(drawn - expected).max() <= 2


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("is_inverted", [False, True])
def test_dcmtk_shows_a_negative_image_as_it_was_seen(
    server: Server, region: Region, tmp_path: Path, *, is_inverted: bool
) -> None:
    """Low values are bright in it, unless they were inverted (PS3.3 C.7.6.3.1.2, C.11.6)."""
    negative = ((0x00280004, b"CS", b"MONOCHROME1"), *_GREY[1:])
    pixels = np.arange(SIDE * SIDE, dtype="<u2").tobytes()
    image = marks.study_of(server, marks.SPACING, *_TYPE_2, *negative, *_RESCALE, pixels=pixels)[0]
    wanted = presented(image, window={"center": 28.0, "width": 256.0}, is_inverted=is_inverted)
    assert keep(server, region.token_a, image, wanted).status_code == 200
    numbered = np.arange(SIDE * SIDE).reshape(SIDE, SIDE)
    drawn = _drawn(server, region, image, tmp_path).astype(int)
    assert np.abs(drawn - (numbered if is_inverted else 255 - numbered)).max() <= 2
    assert shown(server, region.token_a, image)["presentations"][0]["images"] == [wanted]


@pytest.mark.hazard("H-32")
def test_dcmtk_shows_an_image_through_its_table_of_the_modality(
    server: Server, region: Region, study: list[Image], tmp_path: Path
) -> None:
    """Lines on it are saved beside those on images without one, each in a state of its own (PS3.3 C.11.1)."""
    table = Dataset()
    table.LUTDescriptor, table.ModalityLUTType = [SIDE * SIDE, 0, 16], "OD"
    table["LUTDescriptor"].VR = "US"
    table.add_new(0x00283006, "OW", (257 * np.arange(SIDE * SIDE, dtype="<u2")[::-1]).tobytes())
    content = making.written(table)
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(content)) + content
    pixels = np.arange(SIDE * SIDE, dtype="<u2").tobytes()
    more = (*marks.FURTHER, *_TYPE_2, *_GREY, (0x00280103, b"US", b"\0\0"), (0x00283000, b"SQ", item))
    image = Image(f"{study[0].uid}.7", study[0].study, f"{study[0].series}.7", further=more, pixels=pixels)
    store(server, region.token_a, marks.file_of_image(image))
    texts = [{"text": "a", "anchor": [1, 1]}]
    wanted = [presented(one, window={"center": 32768.0, "width": 65536.0}, texts=texts) for one in (study[0], image)]
    answer = keep(server, region.token_a, image, *wanted, label="MEASUREMENTS")
    assert len(answer.json()["sop_instance_uids"]) == 2
    said = marks.last_document(server, region.token_a, image, GREY)
    assert said.ModalityLUTSequence[0].ModalityLUTType == "OD"
    assert "RescaleSlope" not in said
    assert _faults(file_of(said), tmp_path) == []
    drawn = _drawn(server, region, image, tmp_path).astype(int)
    assert np.abs(drawn - np.arange(SIDE * SIDE)[::-1].reshape(SIDE, SIDE)).max() <= 2


def test_a_state_of_highdicom_is_read(server: Server, region: Region, study: list[Image]) -> None:
    picture = dcmread(BytesIO(marks.fetched(server, region.token_a, study[0], study[0].series, study[0].uid)))
    picture.PatientBirthDate, picture.StudyID, picture.AccessionNumber = "19710610", "S1", ""
    layer = pr.GraphicLayer("LAYER1", 1)
    drawn = pr.GraphicObject("POLYLINE", np.array([[1.0, 1.0], [9.0, 9.0]]), units="PIXEL")
    written = pr.TextObject("here", units="PIXEL", anchor_point=(3.0, 4.0))
    state = pr.GrayscaleSoftcopyPresentationState(
        [picture],
        series_instance_uid=generate_uid(),
        series_number=5,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="Others",
        manufacturer_model_name="x",
        software_versions="1",
        device_serial_number="1",
        content_label="OTHERS",
        content_creator_name="Wang^Wei",
        graphic_annotations=[pr.GraphicAnnotation([picture], layer, graphic_objects=[drawn], text_objects=[written])],
        graphic_layers=[layer],
        voi_lut_transformations=[pr.SoftcopyVOILUTTransformation(window_center=40.0, window_width=400.0)],
    )
    store(server, region.token_a, file_of(state))
    (found,) = shown(server, region.token_a, study[0])["presentations"]
    assert (found["label"], found["maker"], found["is_mine"]) == ("OTHERS", "Wang Wei", False)
    assert found["images"] == [
        presented(
            study[0],
            window={"center": 40.0, "width": 400.0},
            graphics=[{"kind": "polyline", "points": [[1, 1], [9, 9]], "is_filled": False}],
            texts=[{"text": "here", "anchor": [3, 4]}],
        )
    ]


def test_a_state_of_dcmtk_is_read(server: Server, region: Region, study: list[Image], tmp_path: Path) -> None:
    picture, state = tmp_path / "image.dcm", tmp_path / "state.dcm"
    picture.write_bytes(marks.fetched(server, region.token_a, study[0], study[0].series, study[0].uid))
    command = [peer_program("dcmpsmk"), str(picture), str(state)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    store(server, region.token_a, state.read_bytes())
    (found,) = shown(server, region.token_a, study[0])["presentations"]
    assert found["images"] == [presented(study[0])]
