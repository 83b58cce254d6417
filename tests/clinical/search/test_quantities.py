"""A quantity is found in whatever unit of its kind it was measured (R4 3.1.1.4.12)."""

from collections.abc import Generator
from typing import Any
from urllib.parse import quote

import pytest

from tests.clinical.fhir.conftest import Client, client_of
from tests.clinical.fhir.test_interactions import create
from tests.region import running_server

UCUM = "http://unitsofmeasure.org"
_STORED: dict[str, dict[str, Any]] = {
    "mg": {"value": 5.4, "code": "mg"},
    "g": {"value": 0.0054, "code": "g"},
    "ug": {"value": 5400, "code": "ug", "unit": "microgram"},
    "lowest": {"value": 0.00535, "code": "g"},
    "highest": {"value": 5449.999, "code": "ug"},
    "past": {"value": 5450, "code": "ug"},
    "more": {"value": 0.0071, "code": "g"},
    "less": {"value": 2000, "code": "ug"},
    "at least": {"value": 6, "code": "mg", "comparator": ">="},
    "at most": {"value": 0.003, "code": "g", "comparator": "<"},
    "volume": {"value": 5.4, "code": "mL"},
    "other system": {"value": 5.4, "code": "mg", "system": "urn:units"},
    "no system": {"value": 5.4, "code": "mg", "system": None},
    "no code": {"value": 5.4, "unit": "mg", "system": None},
    "number": {"value": 5.4, "system": None},
    "pulse": {"value": 72, "code": "{beats}/min"},
    "pulse a second": {"value": 1.2, "code": "/s"},
    "pressure": {"value": 75, "code": "mm[Hg]"},
    "international": {"value": 5.4, "code": "[iU]"},
    "thousands": {"value": 0.0054, "code": "k[iU]"},
    "warm": {"value": 38.5, "code": "Cel"},
    "kelvin": {"value": 311.65, "code": "K"},
    "nonsense": {"value": 5.4, "code": "mg//"},
    "hostile": {"value": 5.4, "code": "(" * 3000},
    "huge": {"value": 1e300, "code": "mg"},
}


def observation(name: str, quantity: dict[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in {"system": UCUM, **quantity}.items() if value is not None}
    return {
        "resourceType": "Observation",
        "identifier": [{"system": "urn:name", "value": name}],
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "x"}]},
        "valueQuantity": said,
    }


@pytest.fixture(scope="module")
def client() -> Generator[Client]:
    with running_server() as (server, region):
        found = client_of(server, region.token_a)
        for name, quantity in _STORED.items():
            create(found, observation(name, quantity))
        yield found


def names(client: Client, search: str) -> set[str]:
    answer = client("GET", f"/Observation?{search}&_count=100")
    assert answer.status_code == 200, answer.text
    return {entry["resource"]["identifier"][0]["value"] for entry in answer.json().get("entry", ())}


_EQUAL = {"mg", "g", "ug", "lowest", "highest"}
_MASSES = {*_EQUAL, "past", "more", "less", "at least", "at most", "huge"}


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("", _EQUAL),
        ("eq", _EQUAL),
        ("ne", _MASSES - _EQUAL),
        ("gt", {"highest", "past", "more", "at least", "huge"}),
        ("ge", {"mg", "g", "ug", "highest", "past", "more", "at least", "huge"}),
        ("lt", {"lowest", "less", "at most"}),
        ("le", {"mg", "g", "ug", "lowest", "less", "at most"}),
        ("sa", {"highest", "past", "more", "at least", "huge"}),
        ("eb", {"lowest", "less", "at most"}),
        ("ap", {*_EQUAL, "past"}),
    ],
)
@pytest.mark.parametrize("asked", ["5.4|{}|mg", "5.4e-3|{}|g", "5.4e-6|{}|kg", "54e2|{}|ug{{of what}}"])
def test_every_prefix_holds_in_every_unit(client: Client, prefix: str, asked: str, expected: set[str]) -> None:
    quantity = quote(f"{prefix}{asked.format(UCUM)}", safe="|")
    own = expected if asked.endswith("mg") else expected - {"huge"}  # which is compared as it is written alone
    assert names(client, f"value-quantity={quantity}") == own
    assert names(client, f"code-value-quantity=x${quantity}") == own
    assert names(client, f"combo-code-value-quantity=http://loinc.org|x${quantity}") == own


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("5.40|{}|mg", {"mg", "g", "ug"}),
        ("5|{}|mg", _EQUAL | {"past"}),
        ("0.01|{}|g", _EQUAL | {"past", "more"}),
        ("1.2|{}|Hz", {"pulse", "pulse a second"}),
        ("72|{}|/min", {"pulse", "pulse a second"}),
        ("10.0|{}|kPa", {"pressure"}),
        ("10.00|{}|kPa", {"pressure"}),
        ("10.000|{}|kPa", set()),
        ("5.4|{}|[iU]", {"international"}),
        ("38.5|{}|Cel", {"warm"}),
        ("gt38|{}|Cel", {"warm"}),
        ("311.65|{}|K", {"kelvin"}),
        ("5.4|{}|mg//", {"nonsense"}),
        ("5.4|{}|" + "(" * 3000, {"hostile"}),
        ("5.4|{}|mL", {"volume"}),
        ("5400|{}|mm3", {"volume"}),
        ("5.4|urn:units|mg", {"other system"}),
        ("0.0054|urn:units|g", set()),
        ("1e300|{}|mg", {"huge"}),
        ("1|{}|kg,0.0071|{}|g", {"more"}),
    ],
)
def test_what_is_found(client: Client, asked: str, expected: set[str]) -> None:
    assert names(client, f"value-quantity={quote(asked.replace('{}', UCUM), safe='|,')}") == expected


def test_without_a_system_the_code_or_the_unit_is_meant_as_it_is_written(client: Client) -> None:
    assert names(client, "value-quantity=5.4||mg") == {"mg", "other system", "no system", "no code"}
    assert names(client, "value-quantity=0.0054||g") == {"g", "lowest"}
    assert names(client, "value-quantity=5400||microgram") == {"ug"}
    assert {"mg", "volume", "number", "international"} <= names(client, "value-quantity=5.4")


def test_what_is_corrected_is_found_by_what_it_is_now(client: Client) -> None:
    created = create(client, observation("corrected", {"value": 9, "code": "mg"}))
    created["valueQuantity"]["code"] = "g"
    answer = client("PUT", f"/Observation/{created['id']}", json=created)
    assert answer.status_code == 200
    assert names(client, f"value-quantity=0.009|{UCUM}|kg") == {"corrected"}
    assert names(client, f"value-quantity=9000|{UCUM}|ug") == set()
    assert client("DELETE", f"/Observation/{created['id']}").status_code == 204
