"""The demo region: three hospitals, their people, and real images with invented patients.

The images lie in ``demo_images`` with their licences. The names, numbers and dates put into them are invented; nobody
in the pictures is called so.
"""

import asyncio
import io
import tempfile
import uuid
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import click
import pydicom

from lightwell import archive
from lightwell.app.node import Node
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.net.dicom_record import Announcer, Recording
from lightwell.core.net.dicom_scu import call
from lightwell.core.tx import Tx
from lightwell.standards.dicom.dimse import c_store_rq
from lightwell.standards.dicom.items import PresentationContext
from lightwell.standards.dicom.part10 import read_file_meta
from lightwell.standards.dicom.pdu import AssociateRq

PASSWORD: Final = "lightwell-demo"  # noqa: S105 -- printed for whoever tries the demo
SENDER: Final = "DEMO_CT"


@dataclass(frozen=True, slots=True)
class Hospital:
    """A hospital of the demo region, its people and how its own machine calls."""

    code: str
    name: str
    name_en: str
    calling_ae: str
    people: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Study:
    """A set of demo images and the invented patient that it is given."""

    folder: str
    hospital: str
    patient_id: str
    name: str
    sex: str
    birth_date: str
    date: str
    time: str
    accession_number: str
    description: str
    is_prior: bool = False


HOSPITALS: Final = (
    Hospital("liangjiang", "两江县人民医院", "Liangjiang County Hospital", SENDER, (("chen", "陈医生", "reader"),)),
    Hospital("yunling", "云岭市中医院", "Yunling City Hospital", "YUNLING_CT", (("yang", "杨医生", "reader"),)),
    Hospital("centre", "西南区域影像中心", "Regional Imaging Centre", "CENTRE", (("wang", "王主任", "reader"),)),
)
STUDIES: Final = (
    Study("ct-head", "liangjiang", "LJ204518", "Li^Donghua=李^东华", "M", "19580312", "20261121", "083015",
          "CT2611210007", "头颅CT平扫"),
    Study("ct-head", "liangjiang", "LJ204518", "Li^Donghua=李^东华", "M", "19580312", "20260508", "101500",
          "CT2605080031", "头颅CT平扫", is_prior=True),
    Study("mr", "liangjiang", "LJ198830", "Zhang^Xin=张^鋅", "F", "19790705", "20261120", "141200",
          "MR2611200031", "右肩关节MR平扫"),
    Study("cr", "yunling", "YL77120", "Maimaiti^Tuerxun=买买提·吐尔逊", "M", "20110916", "20261122", "101530",
          "CR2611220102", "左胫骨正侧位"),
    Study("us", "yunling", "YL80233", "Yang^Guan=楊^觀", "F", "19921130", "20261119", "160745",
          "US2611190044", "腹部彩超"),
    Study("ct-abdomen", "liangjiang", "LJ211906", "Wang^Xiaodong=王^小东", "M", "19661224", "20261123", "073322",
          "CT2611230002", "上腹部CT增强"),
)  # fmt: skip
BY_WIRE: Final = STUDIES[-1]
_PRIOR: Final = uuid.UUID("6f7b1d0e-52e3-5a0c-8b1e-6d3f8a9c2b41")


async def prepare(node: Node) -> bool:
    """Fill an empty data directory with the demo region and return whether that was needed."""
    async with node.machines.transactions.begin(house()) as tx:
        is_new = not await accounts.organisations(tx)
    if is_new:
        click.echo("setting up the demo region: three hospitals, real images, invented patients")
        await _people(node)
        (node.machines.settings.data_dir / "demo").touch()
    return is_new


async def fill(node: Node) -> None:
    """Bring the images in: most from files, one study over the wire as a CT would send it."""
    async with node.machines.transactions.begin(house()) as tx:
        ids = {item.code: item.id for item in await accounts.organisations(tx)}
    for study in STUDIES:
        files = await asyncio.to_thread(_files, study)
        if study is BY_WIRE:
            await _send(node, files)
        else:
            await _import(node, archive.Source(ids[study.hospital], "demo"), files)
        way = "by C-STORE" if study is BY_WIRE else "from files"
        click.echo(f"  {study.description}: {len(files)} images {way}")


async def _import(node: Node, source: archive.Source, files: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as name:
        for number, content in enumerate(files):
            (Path(name) / f"{number:03}.dcm").write_bytes(content)
        async for _ in archive.import_folder(node.room.intake, source, Path(name)):
            pass


async def _send(node: Node, files: list[bytes]) -> None:
    metas = [read_file_meta(content) for content in files]
    context = PresentationContext(1, metas[0].sop_class_uid, (metas[0].transfer_syntax_uid,))
    request = AssociateRq(node.machines.settings.ae_title, SENDER, (context,))
    async with call("127.0.0.1", node.ports.dicom, request, Recording(Announcer(), is_ours=True)) as peer:
        for number, (meta, content) in enumerate(zip(metas, files, strict=True), start=1):
            command = c_store_rq(meta.sop_class_uid, meta.sop_instance_uid, number)
            await peer.ask(1, command, [content[meta.data_set_offset :]])


def tell(node: Node) -> None:
    """Print where to go and who may sign in."""
    settings, ports = node.machines.settings, node.ports
    web = f"https://{settings.bind}:{ports.https}" if ports.https else f"http://{settings.bind}:{ports.http}"
    names = [("admin", "管理员, all three hospitals")]
    names += [(person[0], f"{person[1]}, {hospital.name}") for hospital in HOSPITALS for person in hospital.people]
    lines = [f"  open     {web}", *(f"  sign in  {name} / {PASSWORD}  ({who})" for name, who in names)]
    lines.append(f"  send to  {settings.ae_title}@{settings.bind}:{ports.dicom}  (any calling AE title from here)")
    click.echo("\n".join(lines))


async def _people(node: Node) -> None:
    async with node.machines.transactions.begin(NOBODY) as nobody:
        ids = {h.code: await accounts.create_organisation(nobody, h.code, h.name, h.name_en) for h in HOSPITALS}
        tx = await nobody.become(house(*ids.values()))
        administrator = await accounts.create(tx, "admin", PASSWORD, display_name="管理员")
        for hospital in HOSPITALS:
            await accounts.join(tx, administrator, ids[hospital.code], "administrator")
            await _join(tx, hospital, ids[hospital.code])
            await _peers(tx, node, hospital, ids[hospital.code])


async def _join(tx: Tx, hospital: Hospital, organisation_id: int) -> None:
    for username, name, role in hospital.people:
        number = await accounts.create(tx, username, PASSWORD, display_name=name)
        await accounts.join(tx, number, organisation_id, role)


async def _peers(tx: Tx, node: Node, hospital: Hospital, organisation_id: int) -> None:
    called = node.machines.settings.ae_title
    await archive.add_peer(tx, organisation_id, hospital.name, called, hospital.calling_ae, network="127.0.0.0/8")
    if hospital is HOSPITALS[0]:
        await archive.add_peer(tx, organisation_id, "本机任意设备", called, "*", network="127.0.0.0/8")


def _files(study: Study) -> list[bytes]:
    folder = resources.files("lightwell.app") / "demo_images" / study.folder
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".dcm"))
    return [_named((folder / name).read_bytes(), study) for name in names]


def _named(content: bytes, study: Study) -> bytes:
    """Return an image as a file with the invented patient in it."""
    data_set = pydicom.dcmread(io.BytesIO(content))  # pyright: ignore[reportUnknownMemberType]
    values = {
        "SpecificCharacterSet": "GB18030",
        "PatientName": study.name,
        "PatientID": study.patient_id,
        "PatientSex": study.sex,
        "PatientBirthDate": study.birth_date,
        "StudyDate": study.date,
        "StudyTime": study.time,
        "SeriesDate": study.date,
        "SeriesTime": study.time,
        "AccessionNumber": study.accession_number,
        "StudyDescription": study.description,
        "ReferringPhysicianName": "Chen^Jun=陈^军",
    }
    for keyword, value in values.items():
        setattr(data_set, keyword, value)
    if study.is_prior:  # the same images once more: an earlier examination to compare with
        for keyword in ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "FrameOfReferenceUID"):
            setattr(data_set, keyword, f"2.25.{uuid.uuid5(_PRIOR, str(data_set[keyword].value)).int}")
        data_set.file_meta.MediaStorageSOPInstanceUID = data_set.SOPInstanceUID
    target = io.BytesIO()
    data_set.save_as(target)
    return target.getvalue()
