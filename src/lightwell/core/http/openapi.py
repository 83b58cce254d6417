"""The description of the HTTP API (OpenAPI 3.1), made from the endpoints' own signatures."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, Final, get_type_hints

import msgspec

from lightwell import __version__
from lightwell.core.http.endpoints import Endpoint
from lightwell.core.http.problems import Problem

_REFERENCE: Final = "#/components/schemas/{name}"


def describe(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the OpenAPI document of the endpoints."""
    kinds = [kind for endpoint in endpoints for kind in _structs(endpoint)]
    schemas, components = msgspec.json.schema_components([*kinds, Problem], ref_template=_REFERENCE)
    by_kind = dict(zip([*map(id, kinds), id(Problem)], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    named: Counter[str] = Counter()
    for endpoint in endpoints:
        path = re.sub(r":\w+}", "}", endpoint.path)
        name = f"{endpoint.handler.__module__.rpartition('.')[2]}.{endpoint.handler.__name__}"
        named[name] += 1  # one handler may answer at several addresses
        operation_id = name if named[name] == 1 else f"{name}.{named[name]}"
        paths.setdefault(path, {})[endpoint.method.lower()] = _operation(endpoint, operation_id, by_kind)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lightwell", "version": __version__, "license": {"name": "Apache-2.0"}},
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def _structs(endpoint: Endpoint) -> list[Any]:
    hints = get_type_hints(endpoint.handler)
    candidates = [hints.get("query"), hints.get("body"), hints.get("return")]
    return [kind for kind in candidates if _is_struct(kind)]


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _operation(endpoint: Endpoint, operation_id: str, by_kind: dict[int, dict[str, Any]]) -> dict[str, Any]:
    hints = get_type_hints(endpoint.handler)
    text = (endpoint.handler.__doc__ or "").strip().splitlines()
    operation: dict[str, Any] = {
        "summary": text[0] if text else "",
        "operationId": operation_id,
        "parameters": _parameters(endpoint),
        "responses": {
            "200": _answer(hints.get("return"), by_kind),
            "default": _content(by_kind[id(Problem)], "application/problem+json"),
        },
    }
    if "body" in hints:
        operation["requestBody"] = _content(by_kind[id(hints["body"])], "application/json")
    if endpoint.is_public:
        operation["security"] = []
    return operation


def _parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": msgspec.json.schema(kind)}
        for name, kind in endpoint.parameters.items()
        if f"{{{name}" in endpoint.path
    ]
    query: Any = endpoint.parameters.get("query")
    fields = msgspec.structs.fields(query) if _is_struct(query) else ()
    in_query = [{"name": field.encode_name, "in": "query", "schema": _alone(field.type)} for field in fields]
    return in_path + in_query


def _answer(kind: Any, by_kind: dict[int, dict[str, Any]]) -> dict[str, Any]:
    if id(kind) in by_kind:
        return _content(by_kind[id(kind)], "application/json")
    return {"description": "as the summary says"}


def _alone(kind: Any) -> dict[str, Any]:
    """Return the schema of one value; what it refers to is among the components, since its struct is."""
    (schema,), _ = msgspec.json.schema_components([kind], ref_template=_REFERENCE)
    return schema


def _content(schema: dict[str, Any], media_type: str) -> dict[str, Any]:
    return {"description": "", "content": {media_type: {"schema": schema}}}
