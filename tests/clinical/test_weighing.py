"""Who may be one person is shown to a person, and who only looks so is not: twins, namesakes, the unknown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.clinical.numbers import RESIDENT_ID
from lightwell.clinical.traits import MOST_KEYS, Traits, keys_of, traits_of
from lightwell.clinical.weighing import Weighed, weigh
from lightwell.standards.fhir.resource import Resource

HOME = {"telecom": [{"system": "phone", "value": "13800138000"}], "address": [{"text": "解放路1号"}]}


def person(name: str = "", birth_date: str = "", sex: str = "", **more: Any) -> Resource:
    said = {"name": [{"text": name}] if name else [], "birthDate": birth_date, "gender": sex}
    return {"resourceType": "Patient"} | {key: value for key, value in said.items() if value} | more


def number(value: str, system: str = "urn:mr") -> list[dict[str, str]]:
    return [{"system": system, "value": value}]


def compared(one: Resource, other: Resource) -> Weighed:
    return weigh(traits_of(one), traits_of(other))


def verdicts(one: Resource, other: Resource) -> dict[str, str]:
    return {item.trait: item.verdict for item in compared(one, other).findings}


ZHANG = person("张晓明", "1980-03-12", "male")
CANDIDATES = {
    "the same name, day and sex": (ZHANG, ZHANG),
    "written differently, said the same": (ZHANG, person("張小明", "1980-03-12", "male")),
    "in letters, given name first": (ZHANG, person("Xiaoming ZHANG", "1980-03-12", "male")),
    "a slip in the day, and the same phone": (ZHANG | HOME, person("张晓明", "1980-03-13", "male", **HOME)),
    "the same resident ID, whatever else": (
        person("李华", "1949-12-31", "male", identifier=number("11010519491231002X", RESIDENT_ID)),
        person("王芳", "1990-01-02", "female", identifier=number("11010519491231002X", RESIDENT_ID)),
    ),
    "a resident ID of fifteen digits and of eighteen": (
        person("李华", identifier=number("110105491231002", RESIDENT_ID)),
        person("李华", identifier=number("11010519491231002X", RESIDENT_ID)),
    ),
    "the same number of one issuer, whatever else": (
        ZHANG | {"identifier": number("7")},
        person("王芳", "1990-01-02", "female", identifier=number("7")),
    ),
    "a name with a middle dot, of several kinds": (
        person("买买提·艾力", "1980-03-12", "male"),
        person("买买提•艾力", "1980-03-12", "male"),
    ),
    "a newborn who was registered twice": (
        person("李芳之女", "2026-11-26", "female", multipleBirthBoolean=False, **HOME),
        person("李芳之女", "2026-11-26", "female", multipleBirthBoolean=False, **HOME),
    ),
    "the same of several who were born together": (
        person("李芳之女", "2026-11-26", "female", multipleBirthInteger=1, **HOME),
        person("李芳之女", "2026-11-26", "female", multipleBirthInteger=1, **HOME),
    ),
}
STRANGERS = {
    "namesakes": (person("张伟", "1980-03-12", "male"), person("张伟", "1991-11-05", "male")),
    "the same day and sex": (ZHANG, person("李华", "1980-03-12", "male")),
    "grown twins at one address": (ZHANG | HOME, person("张晓光", "1980-03-12", "male", **HOME)),
    "newborn twins, named after their mother": (
        person("李芳之女", "2026-11-26", "female", **HOME),
        person("李芳之女", "2026-11-26", "female", **HOME),
    ),
    "newborn twins in their order": (
        person("李芳之女", "2026-11-26", "female", multipleBirthInteger=1, **HOME),
        person("李芳之女", "2026-11-26", "female", multipleBirthInteger=2, **HOME),
    ),
    "twins whose names are said the same": (
        person("张晓明", "2020-01-05", "male", multipleBirthBoolean=True, **HOME),
        person("张小明", "2020-01-05", "male", multipleBirthBoolean=True, **HOME),
    ),
    "a newborn and a twin who has a name": (
        person("李芳之女", "2026-11-26", "female", **HOME),
        person("王小美", "2026-11-26", "female", **HOME),
    ),
    "two whom nobody knows": (
        person("无名氏", "1900-01-01", "male", **HOME),
        person("无名氏", "1900-01-01", "male", **HOME),
    ),
    "unknown, with what is known": (person("未知", sex="male"), ZHANG),
    "mother and daughter": (
        person("李芳", "1995-05-05", "female", **HOME),
        person("李芳之女", "2026-11-26", "female", **HOME),
    ),
    "the same value of another issuer": (
        person("张晓明", identifier=number("7", "urn:a")),
        person("李华", identifier=number("7", "urn:b")),
    ),
    "two of whom nothing is said": (person(), person()),
}


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize("name", CANDIDATES)
def test_who_may_be_one_is_shown(name: str) -> None:
    one, other = CANDIDATES[name]
    assert compared(one, other).is_candidate, compared(one, other)
    assert keys_of(traits_of(one)) & keys_of(traits_of(other)), "they would never be compared"


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize("name", STRANGERS)
def test_who_only_looks_so_is_not_shown(name: str) -> None:
    one, other = STRANGERS[name]
    assert not compared(one, other).is_candidate, compared(one, other)


def test_what_is_not_said_weighs_nothing() -> None:
    assert verdicts(ZHANG, person("张晓明")) == {"name": "agrees"}
    assert verdicts(person("无名氏"), person("无名氏")) == {}


def test_what_differs_is_said() -> None:
    other = person("王芳", "1991-01-02", "female", telecom=[{"system": "phone", "value": "010 6555 4321"}])
    assert verdicts(ZHANG | HOME, other) == dict.fromkeys(("name", "birth_date", "sex", "phone"), "differs")


@pytest.mark.parametrize("other", ["1980-03-21", "1980-12-03", "1980", "1980-03"])
def test_a_slip_in_a_day_of_birth_is_similar(other: str) -> None:
    expected = "differs" if other == "1980-03-21" else "similar"  # two digits are no slip
    assert verdicts(ZHANG, person(birth_date=other))["birth_date"] == expected


def test_no_record_has_so_many_keys_that_others_wait_for_it() -> None:
    names = [{"text": f"{chr(97 + n % 26)}{chr(97 + n // 26)} Name"} for n in range(500)]
    identifier = number("11010519491231002X", RESIDENT_ID) + [{"system": "urn:mr", "value": str(n)} for n in range(500)]
    traits = traits_of(person(birth_date="1949-12-31") | {"name": names, "identifier": identifier})
    alike = traits_of(person(names[0]["text"], "1949-12-31", identifier=identifier[:1]))
    assert len(keys_of(traits)) == MOST_KEYS
    assert len(keys_of(traits) & keys_of(alike)) >= 3


def test_a_resident_id_says_day_of_birth_and_sex() -> None:
    traits = traits_of(person("李华", identifier=number("11010519491231002X", RESIDENT_ID)))
    assert (traits.birth_date, traits.sex) == ("1949-12-31", "female")


@pytest.mark.parametrize("phone", ["138 0013 8000", "+86 138-0013-8000", "0086 13800138000"])
def test_a_phone_number_is_one_however_it_is_written(phone: str) -> None:
    traits = traits_of(person(telecom=[{"system": "phone", "value": phone}]))
    assert traits.phones == {"13800138000"}


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize(
    "name",
    [
        *("张三之子", "张三之女", "张三之婴", "张三之长子", "张三之女2", "张三之女(大)", "张三女婴", "张三男婴甲"),
        *("张三婴儿", "张三新生儿", "新生儿张三", "张三BB", "张三BB 1", "ＢＢ张三", "Zhang San BB"),
        *(
            "Baby of Zhang San",
            "B/O Zhang San",
            "Baby Boy Zhang",
            "ZHANG BABY GIRL A",
            "zhang,babyboy2",
            "Newborn of Li",
        ),
    ],
)
def test_a_newborn_is_known_by_how_wards_write_the_mothers_name(name: str) -> None:
    traits = traits_of(person(name))
    assert (traits.is_newborn, traits.sounds) == (True, frozenset())


@pytest.mark.hazard("H-37")
@pytest.mark.parametrize("name", ["张婴", "张小婴", "Baby Kumar", "BB King", "John Webb", "子女", "Babygirlova"])
def test_whose_own_name_only_looks_so_is_no_newborn(name: str) -> None:
    traits = traits_of(person(name))
    assert not traits.is_newborn
    assert traits.sounds


def test_what_cannot_be_a_trait_is_none() -> None:
    odd = {
        "resourceType": "Patient",
        "name": [{"family": "张", "given": [None]}, {"use": "official"}],
        "identifier": [{"system": RESIDENT_ID}, {"system": RESIDENT_ID, "value": "11010519491231002"}],
        "telecom": [{"system": "email", "value": "a@b.c"}, {"system": "phone"}, {"system": "phone", "value": "120"}],
        "address": [{"line": [None]}],
        "gender": "other",
    }
    traits = traits_of(odd)
    assert traits.names == {"张"}
    assert (traits.resident_id, traits.phones, traits.addresses, traits.sex) == ("", frozenset(), frozenset(), "")


_TRAITS = st.builds(
    Traits,
    names=st.frozensets(st.sampled_from(("张三", "李四"))),
    sounds=st.frozensets(st.sampled_from(("aghnnsz", "ilis"))),
    birth_date=st.sampled_from(("", "1980", "1980-03-12", "1980-12-03", "1991-11-05")),
    sex=st.sampled_from(("", "male", "female")),
    birth=st.sampled_from(("", "alone", "several", "1", "2")),
    phones=st.frozensets(st.sampled_from(("13800138000", "01065554321"))),
    is_newborn=st.booleans(),
)


@given(_TRAITS, _TRAITS)
def test_who_is_compared_with_whom_makes_no_difference(one: Traits, other: Traits) -> None:
    assert set(weigh(one, other).findings) == set(weigh(other, one).findings)
