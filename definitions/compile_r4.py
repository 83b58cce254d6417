"""Compiles the official FHIR R4 definitions into the one small file that the platform ships.

    npm pack hl7.fhir.r4.examples@4.0.1
    tar -xzf hl7.fhir.r4.examples-4.0.1.tgz
    python definitions/compile_r4.py package

The package (CC0-1.0, HL7 International) holds 187 MB; kept are the elements of all resource and data types, the codes
of value sets that are bound as required, the search parameters, and the compartments. Rows are those of
``standards/fhir/definitions``.
"""

import gzip
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

TARGET = Path(__file__).parents[1] / "src/lightwell/standards/fhir/definitions/r4.json.gz"
_FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
# HL7's own R4 guide and search parameters leave these out; held to them, they could not be loaded.
_LOOSENED = {"ImplementationGuide.name", "ImplementationGuide.status", "SearchParameter.base"}
_OFFICIAL = "http://hl7.org/fhir/SearchParameter/"


class Package:
    """The definitions of a package, by kind and by canonical address."""

    def __init__(self, folder: Path) -> None:
        """Read the definitions; examples stay unread."""
        self._folder = folder
        self.structures = [item for item in self._read("StructureDefinition") if _is_type(item)]
        self.parameters = self._read("SearchParameter")
        self.compartments = [item for item in self._read("CompartmentDefinition") if item["id"] != "example"]
        self._value_sets = {item["url"]: item for item in self._read("ValueSet")}
        self._code_systems = {item["url"]: item for item in self._read("CodeSystem")}

    def _read(self, kind: str) -> list[dict[str, Any]]:
        paths = sorted(self._folder.glob(f"{kind}-*.json"))
        items = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
        return [item for item in items if item["resourceType"] == kind]

    def codes(self, canonical: str) -> list[str] | None:
        """Return the codes of a value set; None where they cannot be counted, e.g. languages."""
        value_set = self._value_sets.get(canonical.split("|", maxsplit=1)[0])
        if value_set is None or value_set.get("compose", {}).get("exclude"):
            return None
        found = [self._included(include) for include in value_set.get("compose", {}).get("include", [])]
        if not found or any(codes is None for codes in found):
            return None
        return sorted({code for codes in found for code in codes or ()})

    def _included(self, include: Mapping[str, Any]) -> list[str] | None:
        if "filter" in include:
            return None
        if "concept" in include:
            return [concept["code"] for concept in include["concept"]]
        if "valueSet" in include:
            found = [self.codes(canonical) for canonical in include["valueSet"]]
            return None if any(codes is None for codes in found) else [code for codes in found for code in codes or ()]
        system = self._code_systems.get(include["system"], {"content": "not-present"})
        return list(_concepts(system)) if system["content"] == "complete" else None


def _concepts(system: Mapping[str, Any]) -> Iterator[str]:
    for concept in system.get("concept", ()):
        yield concept["code"]
        yield from _concepts(concept)


def _is_type(item: Mapping[str, Any]) -> bool:
    return item["kind"] in {"resource", "complex-type"} and item.get("derivation") != "constraint"


def compile_types(package: Package) -> dict[str, Any]:
    """Return type → (is it a resource, its elements); a backbone element is a type of its own, named by its path."""
    types: dict[str, Any] = {}
    for structure in package.structures:
        is_resource = structure["kind"] == "resource" and not structure["abstract"]
        for element in structure["snapshot"]["element"]:
            if "." not in element["path"]:
                types[element["path"]] = [is_resource, []]
                continue
            owner, _, name = element["path"].rpartition(".")
            types.setdefault(owner, [False, []])[1].append(_element(name, owner, element, is_resource=is_resource))
    return types


def _element(name: str, owner: str, element: Mapping[str, Any], *, is_resource: bool) -> list[Any]:
    codes = [_type_code(kind) for kind in element.get("type", ())]
    if "contentReference" in element:
        codes = [element["contentReference"].removeprefix("#")]
    elif codes in (["BackboneElement"], ["Element"]) and name != "extension":
        codes = [element["path"]]
    if name == "id" and is_resource and "." not in owner:
        codes = ["id"]
    binding = element.get("binding", {})
    required = binding.get("valueSet", "").split("|")[0] if binding.get("strength") == "required" else ""
    targets = sorted(
        {target.rpartition("/")[2] for kind in element.get("type", ()) for target in kind.get("targetProfile", ())}
    )
    least = 0 if element["path"] in _LOOSENED else element["min"]
    most = 0 if element["max"] == "*" else int(element["max"])
    return [
        name.removesuffix("[x]"),
        codes,
        least,
        most,
        name.endswith("[x]"),
        required,
        targets,
        bool(element.get("isSummary")),
    ]


def _type_code(kind: Mapping[str, Any]) -> str:
    named = [item["valueUrl"] for item in kind.get("extension", ()) if item["url"] == _FHIR_TYPE]
    return named[0] if named else kind["code"]


def compile_value_sets(package: Package, types: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the codes of each value set that an element of type code is bound to as required."""
    bound = {row[5] for _, rows in types.values() for row in rows if row[5]}
    found = {url: package.codes(url) for url in sorted(bound)}
    return {url: codes for url, codes in found.items() if codes is not None}


def compile_parameters(package: Package) -> list[list[Any]]:
    """Return the official search parameters: address, code, types, kind, expression, targets, components."""
    official = [
        item
        for item in package.parameters
        if item["url"].startswith(_OFFICIAL) and item.get("base") and (item.get("expression") or item.get("component"))
    ]
    return [
        [
            item["url"],
            item["code"],
            item["base"],
            item["type"],
            item.get("expression", ""),
            item.get("target", []),
            [[part["definition"], part["expression"]] for part in item.get("component", ())],
        ]
        for item in official
    ]


def compile_compartments(package: Package) -> dict[str, dict[str, list[str]]]:
    """Return whose compartment → type → the parameters by which a resource belongs to it."""
    return {
        compartment["code"]: {item["code"]: item["param"] for item in compartment["resource"] if item.get("param")}
        for compartment in package.compartments
    }


def compile_package(folder: Path) -> dict[str, Any]:
    """Return all that is kept of a package."""
    package = Package(folder)
    types = compile_types(package)
    return {
        "types": types,
        "value_sets": compile_value_sets(package, types),
        "search_parameters": compile_parameters(package),
        "compartments": compile_compartments(package),
    }


def main() -> None:
    """Compile the package whose folder is given."""
    text = json.dumps(compile_package(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    TARGET.write_bytes(gzip.compress(text.encode(), compresslevel=9, mtime=0))


if __name__ == "__main__":
    main()
