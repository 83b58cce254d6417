"""What a message says is what the record says: read back by our own reader it is the same, in either character set."""

import base64
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.clinical import outbox
from lightwell.clinical.hl7 import elements, medication, results
from lightwell.clinical.hl7.elements import Element
from lightwell.clinical.hl7.model import Received, Source
from lightwell.clinical.hl7.outgoing import values
from lightwell.clinical.hl7.outgoing.composing import make
from lightwell.clinical.hl7.outgoing.model import Destination, Told
from lightwell.core.errors import InvalidRequest
from lightwell.standards.fhir.resource import Resource
from lightwell.standards.hl7.charset import codec_of, encode_message
from lightwell.standards.hl7.datatypes import CWE, CX, XAD, XCN, XPN, XTN
from lightwell.standards.hl7.message import Field, Message, make_segment, parse_message

AT = datetime(2026, 11, 26, 8, 30, tzinfo=UTC)
ZONE = timezone(timedelta(hours=8))
CHARSETS = ("UNICODE UTF-8", "GB 18030-2000")
SOURCE = Source(1, 1, "x", "X", "*", "0.0.0.0/0", "", "urn:default", CHARSETS[0], "+08:00", is_enhanced=False)
PATIENT = {
    "resourceType": "Patient",
    "id": "p",
    "identifier": [{"system": "urn:oid:1.2.3", "value": "70001", "type": {"coding": [{"code": "MR"}]}}],
    "name": [{"family": "张"}],
}
# Every character that GB18030 carries: all but halves of surrogate pairs. What is a pair of quotation marks deletes.
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(lambda text: text != '""')
words = texts.map(lambda text: " ".join(text.split())).filter(lambda text: text and text != '""')
systems = st.sampled_from(
    ["http://loinc.org", "urn:oid:1.2.156.10011", "http://terminology.hl7.org/CodeSystem/v2-0074"]
)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**9), max_value=10**9)
times = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)).map(  # noqa: DTZ001 -- the zone is put on
    lambda at: at.replace(microsecond=0, tzinfo=ZONE).isoformat()
)
codings = st.fixed_dictionaries({"system": systems, "code": words, "display": texts})
concepts = st.one_of(
    st.fixed_dictionaries({"coding": st.lists(codings, min_size=1, max_size=2), "text": texts}),
    st.fixed_dictionaries({"text": texts}),
)
quantities = st.one_of(
    st.fixed_dictionaries(
        {"value": numbers, "unit": texts, "system": st.just("http://unitsofmeasure.org"), "code": words}
    ),
    st.fixed_dictionaries({"value": numbers, "unit": texts}),
    st.fixed_dictionaries({"value": numbers, "comparator": st.sampled_from(["<", ">", "<=", ">="]), "unit": texts}),
)
found = st.one_of(
    st.fixed_dictionaries({"valueQuantity": quantities}),
    st.fixed_dictionaries({"valueCodeableConcept": concepts}),
    st.fixed_dictionaries({"valueString": texts}),
    st.fixed_dictionaries({"valueDateTime": times}),
    st.fixed_dictionaries({"valueTime": st.times().map(lambda at: at.replace(microsecond=0).isoformat())}),
)


def destination(charset: str) -> Destination:
    return Destination(1, 1, "LIS", "lis", 2575, False, charset, "LIGHTWELL", "A", "LIS", "", list(outbox.KINDS))  # noqa: FBT003 -- the row of a table


def travelled(resource: Resource, charset: str, *others: Resource) -> Message:
    """Return the message that tells of a resource, as its receiver reads it by the character set that it declares."""
    told = Told(resource, {(item["resourceType"], item["id"]): item for item in (PATIENT, *others)}, "http://x/fhir")
    kind = outbox.kind_of(resource)
    assert kind is not None
    raw = encode_message(make(destination(charset), kind, told, "C1", AT).encode(), charset)
    message = parse_message(raw.decode(codec_of(charset)), codec_of(charset))
    assert message.header.character_sets == (charset,)
    return message


def received() -> Received:
    return Received(cast("Any", None), SOURCE, cast("Any", None), AT, cast("Any", None))


def report(finding: Element, **more: Any) -> tuple[Resource, Resource]:
    observation = {"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "K"}, **finding}
    made = {"resourceType": "DiagnosticReport", "id": "d", "status": "final", "code": {"text": "电解质"}, **more}
    return made | {"subject": {"reference": "Patient/p"}, "result": [{"reference": "Observation/o"}]}, observation


@given(found, concepts, st.lists(texts, max_size=2), st.sampled_from(CHARSETS))
def test_a_finding_is_read_back_the_same(value: Element, code: Element, notes: list[str], charset: str) -> None:
    made, observation = report({**value, "code": code, "note": [{"text": text} for text in notes]})
    message = travelled(made, charset, observation)
    assert results.value_of(message["OBX"], received()) == _as_read(value)
    assert elements.concept(CWE.read(message["OBX"][3].first)) == _concept(code)
    assert [segment[3].text for segment in message.all("NTE")] == notes


def _as_read(value: Element) -> Element:
    return {name: _concept(part) if "coding" in part else part for name, part in value.items()}


def _concept(concept: Element) -> Element:
    """Return a concept as it is read: of more codes than two the first two."""
    return {name: part[:2] if name == "coding" else part for name, part in concept.items()}


@given(texts, texts, texts, st.from_regex(r"\+?[0-9][0-9 -]{4,20}", fullmatch=True), st.sampled_from(CHARSETS))
def test_a_person_is_read_back_the_same(family: str, given_name: str, value: str, phone: str, charset: str) -> None:
    name = {"family": family, "given": [given_name], "use": "official"}
    address = {"line": [family], "city": given_name, "district": value, "use": "home"}
    telecom = [{"system": "phone", "value": phone, "use": "mobile"}]
    own = {
        "system": "urn:oid:1.2.3",
        "value": value,
        "type": {"coding": [{"system": elements.IDENTIFIER_TYPES, "code": "MR"}]},
    }
    patient = PATIENT | {"name": [name], "address": [address], "identifier": [own], "telecom": telecom}
    made, observation = report({"valueString": "x"})
    pid = travelled(made, charset, observation, patient)["PID"]
    assert elements.identifier(CX.read(pid[3].first), "") == own
    read = elements.name(XPN.read(pid[5].first))
    assert {key: read[key] for key in name} == name
    assert elements.address(XAD.read(pid[11].first)) == address
    assert [elements.contact(XTN.read(item)) for item in pid[13].repetitions] == telecom


@given(st.lists(texts, min_size=1, max_size=3), texts, st.sampled_from(CHARSETS))
def test_a_document_is_read_back_the_same(lines: list[str], title: str, charset: str) -> None:
    text = "\n".join(lines)
    content = [
        {"attachment": {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}},
        {"attachment": {"contentType": "application/pdf", "data": "JVBERg==", "title": title}},
        {"attachment": {"contentType": "image/jpeg", "url": "http://x/y|z^1&2"}},
    ]
    document = {"resourceType": "DocumentReference", "id": "d", "status": "current", "description": title}
    message = travelled(document | {"subject": {"reference": "Patient/p"}, "content": content}, charset)
    words, pdf, elsewhere = message.all("OBX")
    assert words[5].text == text
    assert results.attachment("ED", pdf[5].first, pdf[3][2]) == content[1]["attachment"]
    assert results.attachment("RP", elsewhere[5].first, "") == content[2]["attachment"]
    assert (message["TXA"][25].text, message["TXA"][12].text) == (title, "d")


@given(numbers, concepts, texts, st.sampled_from(CHARSETS))
def test_a_drug_that_was_given_is_read_back_the_same(dose: Decimal, drug: Element, nurse: str, charset: str) -> None:
    given_drug = {
        "resourceType": "MedicationAdministration",
        "id": "m",
        "status": "completed",
        "subject": {"reference": "Patient/p"},
        "medicationCodeableConcept": drug,
        "effectiveDateTime": "2026-11-26T10:00:00+08:00",
        "performer": [{"actor": {"identifier": {"system": "urn:oid:1.9", "value": "N1"}, "display": nurse}}],
        "dosage": {"dose": {"value": dose, "unit": "g"}, "route": {"text": "静脉"}},
    }
    message = travelled(given_drug, charset)
    rxa = message["RXA"]
    assert elements.concept(CWE.read(rxa[5].first)) == _concept(drug)
    assert (elements.decimal(rxa[6].text), rxa[7].text) == (dose, "g")
    assert elements.date_time(rxa[3].text, ZONE) == given_drug["effectiveDateTime"]
    [performer] = elements.people(rxa[10])
    assert performer["identifier"] == {"system": "urn:oid:1.9", "value": "N1"}
    assert XCN.read(rxa[10].first).family == nurse
    assert (rxa[20].text, rxa[21].text, message["RXR"][1][2]) == ("CP", "A", "静脉")
    assert medication.HANDLERS.keys() >= {"RAS^O17"}


@pytest.mark.parametrize(
    ("fhir", "hl7"),
    [
        ("2026", "2026"),
        ("2026-11", "202611"),
        ("2026-11-26", "20261126"),
        ("2026-11-26T10:00:00+08:00", "20261126100000+0800"),
        ("2026-11-26T02:00:00Z", "20261126020000+0000"),
        ("2026-11-26T02:00:00.123456-05:30", "20261126020000.1234-0530"),
        ("", ""),
    ],
)
def test_a_time_is_said_as_exactly_as_it_is_known(fhir: str, hl7: str) -> None:
    assert values.dtm(fhir) == hl7


@pytest.mark.parametrize(
    ("value", "wanted"),
    [
        ({"valueRange": {"low": {"value": 1}, "high": {"value": Decimal("2.50")}}}, ("SN", "^1^-^2.50")),
        ({"valueRange": {"high": {"value": 2}}}, ("SN", "<=^2")),
        ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 128}}}, ("SN", "^1^:^128")),
        ({"valueBoolean": False}, ("CWE", "N^No^HL70136")),
        ({"valueInteger": 0}, ("NM", "0")),
        ({"valueQuantity": {"value": Decimal("44.50")}}, ("NM", "44.50")),
        ({"valueQuantity": {"value": Decimal("1E+3")}}, ("NM", "1000")),
        ({"valueQuantity": {"value": Decimal("2.5E-7"), "comparator": "<"}}, ("SN", "<^0.00000025")),
        ({"valueString": "a\nb|c"}, ("TX", "a\\.br\\b\\F\\c")),
        ({}, ("", "")),
    ],
)
def test_a_value_has_the_data_type_that_holds_it(value: Element, wanted: tuple[str, str]) -> None:
    made, observation = report(value)
    obx = travelled(made, CHARSETS[0], observation)["OBX"]
    assert (obx[2].text, obx[5].encoded) == wanted


def test_parts_of_a_finding_and_members_of_a_group_are_all_told() -> None:
    parts = (("收缩压", 120), ("舒张压", 80))
    pressure = {"component": [{"code": {"text": name}, "valueInteger": number} for name, number in parts]}
    made, group = report({"hasMember": [{"reference": "Observation/bp"}], "valueString": "生命体征"}, conclusion="正常")
    member = {"resourceType": "Observation", "id": "bp", "status": "final", "code": {"text": "血压"}, **pressure}
    found_in = travelled(made, CHARSETS[1], group, member).all("OBX")
    assert [(obx[1].text, obx[3][2], obx[4].text, obx[5].text) for obx in found_in] == [
        ("1", "K", "", "生命体征"),
        ("2", "收缩压", "1", "120"),
        ("3", "舒张压", "2", "80"),
        ("4", "Conclusions", "", "正常"),
    ]


@pytest.mark.parametrize(
    ("status", "wanted"),
    [("final", "F"), ("unknown", "X"), ("registered", "I"), ("entered-in-error", "D"), ("corrected", "C")],
)
def test_a_finding_has_the_status_that_it_has(status: str, wanted: str) -> None:
    made, observation = report({"valueInteger": 1, "status": status})
    assert travelled(made, CHARSETS[0], observation)["OBX"][11].text == wanted


def test_why_there_is_no_value_is_told() -> None:
    coded = {"coding": [{"code": "not-performed", "display": "未做"}]}
    parts = [{"code": {"text": "舒张压"}, "dataAbsentReason": coded}]
    note = [{"text": "重新采血"}]
    made, observation = report(
        {"dataAbsentReason": {"text": "溶血"}, "valueString": "-", "component": parts, "note": note}
    )
    message = travelled(made, CHARSETS[0], observation)
    assert [segment[3].text for segment in message.all("NTE")] == ["溶血", "重新采血", "未做"]


def test_a_report_with_more_findings_than_fit_is_not_cut_short() -> None:
    made, observation = report({"valueInteger": 1})
    many = [observation | {"id": str(number)} for number in range(2001)]
    named = [{"reference": f"Observation/{number}"} for number in range(2001)]
    assert len(travelled(made | {"result": named[:2000]}, CHARSETS[0], *many).all("OBX")) == 2000
    with pytest.raises(InvalidRequest, match="expected at most 2000 findings"):
        travelled(made | {"result": named}, CHARSETS[0], *many)


def test_a_visit_says_its_kind_and_number() -> None:
    visit = {"resourceType": "Encounter", "id": "e", "class": {"code": "IMP"}, "identifier": [{"value": "V1"}]}
    made, observation = report({"valueInteger": 1}, encounter={"reference": "Encounter/e"})
    pv1 = travelled(made, CHARSETS[0], observation, visit)["PV1"]
    assert (pv1[2].text, pv1[3].encoded, pv1[19].text) == ("I", "", "V1")


def test_a_document_that_replaces_or_withdraws_says_so() -> None:
    old = {"resourceType": "DocumentReference", "id": "old", "masterIdentifier": {"value": "DOC-1"}}
    target = {"relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/old"}}]}
    new = {"resourceType": "DocumentReference", "id": "new", "status": "current", "subject": {"reference": "Patient/p"}}
    content = {"content": [{"attachment": {"contentType": "text/plain", "data": "eA=="}}]}
    message = travelled(new | target | content, CHARSETS[0], old)
    assert (message.header.trigger_event, message["EVN"][1].text, message["TXA"][13].text) == ("T10", "T10", "DOC-1")
    withdrawn = travelled(new | {"status": "entered-in-error", "content": [{"attachment": {}}]}, CHARSETS[0])
    assert (withdrawn.header.trigger_event, withdrawn["TXA"][19].text, withdrawn.all("OBX")) == ("T11", "CA", [])


def test_a_field_that_says_nothing_is_empty() -> None:
    segment = make_segment("PID", {3: [values.cx({"value": "1"})], 5: [values.xpn({})]})
    assert segment.encode() == "PID|||1||"
    assert Field("").is_empty


def test_a_part_of_a_name_or_an_address_that_is_only_an_extension_is_left_out() -> None:
    name: Element = {"family": "张", "given": [None, "三"], "suffix": [None], "prefix": [None, "Dr"]}
    assert values.xpn(name) == ("张", "三", "", "", "Dr")
    address: Element = {"line": [None, "南京路 1 号"], "city": "上海"}
    assert values.xad(address) == ("南京路 1 号", "", "上海")
    assert values.xad({"line": [None], "text": "上海"}) == ("上海",)
