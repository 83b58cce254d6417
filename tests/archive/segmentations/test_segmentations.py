"""Segmentations laid over images: on which pixels, in which colour, and what is refused."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import dcmread
from pydicom.dataset import Dataset

from lightwell.archive.derived.parsing import Raw
from lightwell.archive.segmentations.reading import Said, read
from lightwell.standards.dicom.errors import DataSetError
from tests.archive.measurements import marks
from tests.archive.notes import REJECTED, file_of, note, store
from tests.archive.segmentations.scans import SLICES, Array, at, blocks, expected, scan, segmentation
from tests.journeys.images import SIDE, Image, data_set_of, element
from tests.region import Region, Server, running_server


@pytest.fixture(scope="module")
def node() -> Generator[tuple[Server, Region]]:
    """A server of its own."""
    with running_server() as pair:
        yield pair


@pytest.fixture
def images(node: tuple[Server, Region]) -> list[Image]:
    """A scan of hospital A."""
    return scan(*node)


def _put(node: tuple[Server, Region], said: Dataset) -> None:
    store(node[0], node[1].token_a, file_of(said))


def _shown(node: tuple[Server, Region], image: Image) -> list[dict[str, Any]]:
    answer = node[0].get(f"/api/studies/{image.study}/segmentations", node[1].token_a)
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def _fetched(node: tuple[Server, Region], image: Image, uid: str, **headers: str) -> httpx.Response:
    return node[0].get(f"/api/studies/{image.study}/segmentations/{uid}/labels", node[1].token_a, **headers)


def _maps(node: tuple[Server, Region], image: Image, told: dict[str, Any]) -> Array:
    answer = _fetched(node, image, told["sop_instance_uid"])
    assert answer.status_code == 200, answer.text
    return np.frombuffer(answer.content, np.uint8).reshape(len(told["images"]), told["rows"], told["columns"])


def test_a_study_without_segmentations_has_none(node: tuple[Server, Region], images: list[Image]) -> None:
    assert _shown(node, images[0]) == []


@pytest.mark.hazard("H-33")
def test_each_pixel_is_of_the_segment_that_it_was_made_of(node: tuple[Server, Region], images: list[Image]) -> None:
    masks = blocks(3)
    _put(node, segmentation(images, masks))
    (told,) = _shown(node, images[0])
    assert [one["sop_instance_uid"] for one in told["images"]] == [image.uid for image in images]
    assert {one["frame"] for one in told["images"]} == {1}
    assert (told["label"], told["description"]) == ("LIVER", "Liver segmentation")
    assert told["source_series_uid"] == images[0].series
    assert (told["has_overlaps"], told["is_fractional"], told["absent"], told["refusal"]) == (False, False, 0, "")
    first, second, _ = told["segments"]
    assert first == {
        "number": 1,
        "label": "part 1",
        "description": "",
        "colour": [255, 255, 255],
        "algorithm": "AUTOMATIC LiverNet",
        "category": "Organ",
        "type": "Liver",
    }
    assert second["colour"] == [86, 180, 233]
    assert np.array_equal(_maps(node, images[0], told), expected(masks))


def test_where_segments_overlap_the_highest_number_holds_and_it_is_said(
    node: tuple[Server, Region], images: list[Image]
) -> None:
    masks = blocks(2, overlap=3)
    _put(node, segmentation(images, masks))
    (told,) = _shown(node, images[0])
    assert told["has_overlaps"]
    assert np.array_equal(_maps(node, images[0], told), expected(masks))


def test_of_fractions_half_belongs_to_the_segment(node: tuple[Server, Region], images: list[Image]) -> None:
    fractions = np.zeros((SLICES, SIDE, SIDE), np.float32)
    fractions[:, :, 4:8], fractions[:, :, 8:] = 0.4, 0.6
    _put(node, segmentation(images, fractions[..., None], "FRACTIONAL", max_fractional_value=100))
    (told,) = _shown(node, images[0])
    assert told["is_fractional"]
    assert np.array_equal(_maps(node, images[0], told), (fractions >= 0.5).astype(np.uint8))


def test_label_maps_are_taken_as_they_are(node: tuple[Server, Region], images: list[Image]) -> None:
    numbers = expected(blocks(3))
    _put(node, segmentation(images, numbers, "LABELMAP"))
    (told,) = _shown(node, images[0])
    assert [one["number"] for one in told["segments"]] == [1, 2, 3]
    assert np.array_equal(_maps(node, images[0], told), numbers)


def _without_references(said: Dataset) -> None:
    del said.ReferencedSeriesSequence
    for groups in (*said.PerFrameFunctionalGroupsSequence, *said.SharedFunctionalGroupsSequence):
        groups.pop("DerivationImageSequence", None)


@pytest.mark.hazard("H-33")
def test_frames_that_name_no_image_lie_on_the_one_at_their_place(
    node: tuple[Server, Region], images: list[Image]
) -> None:
    masks = blocks(2)
    said = segmentation(images, masks)
    _without_references(said)
    _put(node, said)
    (told,) = _shown(node, images[0])
    assert [one["sop_instance_uid"] for one in told["images"]] == [image.uid for image in images]
    assert told["source_series_uid"] == images[0].series
    assert np.array_equal(_maps(node, images[0], told), expected(masks))


def test_frames_of_images_that_are_not_there_are_counted(node: tuple[Server, Region], images: list[Image]) -> None:
    masks = blocks(1)
    said = segmentation(images, masks)
    for groups in said.PerFrameFunctionalGroupsSequence[:1]:
        groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID = "1.2.3"
        groups.PlanePositionSequence[0].ImagePositionPatient = [0, 0, 500]
    _put(node, said)
    (told,) = _shown(node, images[0])
    assert (len(told["images"]), told["absent"], told["refusal"]) == (SLICES - 1, 1, "")
    assert np.array_equal(_maps(node, images[0], told), expected(masks)[1:])


def _moved(said: Dataset) -> None:
    for groups in said.PerFrameFunctionalGroupsSequence:
        x, y, z = groups.PlanePositionSequence[0].ImagePositionPatient
        groups.PlanePositionSequence[0].ImagePositionPatient = [x + 1, y, z]


def _mirrored(said: Dataset) -> None:
    (shared,) = said.SharedFunctionalGroupsSequence
    shared.PlaneOrientationSequence[0].ImageOrientationPatient = [-1, 0, 0, 0, 1, 0]


def _wider(said: Dataset) -> None:
    (shared,) = said.SharedFunctionalGroupsSequence
    shared.PixelMeasuresSequence[0].PixelSpacing = [0.5, 0.5]


def _narrower(said: Dataset) -> None:
    said.Columns = SIDE // 2


def _elsewhere(said: Dataset) -> None:
    _without_references(said)
    for groups in said.PerFrameFunctionalGroupsSequence:
        groups.PlanePositionSequence[0].ImagePositionPatient = [0, 0, 500]


@pytest.mark.hazard("H-33")
@pytest.mark.parametrize("change", [_moved, _mirrored, _wider, _narrower, _elsewhere])
def test_what_does_not_lie_on_the_pixels_of_images_is_refused(
    node: tuple[Server, Region], images: list[Image], change: Callable[[Dataset], None]
) -> None:
    said = segmentation(images, blocks(1))
    change(said)
    _put(node, said)
    (told,) = _shown(node, images[0])
    assert (told["refusal"], told["images"]) == ("grid", [])
    assert _fetched(node, images[0], told["sop_instance_uid"]).status_code == 415


def test_one_whose_images_are_not_there_says_so(node: tuple[Server, Region], images: list[Image]) -> None:
    said = segmentation(images, blocks(1))
    said.StudyInstanceUID = f"{images[0].study}.9"
    _put(node, said)
    answer = node[0].get(f"/api/studies/{said.StudyInstanceUID}/segmentations", node[1].token_a)
    assert [one["refusal"] for one in answer.json()] == ["no_images"]


def test_maps_are_compressed_for_who_takes_that(node: tuple[Server, Region], images: list[Image]) -> None:
    _put(node, segmentation(images, blocks(1)))
    (told,) = _shown(node, images[0])
    zipped = _fetched(node, images[0], told["sop_instance_uid"], **{"Accept-Encoding": "gzip"})
    plain = _fetched(node, images[0], told["sop_instance_uid"], **{"Accept-Encoding": "identity"})
    assert (zipped.headers["content-encoding"], zipped.content) == ("gzip", plain.content)
    assert "content-encoding" not in plain.headers
    assert len(plain.content) == SLICES * SIDE * SIDE


def test_a_rejected_or_broken_one_hides_no_other(node: tuple[Server, Region], images: list[Image]) -> None:
    good, rejected, broken = (segmentation(images, blocks(1)) for _ in range(3))
    _put(node, good)
    _put(node, rejected)
    uid = str(rejected.SOPInstanceUID)
    store(node[0], node[1].token_a, file_of(note(images[0].study, [(uid, [])], REJECTED, kind=rejected.SOPClassUID)))
    store(node[0], node[1].token_a, file_of(broken).replace(b"\x62\x00\x02\x00SQ", b"\x62\x00\x02\x00OB"))
    told = {one["sop_instance_uid"]: one["refusal"] for one in _shown(node, images[0])}
    assert told == {good.SOPInstanceUID: "", broken.SOPInstanceUID: "unreadable"}
    answer = _fetched(node, images[0], str(broken.SOPInstanceUID))
    assert (answer.status_code, answer.json()["code"]) == (422, "undecodable")


def _one_frame_less(said: Dataset) -> None:
    said.NumberOfFrames = int(said.NumberOfFrames) - 1


def _one_description_less(said: Dataset) -> None:
    said.PerFrameFunctionalGroupsSequence.pop()


def _no_rows(said: Dataset) -> None:
    said.Rows = 0


def _segment_0(said: Dataset) -> None:
    identified = said.PerFrameFunctionalGroupsSequence[0].SegmentIdentificationSequence[0]
    identified.ReferencedSegmentNumber = 0


def _segment_256(said: Dataset) -> None:
    identified = said.PerFrameFunctionalGroupsSequence[0].SegmentIdentificationSequence[0]
    identified.ReferencedSegmentNumber = 256


@pytest.mark.hazard("H-33")
@pytest.mark.parametrize(
    ("change", "refusal", "status"),
    [
        (_one_frame_less, "unreadable", 422),
        (_one_description_less, "unreadable", 422),
        (_no_rows, "unreadable", 422),
        (_segment_0, "unreadable", 422),
        (_segment_256, "too_large", 415),
    ],
)
def test_an_odd_one_says_so_and_hides_no_other(
    node: tuple[Server, Region], images: list[Image], change: Callable[[Dataset], None], refusal: str, status: int
) -> None:
    good, odd = (segmentation(images, blocks(2)) for _ in range(2))
    change(odd)
    _put(node, good)
    _put(node, odd)
    told = {one["sop_instance_uid"]: one["refusal"] for one in _shown(node, images[0])}
    assert told == {good.SOPInstanceUID: "", odd.SOPInstanceUID: refusal}
    assert _fetched(node, images[0], str(odd.SOPInstanceUID)).status_code == status


def test_another_object_is_no_segmentation(node: tuple[Server, Region], images: list[Image]) -> None:
    assert _fetched(node, images[0], images[0].uid).status_code == 415
    assert _fetched(node, images[0], "1.2.3").status_code == 404


@pytest.mark.hazard("H-04")
def test_another_hospital_sees_none(node: tuple[Server, Region], images: list[Image]) -> None:
    said = segmentation(images, blocks(1))
    _put(node, said)
    address = f"/api/studies/{images[0].study}/segmentations"
    assert node[0].get(address, node[1].token_b).status_code == 404
    assert node[0].get(f"{address}/{said.SOPInstanceUID}/labels", node[1].token_b).status_code == 404


def _source(said: Dataset, frame: int) -> Image:
    """Return an image as the segmentation says that it was made of it."""
    groups, (shared,) = said.PerFrameFunctionalGroupsSequence[frame], said.SharedFunctionalGroupsSequence
    uid = groups.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
    position = "\\".join(map(str, groups.PlanePositionSequence[0].ImagePositionPatient))
    orientation = "\\".join(map(str, shared.PlaneOrientationSequence[0].ImageOrientationPatient))
    spacing = "\\".join(map(str, shared.PixelMeasuresSequence[0].PixelSpacing))
    further = ((0x00200032, position), (0x00200037, orientation), (0x00280030, spacing))
    return Image(
        uid,
        said.StudyInstanceUID,
        said.ReferencedSeriesSequence[0].SeriesInstanceUID,
        pixels=bytes(said.Rows * said.Columns * 2),
        further=tuple((tag, b"DS", text.encode()) for tag, text in further),
    )


@pytest.mark.parametrize("name", ["liver", "liver_j2k", "liver_deflate", "liver_nonbyte_aligned_rle"])
def test_a_real_one_in_every_form(shared_data: Path, name: str) -> None:
    path = shared_data / f"dicom/pydicom-data/{name}.dcm"
    said = dcmread(path)
    plain = dcmread(path.with_stem(name.removesuffix("_j2k").removesuffix("_deflate").removesuffix("_rle")))
    sizes = {0x00280010: said.Rows, 0x00280011: said.Columns}
    with running_server() as node:
        for frame in range(int(said.NumberOfFrames)):
            image = _source(said, frame)
            content = marks.file_of_image(image)
            for tag, size in sizes.items():
                whole = element(tag, b"US", SIDE.to_bytes(2, "little"))
                content = content.replace(whole, element(tag, b"US", int(size).to_bytes(2, "little")))
            store(node[0], node[1].token_a, content)
        store(node[0], node[1].token_a, path.read_bytes())
        (told,) = _shown(node, image)
        assert (told["refusal"], told["absent"]) == ("", 0)
        order = [one["sop_instance_uid"] for one in told["images"]]
        pixels = dict(zip((_source(said, frame).uid for frame in range(len(order))), plain.pixel_array, strict=True))
        assert np.array_equal(_maps(node, image, told), np.stack([pixels[uid] for uid in order]))


def _whole() -> bytes:
    wanted = [Image(f"1.2.3.{place}", "1.2", "1.2.3") for place in range(SLICES)]
    return data_set_of(file_of(_plain(wanted)))


def _plain(wanted: list[Image]) -> Dataset:
    further = (*marks.FURTHER, marks.SPACING)
    placed = [at(Image(one.uid, one.study, one.series, further=further), 2.0 * n) for n, one in enumerate(wanted)]
    return segmentation(placed, blocks(2))


@pytest.mark.filterwarnings("ignore")
def test_whatever_the_bytes_only_one_error_comes() -> None:
    whole = _whole()
    assert len(read(Raw(whole, is_explicit=True, is_little_endian=True)).segments) == 2

    @settings(max_examples=200, deadline=None)
    @given(st.data())
    def only_one_error(data: st.DataObject) -> None:
        broken = bytearray(whole)
        for _ in range(data.draw(st.integers(0, 4))):
            broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
        cut = data.draw(st.integers(0, len(broken)))
        try:
            said = read(Raw(bytes(broken[:cut]), is_explicit=True, is_little_endian=True))
        except DataSetError:
            return
        assert isinstance(said, Said)

    only_one_error()
