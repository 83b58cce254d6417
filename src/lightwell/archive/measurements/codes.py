"""The concepts that measurements are written with, and others that mean the same (PS3.16 TID 300, CID 7469)."""

from collections.abc import Mapping
from typing import Final

from lightwell.archive.derived.making import PRIVATE, Code
from lightwell.archive.measurements.model import Kind, Quantity

REPORT: Final = Code("126000", "DCM", "Imaging Measurement Report")
IMAGING_MEASUREMENTS: Final = Code("126010", "DCM", "Imaging Measurements")
GROUP: Final = Code("125007", "DCM", "Measurement Group")
TRACKING_IDENTIFIER: Final = Code("112039", "DCM", "Tracking Identifier")
TRACKING_UID: Final = Code("112040", "DCM", "Tracking Unique Identifier")
METHOD: Final = Code("370129005", "SCT", "Measurement Method")
REGION: Final = Code("111030", "DCM", "Image Region")
SOURCE: Final = Code("260753009", "SCT", "Source")
SERIES: Final = Code("112002", "DCM", "Series Instance UID")
DERIVATION: Final = Code("121401", "DCM", "Derivation")
OBSERVER: Final = Code("121008", "DCM", "Person Observer Name")
FINDING: Final = Code("121071", "DCM", "Finding")
LANGUAGE: Final = Code("121049", "DCM", "Language of Content Item and Descendants")
ENGLISH: Final = Code("en", "RFC5646", "English")
PROCEDURE_REPORTED: Final = Code("121058", "DCM", "Procedure reported")
PROCEDURE: Final = Code("363679005", "SCT", "Imaging procedure")

KINDS: Final[Mapping[Kind, Code]] = {
    "length": Code("LENGTH", PRIVATE, "Length"),
    "bidirectional": Code("BIDIRECTIONAL", PRIVATE, "Long and short axis"),
    "angle": Code("ANGLE", PRIVATE, "Angle"),
    "cobb": Code("COBB", PRIVATE, "Angle between two lines"),
    "ellipse": Code("ELLIPSE", PRIVATE, "Ellipse"),
    "rectangle": Code("RECTANGLE", PRIVATE, "Rectangle"),
    "freehand": Code("FREEHAND", PRIVATE, "Freehand outline"),
    "probe": Code("PROBE", PRIVATE, "Value at a point"),
    "arrow": Code("ARROW", PRIVATE, "Arrow, the tip first"),
}
"""How it was marked: a private method of measuring, since no group of the standard says it."""
KIND_OF: Final[Mapping[str, Kind]] = {code.value: kind for kind, code in KINDS.items()}

_LONG_AXIS: Final = Code("103339001", "SCT", "Long axis")
_SHAPES: Final[Mapping[Quantity, Code]] = {
    "length": Code("410668003", "SCT", "Length"),
    "short_axis": Code("103340004", "SCT", "Short axis"),
    "angle": Code("1483009", "SCT", "Angle"),
    "area": Code("42798000", "SCT", "Area"),
}
_COBB: Final = Code("285285000", "SCT", "Cobb angle")
DERIVATIONS: Final[Mapping[Quantity, Code]] = {
    "mean": Code("373098007", "SCT", "Mean"),
    "deviation": Code("386136009", "SCT", "Standard Deviation"),
    "minimum": Code("255605001", "SCT", "Minimum"),
    "maximum": Code("56851009", "SCT", "Maximum"),
}
"""What was made of the values of all pixels in a region (PS3.16 CID 7464)."""
_HOUNSFIELD: Final = "[hnsf'U]"
_ATTENUATION: Final = Code("112031", "DCM", "Attenuation Coefficient")
_PIXEL_VALUE: Final = Code("PIXEL_VALUE", PRIVATE, "Value of pixels")

QUANTITY_OF: Final[Mapping[str, Quantity]] = {
    **{code.value: quantity for quantity, code in (_SHAPES | DERIVATIONS).items()},
    **dict.fromkeys(("285285000", "110859", "F-00035"), "angle"),
    **dict.fromkeys(
        ("103339001", "G-A185", "G-D7FE", "81827009", "M-02550", "121206", "G-A22A", "131187009"), "length"
    ),
    **dict.fromkeys(("G-A186", "131188004"), "short_axis"),
    "G-A166": "area",
    **dict.fromkeys(("R-00317", "112181"), "mean"),
    **dict.fromkeys(("R-10047", "113061", "112183"), "deviation"),
    **dict.fromkeys(("R-404FB", "112179"), "minimum"),
    **dict.fromkeys(("G-A437", "112180"), "maximum"),
}
"""What a concept measures; the older codes are those of SNOMED RT, which many still write."""

_MEANINGS: Final = {
    "mm": "millimeter",
    "mm2": "square millimeter",
    "deg": "degree",
    _HOUNSFIELD: "Hounsfield unit",
    "1": "no units",
    "{pixels}": "pixels",
    "{pixels2}": "square pixels",
}


def unit(ucum: str) -> Code:
    """Return a unit as a code (PS3.16 CID 82)."""
    return Code(ucum, "UCUM", _MEANINGS.get(ucum, ucum))


def name_of(kind: Kind, quantity: Quantity, ucum: str) -> Code:
    """Return the concept that a value of a measurement is about."""
    if kind == "bidirectional" and quantity == "length":
        return _LONG_AXIS
    if kind == "cobb" and quantity == "angle":
        return _COBB
    return _SHAPES.get(quantity) or (_ATTENUATION if ucum == _HOUNSFIELD else _PIXEL_VALUE)
