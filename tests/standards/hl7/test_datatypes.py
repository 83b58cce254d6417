"""Data types of patients, names, places and codes."""

from lightwell.standards.hl7.datatypes import CWE, CX, EI, HD, PL, XAD, XCN, XPN, XTN
from lightwell.standards.hl7.message import Repetition, parse_message
from tests.standards.hl7.messages import ADMISSION


def test_identifiers_know_who_gave_them() -> None:
    patient = parse_message(ADMISSION)["PID"]
    first, second = (CX.read(value) for value in patient[3].repetitions)
    assert (first.id, first.type, first.assigning_authority) == ("P7", "MR", HD("COUNTY", "1.2.3", "ISO"))
    assert (second.id, second.type, second.assigning_authority) == ("110105199003071233", "NNCN", HD("CN"))
    assert not second.assigning_facility


def test_names_come_in_several_scripts() -> None:
    names = [XPN.read(value) for value in parse_message(ADMISSION)["PID"][5].repetitions]
    assert [(name.family, name.given, name.representation) for name in names] == [
        ("王", "小东", "I"),
        ("Wang", "Xiaodong", "A"),
    ]


def test_the_others() -> None:
    assert XAD.read(Repetition("1 Lane&x^^Linfen^Shanxi^041000^CHN^H^^Yaodu")).district == "Yaodu"
    assert XTN.read(Repetition("^PRN^CP^^86^0357^5551234")).number == "03575551234"
    assert XTN.read(Repetition("13800000000^PRN^CP")).number == "13800000000"
    assert XTN.read(Repetition("^NET^Internet^a@b.example")).mail == "a@b.example"
    assert CWE.read(Repetition("8867-4^Heart rate^LN^HR^^L")).alternate_identifier == "HR"
    assert XCN.read(Repetition("C8^Li^Wei^^^Dr^^^H&1.2&ISO")).assigning_authority.universal_id == "1.2"
    assert PL.read(Repetition('W3^12^""^COUNTY')).bed == ""
    assert EI.read(Repetition("A-1^HIS^1.2^ISO")) == EI("A-1", HD("HIS", "1.2", "ISO"))
