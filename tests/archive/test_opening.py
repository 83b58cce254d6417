"""Opening a study: one answer holds what a viewer needs for its first picture."""

import base64
import io
import re
import struct
from collections.abc import Generator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import imagecodecs
import numpy as np
import pydicom
import pytest
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate

from lightwell.archive.pack import Pack, preview_in
from lightwell.archive.picturing import picture_of
from lightwell.imaging import preparing
from lightwell.imaging.form import Codec, PixelForm
from lightwell.imaging.look import Look, Window
from lightwell.imaging.picture import Picture, PictureFormat
from lightwell.imaging.rendering import render
from lightwell.standards.dicom import uids
from tests.archive.notes import REJECTED, choose, file_of, note, store
from tests.archive.shelf import Shelf
from tests.archive.test_picturing import AtOnce
from tests.journeys.images import SIDE, Image, find, images, send
from tests.region import Region, Server, running_server, wait_for

_BRANCHES = count(8900)
_MONOCHROME = (0x00280004, b"CS", b"MONOCHROME2")
_WINDOW = ((0x00281050, b"DS", b"100"), (0x00281051, b"DS", b"200"))
_PLACE = (
    (0x00200032, b"DS", b"-100\\-80.5\\12"),
    (0x00200037, b"DS", b"1\\0\\0\\0\\1\\0"),
    (0x00280030, b"DS", b"0.7\\0.7"),
)
_FORM = PixelForm(SIDE, SIDE, 1, 16, 12, is_signed=False, photometric="MONOCHROME2")
_READS = "SELECT count(*) FROM core.audit WHERE subject = %s AND actor_name = 'user-a' AND screen = 'images'"
_PREPARED = (
    "SELECT 1 FROM archive.prepared AS p JOIN archive.series AS x ON x.id = p.series_id"
    " AND x.instance_count = p.instance_count WHERE x.series_instance_uid = %s AND x.instance_count = %s"
)


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own, where studies fall quiet at once."""
    with running_server(study_quiet_s=1) as pair:
        yield pair


def _slices(number: int) -> list[Image]:
    """Return slices of a series, each brighter than the one before, in a window from 0 to 200."""
    branch = next(_BRANCHES)
    made = images(number, branch, further=(_MONOCHROME, *_WINDOW, *_PLACE), patient_id=f"OPEN-{branch}")
    return [replace(image, shade=40 * n) for n, image in enumerate(made)]


@pytest.fixture
def study(node: tuple[Server, Region]) -> list[Image]:
    """A study of five slices."""
    slices = _slices(5)
    assert send(node[0], *slices) == [0] * 5
    return slices


def _open(node: tuple[Server, Region], study: str, token: str = "", **query: object) -> httpx.Response:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return node[0].get(f"/api/studies/{study}/opening?{asked}", token or node[1].token_a)


def _first(node: tuple[Server, Region], study: str, **query: object) -> dict[str, Any]:
    answer = _open(node, study, **query)
    assert answer.status_code == 200, answer.text
    return dict(answer.json()["first"])


def _uid(first: dict[str, Any]) -> str:
    return str(first["dataset"]["00080018"]["Value"][0])


def _pixels(first: dict[str, Any]) -> NDArray[Any]:
    return np.asarray(imagecodecs.imread(io.BytesIO(base64.b64decode(first["picture"]))))


def _post(node: tuple[Server, Region], study: str, syntax: str = uids.ExplicitVRLittleEndian, **values: Any) -> None:
    """Store an object in a series of its own."""
    data_set = Dataset()
    data_set.SOPClassUID, data_set.SOPInstanceUID = uids.CTImageStorage, f"{study}.7.1"
    data_set.StudyInstanceUID, data_set.SeriesInstanceUID = study, f"{study}.7"
    data_set.PatientID, data_set.PatientName, data_set.Modality = "OPEN", "Test^Opening", "CT"
    for keyword, value in values.items():
        setattr(data_set, keyword, value)
    store(node[0], node[1].token_a, file_of(data_set, syntax))


def _shape(rows: int = SIDE, columns: int = SIDE) -> dict[str, Any]:
    shape = {"Rows": rows, "Columns": columns, "SamplesPerPixel": 1, "PhotometricInterpretation": "MONOCHROME2"}
    return shape | {"BitsAllocated": 16, "BitsStored": 12, "HighBit": 11, "PixelRepresentation": 0}


# -- what is told -----------------------------------------------------------------------------------------------------


def test_study_and_series_are_told_as_a_search_tells_them(node: tuple[Server, Region], study: list[Image]) -> None:
    other = Image(f"{study[0].study}.0.1", study[0].study, f"{study[0].study}.0", patient_id=study[0].patient_id)
    numbered = Image(other.uid, other.study, other.series, further=((0x00200011, b"IS", b"3"), _MONOCHROME))
    assert send(node[0], numbered) == [0]
    told = _open(node, study[0].study).json()
    assert told["study"] == find(node[0], node[1].token_a, StudyInstanceUID=study[0].study)[0]
    assert told["series"] == find(node[0], node[1].token_a, f"{study[0].study_address}/series")
    assert [len(item["00201209"]["Value"]) for item in told["series"]] == [1, 1]


def test_the_middle_image_comes_with_its_picture_and_how_it_is_drawn(
    node: tuple[Server, Region], study: list[Image]
) -> None:
    first = _first(node, study[0].study)
    assert (_uid(first), first["frame"], first["index"]) == (study[2].uid, 1, 2)
    assert abs(float(np.mean(_pixels(first))) - 80 / 200 * 255) <= 3
    (metadata,) = node[0].get(f"{study[2].address}/metadata", node[1].token_a).json()
    for tag in ("00080060", "0020000D", "0020000E", "00200013", "00200032", "00200037", "00280030", "00281051"):
        assert first["dataset"][tag] == metadata[tag]
    for tag in ("00280002", "00280004", "00280010", "00280011", "00280100", "00280101"):
        assert first["dataset"][tag] == metadata[tag]
    assert "00100010" not in first["dataset"], "who the patient is stands in the study"


def test_an_image_is_asked_for(node: tuple[Server, Region], study: list[Image]) -> None:
    wanted = study[4]
    for query in ({"instance": wanted.uid}, {"instance": wanted.uid, "series": wanted.series, "frame": 1}):
        first = _first(node, wanted.study, **query)
        assert (_uid(first), first["frame"], first["index"]) == (wanted.uid, 1, 4)
    assert _uid(_first(node, wanted.study, series=wanted.series)) == study[2].uid


@pytest.mark.parametrize(
    "query", [{"instance": "1.2.3"}, {"series": "1.2.3"}, {"frame": 2}, {"frame": 0}, {"frame": 1 << 70}]
)
def test_what_is_not_there_is_said(node: tuple[Server, Region], study: list[Image], query: dict[str, object]) -> None:
    answer = _open(node, study[0].study, **query)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert node[0].query(_READS, f"patient/{study[0].patient_id}") == [(0,)]


def test_a_study_that_is_not_there_is_said(node: tuple[Server, Region]) -> None:
    assert _open(node, "1.2.3.4").status_code == 404
    assert _open(node, "%00").status_code == 400
    assert _open(node, "1.2.3.4", frame="x").status_code == 400


@pytest.mark.hazard("H-04")
def test_another_hospital_sees_nothing(node: tuple[Server, Region], study: list[Image]) -> None:
    assert _open(node, study[0].study, node[1].token_b).status_code == 404
    assert _open(node, study[0].study, "lw_nobody").status_code == 401


@pytest.mark.hazard("H-01")
def test_two_studies_are_never_told_as_one(node: tuple[Server, Region], study: list[Image]) -> None:
    (other,) = _slices(1)
    assert send(node[0], other) == [0]
    assert _open(node, f"{study[0].study},{other.study}").status_code == 404
    assert _open(node, f"{study[0].study}%5C{other.study}").status_code == 404


@pytest.mark.hazard("H-10")
def test_who_opened_a_study_is_in_the_audit_trail_and_so_are_the_frames_after(
    node: tuple[Server, Region], study: list[Image]
) -> None:
    subject = f"patient/{study[0].patient_id}"
    _first(node, study[0].study)
    assert node[0].query(_READS, subject) == [(1,)]
    window = "SELECT reads FROM core.audit_window WHERE subject = %s AND screen = 'images'"
    ((before,),) = node[0].query(window, subject)
    assert node[0].get(f"{study[2].address}/frames/1", node[1].token_a).status_code == 200
    assert wait_for(lambda: node[0].query(window, subject) == [(before + 1,)], 5)


# -- which image ------------------------------------------------------------------------------------------------------


def test_a_key_image_comes_first_unless_it_was_rejected(node: tuple[Server, Region], study: list[Image]) -> None:
    assert choose(node[0], node[1].token_a, study[4]).status_code == 204
    first = _first(node, study[0].study)
    assert (_uid(first), first["index"]) == (study[4].uid, 4)
    store(node[0], node[1].token_a, file_of(note(study[0].study, [(study[4].uid, [])], REJECTED)))
    assert _uid(_first(node, study[0].study)) == study[2].uid


def test_the_frame_that_was_pointed_at_comes_first(node: tuple[Server, Region]) -> None:
    pixels = b"".join(struct.pack("<H", shade) * SIDE * SIDE for shade in (0, 100, 200))
    further = ((0x00280008, b"IS", b"3"), (0x00286010, b"US", struct.pack("<H", 1)), _MONOCHROME, *_WINDOW)
    (image,) = images(1, next(_BRANCHES), pixels=pixels, further=further)
    assert send(node[0], image) == [0]
    first = _first(node, image.study)
    assert (first["frame"], round(float(np.mean(_pixels(first))))) == (1, 0)
    assert choose(node[0], node[1].token_a, image, frame=3).status_code == 204
    first = _first(node, image.study)
    assert (first["frame"], float(np.mean(_pixels(first))) > 250) == (3, True)
    assert _first(node, image.study, frame=2)["frame"] == 2


def test_the_longest_series_of_images_stands_for_a_study(node: tuple[Server, Region], study: list[Image]) -> None:
    for number in range(6):
        said = note(study[0].study, [("1.2.3", [])])
        said.SeriesInstanceUID = f"{study[0].study}.9"
        said.SOPInstanceUID = f"{study[0].study}.9.{number}"
        store(node[0], node[1].token_a, file_of(said))
    assert _uid(_first(node, study[0].study)) == study[2].uid


def test_a_study_of_documents_begins_with_no_image(node: tuple[Server, Region]) -> None:
    study = f"1.2.826.0.1.3680043.9.9999.{next(_BRANCHES)}"
    said = note(study, [("1.2.3", [])])
    store(node[0], node[1].token_a, file_of(said))
    told = _open(node, study).json()
    assert (told["first"], len(told["series"])) == (None, 1)
    first = _first(node, study, instance=said.SOPInstanceUID)
    assert (_uid(first), first["frame"], first["index"], first["picture"]) == (said.SOPInstanceUID, 1, 0, None)
    assert _first(node, study, series=said.SeriesInstanceUID)["picture"] is None


# -- pictures ---------------------------------------------------------------------------------------------------------


def test_of_a_damaged_image_everything_but_the_picture_is_told(node: tuple[Server, Region]) -> None:
    study = f"1.2.826.0.1.3680043.9.9999.{next(_BRANCHES)}"
    _post(node, study, uids.JPEG2000Lossless, **_shape(), PixelData=encapsulate([b"no image"]))
    first = _first(node, study)
    assert (first["picture"], first["dataset"]["00280010"]["Value"]) == (None, [SIDE])


def test_of_an_image_that_is_gone_the_index_tells(node: tuple[Server, Region], study: list[Image]) -> None:
    assert _first(node, study[0].study)["picture"]
    ((blob,),) = node[0].query("SELECT blob FROM archive.instance WHERE sop_instance_uid = %s", study[2].uid)
    (node[0].settings.data_dir / "objects" / blob).unlink()
    first = _first(node, study[0].study)
    assert (_uid(first), first["picture"], first["dataset"]["00080060"]["Value"]) == (study[2].uid, None, ["CT"])


def test_a_large_image_is_shown_in_a_small_picture(node: tuple[Server, Region]) -> None:
    study = f"1.2.826.0.1.3680043.9.9999.{next(_BRANCHES)}"
    ramp = np.repeat(np.arange(1200, dtype="<u2"), 800)
    _post(node, study, **_shape(1200, 800), PixelData=ramp.tobytes(), WindowCenter=600, WindowWidth=1200)
    pixels = _pixels(_first(node, study))
    assert pixels.shape == (512, 341)
    assert np.all(np.abs(np.diff(pixels[:, 170].astype(int))) <= 2), "a ramp"


def test_how_a_frame_of_an_enhanced_image_is_drawn_is_told_like_that_of_a_plain_one(
    node: tuple[Server, Region],
) -> None:
    study = f"1.2.826.0.1.3680043.9.9999.{next(_BRANCHES)}"
    shared, measures, windows = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing = [0.5, 0.5]
    windows.WindowCenter, windows.WindowWidth = 40, 400
    shared.PixelMeasuresSequence, shared.FrameVOILUTSequence = [measures], [windows]
    frames: list[Dataset] = []
    for number in range(3):
        frame, position = Dataset(), Dataset()
        position.ImagePositionPatient = [0, 0, number]
        frame.PlanePositionSequence = [position]
        frames.append(frame)
    _post(
        node,
        study,
        **_shape(),
        NumberOfFrames=3,
        SharedFunctionalGroupsSequence=[shared],
        PerFrameFunctionalGroupsSequence=frames,
        PixelData=bytes(SIDE * SIDE * 6),
    )
    for frame in (1, 3):
        told = _first(node, study, frame=frame)["dataset"]
        assert told["00200032"]["Value"] == [0, 0, frame - 1]
        assert (told["00280030"]["Value"], told["00281051"]["Value"]) == ([0.5, 0.5], [400])
        assert told["00280008"]["Value"] == [3]


def test_of_a_prepared_series_the_preview_is_shown(node: tuple[Server, Region]) -> None:
    noise = np.random.default_rng(89)
    further = (_MONOCHROME, (0x00281050, b"DS", b"2048"), (0x00281051, b"DS", b"4096"))
    made = images(3, next(_BRANCHES), further=further)
    slices = [replace(image, pixels=noise.integers(0, 4096, SIDE * SIDE, "u2").tobytes()) for image in made]
    assert set(send(node[0], *slices)) == {0}
    assert wait_for(lambda: bool(node[0].query(_PREPARED, slices[0].series, 3)), 40)
    first = _first(node, slices[0].study)
    previews = node[0].get(f"/api/studies/{slices[1].study}/series/{slices[1].series}/previews", node[1].token_a)
    preview = preview_in(lambda at, size: previews.content[at : at + size], slices[1].uid, 0)
    look, small = Look(window=Window(2048, 4096)), Picture(quality=55)
    assert _uid(first) == slices[1].uid
    assert base64.b64decode(first["picture"]) == render(preview, _FORM, Codec.HTJ2K, look, small)
    frame = node[0].get(f"{slices[1].address}/frames/1", node[1].token_a, accept="image/jphc")
    assert first["length"] == len(frame.content) > 0
    assert first["previews_length"] == len(previews.content)
    page = node[0].get(f"/view/{slices[1].study}", node[1].token_a).text
    assert re.findall(r'<script type="text/plain" id="first-frame">(.*)</script>', page) == [
        base64.b64encode(frame.content).decode()
    ]
    assert 'id="opening" data-has-frame>' in page


def test_previews_are_found_by_image_and_frame() -> None:
    file = io.BytesIO()
    pack = Pack(file)
    pack.begin([], b"")
    for uid, made in (("1.1", [b"a", b"bb"]), ("1.2", [b""]), ("1.3", [b"ccc"])):
        pack.begin_image(uid)
        pack.add([(b"frame", preview) for preview in made])
    places = pack.finish()
    previews = file.getvalue()[places.frames_end :]

    def read(offset: int, length: int) -> bytes:
        return previews[offset : offset + length]

    asked = [("1.1", 0), ("1.1", 1), ("1.2", 0), ("1.3", 0), ("1.1", 2), ("9", 0)]
    assert [preview_in(read, *item) for item in asked] == [b"a", b"bb", b"", b"ccc", b"", b""]


@pytest.mark.parametrize(
    ("kind", "is_used"),
    [("window", True), ("nothing", True), ("padding", False), ("padding and window", True), ("palette", False)],
)
async def test_a_preview_is_shown_only_where_that_looks_the_same(tmp_path: Path, kind: str, is_used: bool) -> None:  # noqa: FBT001
    data_set = Dataset()
    data_set.SOPClassUID, data_set.SOPInstanceUID = uids.CTImageStorage, "1.2.3"
    for keyword, value in (_shape() | {"PixelData": bytes(SIDE * SIDE * 2)}).items():
        setattr(data_set, keyword, value)
    if "window" in kind:
        data_set.WindowCenter, data_set.WindowWidth = 2048, 4096
    if "padding" in kind:
        data_set.PixelPaddingValue = 0
    if kind == "palette":
        data_set.PhotometricInterpretation = "PALETTE COLOR"
    shelf = Shelf(tmp_path, AtOnce())
    row = shelf.put(file_of(data_set))
    white = np.tile(np.array([0, 4095], "<u2"), SIDE * SIDE // 2).tobytes()
    ((_, preview),) = preparing.make_ready([white], _FORM, Codec.NATIVE, with_frames=False)
    png = Picture(PictureFormat.PNG)
    place = shelf.blobs, shelf.machines.compute
    shown = np.asarray(imagecodecs.png_decode(await picture_of(*place, row, 0, png, preview_of=lambda _: preview)))
    assert bool(shown.max() > 200) is is_used
    without = await picture_of(*place, row, 0, png, preview_of=lambda _: b"")
    assert without == await picture_of(*place, row, 0, png)


@pytest.mark.parametrize("syntax", ["JPEG2000L", "JPEGLSLossless", "RLELossless", "YBR422", "Palette.", "Pattern_RGB"])
def test_images_of_other_machines_open(node: tuple[Server, Region], shared_data: Path, syntax: str) -> None:
    path = next((shared_data / "dicom" / "syntaxes").glob(f"*{syntax}*"))
    image = pydicom.dcmread(path)
    image.StudyInstanceUID = f"{image.StudyInstanceUID}.{next(_BRANCHES)}"
    image.SeriesInstanceUID = f"{image.StudyInstanceUID}.1"
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID = f"{image.StudyInstanceUID}.1.1"
    written = io.BytesIO()
    image.save_as(written)
    store(node[0], node[1].token_a, written.getvalue())
    first = _first(node, str(image.StudyInstanceUID))
    assert max(_pixels(first).shape) == min(512, max(image.Rows, image.Columns))
