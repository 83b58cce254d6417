"""What HL7 International defines: the types of R4, their required codes, and the search parameters.

Compiled from the official package by ``definitions/compile_r4.py``, which also says its licence. A backbone element is
a type named by its path (``Patient.contact``). What is not asked for stays unread: a server uses a quarter of it.
"""

import gzip
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final, NamedTuple

import msgspec

PRIMITIVES: Final = frozenset(
    (
        *("base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer"),
        *("markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "xhtml"),
    )
)
ANY_RESOURCE: Final = "Resource"


class Element(msgspec.Struct, frozen=True, array_like=True):
    """An element of a type, e.g. ``Patient.gender``; of a choice (``value[x]``) without the ``[x]``."""

    name: str
    types: tuple[str, ...]
    least: int
    most: int
    """0 stands for any number."""
    is_choice: bool
    required_value_set: str
    targets: tuple[str, ...]
    """Resource types that a reference may point at."""
    is_summary: bool

    @property
    def is_list(self) -> bool:
        """Whether its JSON is an array."""
        return self.most != 1


class TypeDefinition(msgspec.Struct, frozen=True, array_like=True):
    """A resource type, a data type or a backbone element."""

    is_resource: bool
    elements: tuple[Element, ...]


class SearchParameter(msgspec.Struct, frozen=True, array_like=True):
    """An official search parameter, and where in a resource its values stand."""

    url: str
    code: str
    bases: tuple[str, ...]
    type: str
    expression: str
    targets: tuple[str, ...]
    components: tuple[tuple[str, str], ...]
    """Of a composite: the address of each part's parameter, and where its values stand."""


class Property(NamedTuple):
    """A member of a JSON object: ``valueQuantity`` is the element ``value`` as a Quantity."""

    element: Element
    type: str
    is_extension: bool
    """Whether it is the ``_name`` beside a primitive, with its ID and extensions."""


class _Compiled(msgspec.Struct):
    types: dict[str, msgspec.Raw]
    value_sets: dict[str, tuple[str, ...]]
    search_parameters: msgspec.Raw
    compartments: dict[str, dict[str, tuple[str, ...]]]


@cache
def _compiled() -> _Compiled:
    packed = resources.files(__name__).joinpath("r4.json.gz").read_bytes()
    return msgspec.json.decode(gzip.decompress(packed), type=_Compiled)


@cache
def type_definition(name: str) -> TypeDefinition:
    """Return a type; KeyError if R4 has none of the name."""
    return msgspec.json.decode(_compiled().types[name], type=TypeDefinition)


@cache
def resource_types() -> frozenset[str]:
    """Return the names of the 146 resource types."""
    names = (name for name in _compiled().types if "." not in name)
    return frozenset(name for name in names if type_definition(name).is_resource)


@cache
def codes_of(value_set: str) -> frozenset[str]:
    """Return the codes of a value set; none where they cannot be counted, e.g. of languages."""
    return frozenset(_compiled().value_sets.get(value_set, ()))


@cache
def search_parameters() -> tuple[SearchParameter, ...]:
    """Return all search parameters that say where their values stand."""
    return msgspec.json.decode(_compiled().search_parameters, type=tuple[SearchParameter, ...])


def compartment(owner_type: str) -> Mapping[str, tuple[str, ...]]:
    """Return what belongs to a patient, an encounter …: type → the parameters that lead to it (R4 2.40)."""
    return _compiled().compartments[owner_type]


@cache
def properties(type_name: str) -> Mapping[str, Property]:
    """Return what may stand in the JSON of a type, by name; ``resourceType`` aside."""
    found: dict[str, Property] = {}
    for element in type_definition(type_name).elements:
        for kind in element.types:
            name = element.name + kind[0].upper() + kind[1:] if element.is_choice else element.name
            found[name] = Property(element, kind, is_extension=False)
            if kind in PRIMITIVES and _may_be_extended(type_name, element):
                found[f"_{name}"] = Property(element, "Element", is_extension=True)
    return found


def _may_be_extended(type_name: str, element: Element) -> bool:
    """All primitives but those that are attributes in XML: the ID of an element, the URL of an extension, XHTML."""
    if element.name == "id":
        return type_definition(type_name).is_resource
    return (type_name, element.name) not in {("Extension", "url"), ("Narrative", "div")}
