"""The demo region: three hospitals, their people, and real images with invented patients.

The images lie in ``demo_images`` with their licences. The names, numbers and dates put into them are invented; nobody
in the pictures is called so.
"""

import asyncio
import io
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

import click
import pydicom
from pydicom.dataset import FileDataset

from lightwell import archive
from lightwell.app.node import Node
from lightwell.archive.dimse.c_store import ECHO_AND_STORE
from lightwell.core.actors import NOBODY, house
from lightwell.core.auth import accounts
from lightwell.core.net.dicom_scu import call
from lightwell.core.tx import Tx
from lightwell.standards.dicom import dimse, negotiation

PASSWORD: Final = "lightwell-demo"
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


HOSPITALS: Final = (
    Hospital("liangjiang", "两江县人民医院", "Liangjiang County Hospital", SENDER, (("chen", "陈医生", "reader"),)),
    Hospital("yunling", "云岭市中医院", "Yunling City Hospital", "YUNLING_CT", (("yang", "杨医生", "reader"),)),
    Hospital("centre", "西南区域影像中心", "Regional Imaging Centre", "CENTRE", (("wang", "王主任", "reader"),)),
)
STUDIES: Final = (
    Study("ct-head", "liangjiang", "LJ204518", "Li^Donghua=李^东华", "M", "19580312", "20261121", "083015",
          "CT2611210007", "头颅CT平扫"),
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


async def prepare(node: Node) -> None:
    """Fill an empty data directory with the demo region; one that holds anything is left as it is."""
    marker = node.machines.settings.data_dir / "demo"
    async with node.machines.transactions.begin(house()) as tx:
        is_new = not await accounts.organisations(tx)
    if is_new:
        await _people(node)
        await _images(node)
        marker.touch()
    if marker.exists():
        _tell(node)


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


async def _images(node: Node) -> None:
    await node.room.intake.start()
    async with node.machines.transactions.begin(house()) as tx:
        ids = {item.code: item.id for item in await accounts.organisations(tx)}
    for study in STUDIES:
        if study is BY_WIRE:
            continue
        click.echo(f"  {study.description} → {study.hospital}")
        source = archive.Source(ids[study.hospital], "demo")
        await archive.import_data_sets(node.room.intake, source, await asyncio.to_thread(_files, study))
    await node.room.intake.stop()


def _files(study: Study) -> list[bytes]:
    folder = resources.files("lightwell.app") / "demo_images" / study.folder
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(".dcm"))
    return [_named(pydicom.dcmread(io.BytesIO((folder / name).read_bytes())), study) for name in names]


def _named(data_set: FileDataset, study: Study) -> bytes:
    """Return an image as a file with the invented patient in it."""
    data_set.SpecificCharacterSet = "GB18030"
    data_set.PatientName, data_set.PatientID = study.name, study.patient_id
    data_set.PatientSex, data_set.PatientBirthDate = study.sex, study.birth_date
    data_set.StudyDate = data_set.SeriesDate = study.date
    data_set.StudyTime = data_set.SeriesTime = study.time
    data_set.AccessionNumber, data_set.StudyDescription = study.accession_number, study.description
    data_set.ReferringPhysicianName = "Chen^Jun=陈^军"
    target = io.BytesIO()
    data_set.save_as(target)
    return target.getvalue()
