"""Units as hospitals write them: what is as much as what, and what nobody may compare."""

import re
import time
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lightwell.standards.fhir.ucum.atoms import METRIC, PLAIN, PREFIXES, UCUM
from lightwell.standards.fhir.ucum.reading import Unit, read_unit, unit_of
from tests.standards.fhir.examples import STEADY

_OF_ITS_OWN_KIND = {"REM"}


def unit(code: str) -> Unit:
    found = read_unit(code)
    assert found is not None, code
    return found


def size(code: str) -> Fraction:
    return Fraction(unit(code).numerator, unit(code).denominator)


@pytest.mark.parametrize(
    ("number", "code", "other_number", "other"),
    [
        ("5.4", "mg", "0.0054", "g"),
        ("5.4", "mg", "5400", "ug"),
        ("7.2", "mmol/L", "7.2", "umol/mL"),
        ("7.2", "mmol/L", "7.2", "mol/m3"),
        ("72", "{beats}/min", "72", "/min"),
        ("72", "/min", "1.2", "/s"),
        ("72", "/min", "1.2", "Hz"),
        ("75", "mm[Hg]", "9.99915", "kPa"),
        ("10", "cm[H2O]", "980.665", "Pa"),
        ("13.2", "g/dL", "132", "g/L"),
        ("13.2", "g%", "132", "mg/mL"),
        ("4.5", "10*12/L", "4.5", "10*6/uL"),
        ("4.5", "10*12/L", "4500000", "/uL"),
        ("5", "L/min", "83.33333", "mL/s"),
        ("2.4", "L/(min.m2)", "2.4", "L/min/m2"),
        ("40", "%", "0.4", "1"),
        ("40", "%{total}", "400", "[ppth]"),
        ("22", "kg/m2", "2.2", "g/cm2"),
        ("35", "U/L", "583.3333", "nkat/L"),
        ("6", "mo", "0.5", "a"),
        ("11", "[lb_av]", "176", "[oz_av]"),
        ("5", "[ft_i]", "1524", "mm"),
        ("3", "[Ch]", "1", "mm"),
        ("2", "[wood'U]", "159.9864", "dyn.s/cm5"),
        ("120", "[psi]", "827370.875", "Pa"),
        ("1", "rad", "57.29578", "deg"),
    ],
)
def test_as_much_is_as_much(number: str, code: str, other_number: str, other: str) -> None:
    assert unit(code).dimension == unit(other).dimension
    one, two = unit(code).canonical(Decimal(number)), unit(other).canonical(Decimal(other_number))
    assert two == (one if len(other_number) < 7 or other == "kPa" else pytest.approx(one, rel=1e-5))


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("mg", "mL"),
        ("mg/dL", "mmol/L"),
        ("mmol/L", "meq/L"),
        ("mosm/L", "mmol/L"),
        ("mmol/L", "10*9/L"),
        ("Gy", "Sv"),
        ("/min", "Bq"),
        ("kg", "kg/m2"),
        ("mm[Hg]", "mm"),
        ("1", "deg"),
    ],
)
def test_what_is_not_alike_is_never_compared(code: str, other: str) -> None:
    assert unit(code).dimension != unit(other).dimension


@pytest.mark.parametrize(
    "code", ["Cel", "[degF]", "[pH]", "dB", "[iU]", "[IU]/L", "k[iU]", "[arb'U]/mL", "[drp]/min", "/[HPF]", "[hnsf'U]"]
)
def test_what_is_no_multiple_is_alike_to_itself_alone(code: str) -> None:
    assert read_unit(code) is None
    assert unit_of(UCUM, code) == Unit(1, 1, f"{UCUM}|{code}")
    assert unit_of("urn:other", "mg") == Unit(1, 1, "urn:other|mg")


@pytest.mark.parametrize(
    "code",
    [
        "",
        " ",
        "mmHg",
        "次",
        "m//s",
        "m.",
        ".m",
        "/",
        "//m",
        "(m",
        "m)",
        "()",
        "m g",
        "{",
        "}",
        "{a",
        "m{a}{b}",
        "[m",
        "0",
        "m2g",
        "kmin",
        "kk",
        "k",
        "2mg",
        "m+",
        "m-",
        "-1",
        "mg\n",
        "m²",
        "µg",
        "10*٣",
    ],
)
def test_what_is_no_unit_is_none(code: str) -> None:
    assert read_unit(code) is None


@pytest.mark.parametrize(
    "code",
    [
        "(" * 100_000 + "m" + ")" * 100_000,
        "m" * 1_000_000,
        "m." * 50 + "m",
        "(" * 59 + "m" + ")" * 59,
        "m999999999",
        "10*99999",
        "10*99.10*99",
        "Ym99.Ym99.Ym99",
        "9" * 119,
        "{" * 119,
        "[" * 119,
        "/" * 119,
        "(m)." * 29 + "m",
        "m/" + "9" * 100 + "/" + "9" * 10,
    ],
    ids=len,
)
def test_a_hostile_code_costs_next_to_nothing(code: str) -> None:
    began = time.perf_counter()
    read_unit(code)
    assert time.perf_counter() - began < 0.1


@given(st.text("mgLk10*^/.(){}[]'%+-Hsol", max_size=40))
@STEADY
def test_whatever_comes_is_a_unit_or_none(code: str) -> None:
    found = read_unit(code)
    assert found is None or found.canonical(Decimal("5.4")) is not None


_NUMBERS = st.decimals("-1e9", "1e9", places=6)


@given(_NUMBERS, _NUMBERS, st.sampled_from(["/min", "mm[Hg]", "mg/dL", "[in_i'Hg]", "wk-1", "deg"]))
@STEADY
def test_no_number_overtakes_another(one: Decimal, other: Decimal, code: str) -> None:
    low, high = (unit(code).canonical(number) for number in sorted((one, other)))
    assert low is not None
    assert high is not None
    assert low <= high


@pytest.mark.parametrize("number", ["1e999999", "-1e-999999", "1e201"])
def test_a_number_beyond_all_measure_is_none(number: str) -> None:
    assert unit("mg").canonical(Decimal(number)) is None
    assert unit("mg").canonical(Decimal("0e-50")) == 0


def test_a_number_of_a_million_digits_is_as_fast_as_any() -> None:
    number = Decimal("5." + "4" * 1_000_000)
    began = time.perf_counter()
    assert unit("mg").canonical(number) == pytest.approx(0.005444444444)
    assert time.perf_counter() - began < 0.1


def official(name: str) -> Iterator[dict[str, Any]]:
    """Yield prefixes or units as UCUM itself defines them."""
    space = "{http://unitsofmeasure.org/ucum-essence}"
    root = ET.fromstring((files("ucumvert") / "vendor/ucum-essence.xml").read_text())  # noqa: S314 -- a package's own
    for element in root.iter(space + name):
        value = element.find(space + "value")
        yield {**element.attrib, **(value.attrib if value is not None else {})}


def test_prefixes_are_those_of_ucum() -> None:
    defined = {one["Code"]: Fraction(one["value"]) for one in official("prefix")}
    assert {code: number for code, number in defined.items() if len(code) == 1 or code == "da"} == PREFIXES


def written_out(defined: dict[str, dict[str, Any]], code: str) -> tuple[Fraction, str]:
    """Return what UCUM defines a unit by, without units that are not read."""
    number, text = Fraction(defined[code]["value"]), defined[code]["Unit"]
    while read_unit(text) is None:
        atom = next(one for one in re.findall(r"\[[^\]]*\]", text) if read_unit(one) is None)
        number, text = number * Fraction(defined[atom]["value"]), text.replace(atom, f"({defined[atom]['Unit']})")
    return number, text


def test_units_are_those_of_ucum() -> None:
    defined = {one["Code"]: one for one in official("unit")}
    for code in (METRIC.keys() | PLAIN.keys()) - _OF_ITS_OWN_KIND:
        number, text = written_out(defined, code)
        assert (size(code), unit(code).dimension) == (number * size(text), unit(text).dimension), code


def test_what_takes_a_prefix_takes_one_in_ucum() -> None:
    defined = {one["Code"]: one["isMetric"] == "yes" for one in official("unit")}
    assert not (METRIC.keys() | PLAIN.keys()) - defined.keys()
    assert {code for code in METRIC if not defined[code]} == set()
    assert {code for code in PLAIN if defined[code]} == set()


def test_most_codes_of_messages_are_read() -> None:
    lines = (files("ucumvert") / "vendor/ucum_examples.tsv").read_text().splitlines()[1:]
    codes = [line.split("\t")[1] for line in lines]
    assert sum(read_unit(code) is not None for code in codes) / len(codes) > 0.9
