"""QIDO-RS and C-FIND: how fast studies are found, beside Orthanc and as the archive grows to a million studies.

Row-level security is on; names are searched by pinyin, hanzi and initials among them. A C-FIND is cancelled after 25
matches, as QIDO-RS is asked for 25. ``--quick`` takes a tenth of the studies everywhere.
"""

import argparse
import itertools
import json
import statistics
import tempfile
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg

from bench import peers
from bench.c_store import claim
from bench.searcher import Searcher
from lightwell.archive.keys import keys_of
from lightwell.core.db.embedded import EmbeddedPostgres
from tests.journeys.images import CT, EXPLICIT_LITTLE, Image
from tests.region import Region, Server, running_server
from tests.sender import Sender

_BESIDE = 50_000
_FEW, _MANY = 2_000, 1_000_000
_ROUNDS = 60
_WARM = 3
_SERVICES = ("QIDO-RS", "C-FIND")
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英"
_QUERIES: tuple[Mapping[str, str], ...] = (
    {},
    {"PatientID": "P77"},
    {"PatientName": "zhangw*"},
    {"PatientName": "李*"},
    {"StudyDate": "20260301-20260302"},
    {"StudyInstanceUID": "1.2.3.77"},
)
_NAMES = "CREATE TEMP TABLE name (number integer PRIMARY KEY, name text, keys text[])"
_STUDIES = """
INSERT INTO archive.study (organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, patient_name,
    patient_birth_date, patient_sex, study_date, study_time, study_description, study_id, accession_number,
    referring_physician_name, institution_name, is_charset_repaired, is_open, modalities)
SELECT 1, '1.2.3.' || n, 'P' || n, '', name.name, '', '',
    to_char(date '2025-01-01' + (n::bigint * 7919 %% 690)::integer, 'YYYYMMDD'), lpad((n %% 86400)::text, 6, '0'),
    '', '',
    'A' || n, '', '', false, false, '{CT}'
FROM generate_series(1, %(count)s) AS n JOIN name ON name.number = n %% (SELECT count(*) FROM name)
"""
_NAME_KEYS = """
INSERT INTO archive.study_key
SELECT 1, 'patient_name', key, s.id, s.study_date, s.study_time
FROM archive.study AS s JOIN name ON name.name = s.patient_name, unnest(name.keys) AS key
"""
_OTHER_KEYS = """
INSERT INTO archive.study_key
SELECT 1, 'patient_id', lower(patient_id), id, study_date, study_time FROM archive.study
UNION ALL SELECT 1, 'accession_number', lower(accession_number), id, study_date, study_time FROM archive.study
"""


def _names() -> list[tuple[int, str, list[str]]]:
    names = ["".join(parts) for parts in itertools.product(_SURNAMES, _GIVEN, _GIVEN)]
    return [
        (number, name, sorted(key for kind, key in keys_of("", "", name) if kind == "patient_name"))
        for number, name in enumerate(names)
    ]


def _fill(server: Server, count: int) -> None:
    """Put synthetic studies into the index of a server that is not running."""
    embedded = EmbeddedPostgres(server.settings.data_dir)
    embedded.start()
    with psycopg.connect(embedded.conninfo("lw_owner"), autocommit=True) as owner:
        owner.execute(_NAMES)
        with owner.cursor() as cursor:
            cursor.executemany("INSERT INTO name VALUES (%s, %s, %s)", _names())
        owner.execute("ANALYZE name")
        owner.execute(_STUDIES, {"count": count})
        owner.execute(_NAME_KEYS)
        owner.execute(_OTHER_KEYS)
        owner.execute("VACUUM ANALYZE")
    embedded.stop()


Ask = Callable[[Mapping[str, str]], object]


def _p95_ms(asks: Mapping[str, Ask], rounds: int) -> dict[str, float]:
    """Ask all queries again and again, of each in turn; return the 95th percentile of the milliseconds of an answer."""
    taken: dict[str, list[float]] = {name: [] for name in asks}
    for turn, query, (name, ask) in itertools.product(range(rounds + _WARM), _QUERIES, asks.items()):
        began = time.perf_counter()
        ask(query)
        if turn >= _WARM:
            taken[name].append((time.perf_counter() - began) * 1000)
    return {name: statistics.quantiles(values, n=20)[-1] for name, values in taken.items()}


@contextmanager
def _by_web(url: str, headers: Mapping[str, str]) -> Generator[Ask]:
    with httpx.Client(base_url=url, headers={**headers, "Accept": "application/dicom+json"}, timeout=120) as client:

        def ask(query: Mapping[str, str]) -> None:
            answer = client.get("/dicom-web/studies", params={**query, "limit": "25"})
            assert answer.status_code == 200, answer.text

        yield ask


@contextmanager
def _by_dimse(port: int, called: str) -> Generator[Ask]:
    searcher = Searcher(port, called, "CT_A")
    yield searcher.find
    searcher.release()


@contextmanager
def ours(count: int) -> Generator[dict[str, Ask]]:
    """Lend ways to search so many studies of ours: by QIDO-RS and by C-FIND."""
    with running_server() as (server, region):
        server.stop()
        _fill(server, count)
        server.start()
        with _by_web(server.url, _authorized(region)) as web, _by_dimse(server.dicom_port, "LIGHTWELL") as dimse:
            yield {"QIDO-RS": web, "C-FIND": dimse}


def _authorized(region: Region) -> dict[str, str]:
    return {"Authorization": f"Bearer {region.token_a}"}


def _send_studies(port: int, called: str, numbers: range) -> None:
    names = [name for _, name, _ in _names()]
    sender = Sender(port, [(CT, EXPLICIT_LITTLE)], called=called)
    for number in numbers:
        name = names[number % len(names)].encode("gb18030")
        study = f"1.2.3.{number}"
        image = Image(f"{study}.1.1", study, f"{study}.1", name, f"P{number}", b"GB18030", pixels=bytes(2))
        assert sender.store(CT, image.uid, image.data_set).status == 0
    sender.release()


@contextmanager
def orthanc(count: int) -> Generator[dict[str, Ask]]:
    """Lend ways to search so many studies of Orthanc's."""
    with tempfile.TemporaryDirectory() as name, peers.orthanc_web(Path(name)) as (running, url):
        with ThreadPoolExecutor(2) as pool:
            step = count // 2
            parts = [range(first, first + step) for first in range(1, count, step)]
            list(pool.map(lambda numbers: _send_studies(running.port, running.called, numbers), parts))
        with _by_web(url, {}) as web, _by_dimse(running.port, running.called) as dimse:
            yield {"QIDO-RS": web, "C-FIND": dimse}


def _compared(service: str, archives: Mapping[str, Mapping[str, Ask]], rounds: int) -> list[float]:
    """Measure archives in turn, print what was measured as soon as it was, and return it."""
    found = _p95_ms({name: asks[service] for name, asks in archives.items()}, rounds)
    for name, p95_ms in found.items():
        print(f"{service:<8} {name:<34} p95 {p95_ms:8.2f} ms", flush=True)
    return list(found.values())


def _beside_orthanc(count: int) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    with ours(count) as lightwell, orthanc(count) as peer:
        archives = {f"lightwell, {count:,} studies": lightwell, f"orthanc, {count:,} studies": peer}
        for service in _SERVICES:
            mine, theirs = _compared(service, archives, _ROUNDS // 10)
            claims.append(claim(f"{service} p95 ms beside Orthanc, {count} studies", mine, theirs, 0.1, smaller=True))
    return claims


def _as_it_grows(few: int, many: int) -> list[dict[str, Any]]:
    claims: list[dict[str, Any]] = []
    with ours(few) as small, ours(many) as large:
        archives = {f"lightwell, {few:,} studies": small, f"lightwell, {many:,} studies": large}
        for service in _SERVICES:
            less, more = _compared(service, archives, _ROUNDS)
            claims.append(claim(f"{service} p95 ms, {many} beside {few} studies", more, less, 1.5, smaller=True))
    return claims


def main() -> None:
    """Measure and print the claims."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    part = 10 if parser.parse_args().quick else 1
    print(json.dumps(_as_it_grows(_FEW // part, _MANY // part) + _beside_orthanc(_BESIDE // part)))


if __name__ == "__main__":
    main()
