"""Programs of others create, read, search, page and transact against a running server."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from fhirpy import SyncFHIRClient

from tests.clinical.fhir.test_interactions import patient
from tests.region import Region, Server

pytestmark = pytest.mark.peer
_PACKAGES = Path(__file__).parents[3] / ".peers/fhir-clients"
_SCRIPT = Path(__file__).with_name("clients.mjs")


def test_fhirpy(house: tuple[Server, Region]) -> None:
    server, region = house
    client = SyncFHIRClient(f"{server.url}/fhir", authorization=f"Bearer {region.token_a}")
    created = client.resource("Patient", name=[{"family": "Py"}])
    created.save()
    assert client.reference("Patient", created.id).to_resource()["name"][0]["family"] == "Py"
    for _ in range(4):
        subject = {"reference": f"Patient/{created.id}"}
        client.resource("Observation", status="final", code={"text": "x"}, subject=subject).save()
    search = client.resources("Observation").search(patient=created.id).limit(2)
    assert len(search.fetch_all()) == 4
    assert search.count() == 4
    created["gender"] = "male"
    created.save()
    assert client.resources("Patient").search(_id=created.id, gender="male").first() is not None
    entry = {"resource": patient(), "request": {"method": "POST", "url": "Patient"}}
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    assert client.execute("", method="post", data=bundle)["entry"][0]["response"]["status"] == "201 Created"
    created.delete()


@pytest.mark.parametrize(("client", "family"), [("fhir-kit-client", "Kit"), ("medplum", "Med")])
def test_clients_of_the_browser(house: tuple[Server, Region], client: str, family: str) -> None:
    if not (_PACKAGES / "node_modules").is_dir() or shutil.which("node") is None:
        message = "the clients are not in .peers/fhir-clients; .ci/run fetches them"
        (pytest.fail if os.environ.get("LIGHTWELL_REQUIRE_PEERS") == "1" else pytest.skip)(message)
    server, region = house
    script = shutil.copy(_SCRIPT, _PACKAGES)  # packages are looked for beside the script
    command = ["node", script, client, f"{server.url}/fhir", region.token_a]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"read": family, "found": 4, "transacted": 2}
