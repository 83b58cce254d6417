"""Who saw whom: every read is in the audit trail, and nobody can change it unseen."""

from collections.abc import Generator
from typing import Any

import pytest

from tests.journeys.images import Image, find, images, send
from tests.region import Region, Server, running_server, wait_for

_SEALED = 30.0
_READ = "SELECT id FROM core.audit WHERE subject = %s AND action = 'read' AND actor_name <> 'lightwell'"
_CHANGE = "UPDATE core.audit SET actor_name = %s WHERE id = %s"


@pytest.fixture(scope="module")
def served() -> Generator[tuple[Server, Region]]:
    """A server of its own, whose trail is altered here."""
    with running_server() as pair:
        yield pair


@pytest.fixture(scope="module")
def server(served: tuple[Server, Region]) -> Server:
    """The server of this file."""
    return served[0]


@pytest.fixture(scope="module")
def region(served: tuple[Server, Region]) -> Region:
    """Its hospitals."""
    return served[1]


def _reads(server: Server, region: Region, patient_id: str) -> list[dict[str, Any]]:
    return find(server, region.token_a, "/api/audit", subject=f"patient/{patient_id}")


def _sent(server: Server, branch: int) -> Image:
    image, *_ = images(1, branch, patient_id=f"AUD-{branch}")
    assert send(server, image) == [0]
    return image


def _doors(image: Image) -> dict[str, str]:
    series = f"/dicom-web/studies/{image.study}/series"
    return {
        "studies": f"/dicom-web/studies?StudyInstanceUID={image.study}",
        "series": series,
        "instances": f"{series}/{image.series}/instances",
        "instance": image.address,
        "frames": f"{image.address}/frames/1",
    }


@pytest.mark.parametrize("door", ["studies", "series", "instances", "instance", "frames"])
def test_every_read_of_a_patient_is_in_the_trail(server: Server, region: Region, door: str) -> None:
    image = _sent(server, 4001 + ["studies", "series", "instances", "instance", "frames"].index(door))
    assert _reads(server, region, image.patient_id) == []
    assert server.get(_doors(image)[door], region.token_a, Accept="*/*").status_code == 200
    rows = _reads(server, region, image.patient_id)
    assert [(row["actor_name"], row["action"], row["organisation_id"]) for row in rows] == [
        ("user-a", "read", region.a)
    ]
    assert rows[0]["purpose"]
    assert rows[0]["screen"]


def test_repeated_reads_are_one_row_that_counts(server: Server, region: Region) -> None:
    image = _sent(server, 4010)
    for _ in range(5):
        server.get(_doors(image)["frames"], region.token_a, Accept="*/*")
    assert len(_reads(server, region, image.patient_id)) == 1
    statement = "SELECT reads FROM core.audit_window WHERE subject = %s"
    assert wait_for(lambda: server.query(statement, f"patient/{image.patient_id}") == [(5,)], 5)


def test_what_was_not_found_names_no_patient(server: Server, region: Region) -> None:
    image = _sent(server, 4011)
    assert server.get(_doors(image)["frames"], region.token_b, Accept="*/*").status_code == 404
    assert _reads(server, region, image.patient_id) == []


def test_the_trail_is_not_for_readers(server: Server) -> None:
    made = server.run(
        "user", "create", "reader-a", "--organisation", "a", "--role", "reader", "--password", "reader-123"
    )
    assert made.returncode == 0, made.stderr
    token = server.run("token", "create", "--user", "reader-a").stdout.strip()
    assert server.get("/dicom-web/studies", token).status_code == 200
    assert server.get("/api/audit", token).status_code == 403


def _is_sealed(server: Server) -> bool:
    statement = "SELECT count(*) FROM core.audit AS a LEFT JOIN core.audit_chain AS c ON c.audit_id = a.id"
    return server.query(f"{statement} WHERE c.audit_id IS NULL") == [(0,)]


@pytest.mark.hazard("H-10")
def test_a_sealed_trail_passes_and_a_changed_row_is_named(server: Server, region: Region) -> None:
    image = _sent(server, 4012)
    server.get(image.address, region.token_a, Accept="*/*")
    assert wait_for(lambda: _is_sealed(server), _SEALED)
    passed = server.run("audit", "verify")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    [(number,)] = server.query(_READ, f"patient/{image.patient_id}")
    server.query(_CHANGE, "somebody", number)
    failed = server.run("audit", "verify")
    assert failed.returncode == 1
    assert f"row {number} " in failed.stdout
    server.query(_CHANGE, "user-a", number)
    assert server.run("audit", "verify").returncode == 0


@pytest.mark.hazard("H-10")
def test_a_removed_row_is_named(server: Server, region: Region) -> None:
    image = _sent(server, 4013)
    server.get(image.address, region.token_a, Accept="*/*")
    assert wait_for(lambda: _is_sealed(server), _SEALED)
    [(number,)] = server.query(_READ, f"patient/{image.patient_id}")
    server.query("DELETE FROM core.audit WHERE id = %s", number)
    failed = server.run("audit", "verify")
    assert failed.returncode == 1
    assert f"row {number} was removed" in failed.stdout
