"""Batches and transactions: what is to be done, in which order, and how new resources know each other (R4 3.1.0.11).

    read_bundle       the entries of a batch or transaction, each checked for its form
    in_order          deletes, then creates, then updates and patches, then reads
    names_of          by what an entry's resource is referred to by others
    rewrite           urn:uuid:… and other full URLs of entries become the references that they have got
    answer_bundle     what is answered, entry by entry

The entries of a batch are done each by itself, those of a transaction all or none.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias, cast

from lightwell.standards.fhir.definitions import ANY_RESOURCE, Property, properties, resource_types
from lightwell.standards.fhir.errors import BundleError, Issue
from lightwell.standards.fhir.resource import Resource

Method: TypeAlias = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
_ORDER: Final[Mapping[str, int]] = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2, "GET": 3, "HEAD": 3}
_URL: Final = re.compile(r"([A-Z][A-Za-z]+)(?:/([A-Za-z0-9\-.]{1,64}))?(?:\?(.+))?")
_IN_TEXT: Final = re.compile(r'(?<=["\'])(?:urn:uuid:|urn:oid:|https?://)[^"\'#]+(?=["\'#])')
_RESTFUL: Final = re.compile(r"^https?://.+/([A-Z][A-Za-z]+/[A-Za-z0-9\-.]{1,64})$")
_CONDITIONAL: Final = re.compile(r"([A-Z][A-Za-z]+)\?(.+)")
_ADDRESSES: Final = frozenset(("uri", "url", "canonical", "oid", "uuid"))
DEFAULT_MOST_ENTRIES: Final = 10_000


@dataclass(frozen=True, slots=True)
class Target:
    """What the URL of a request is about: a type, a resource of it, or those that a query finds."""

    type: str
    id: str
    query: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to do; ``number`` is its place, by which it is answered."""

    number: int
    full_url: str
    method: Method
    target: Target | None
    """None for a URL of another form, as of an operation or a version."""
    url: str
    resource: Resource | None
    if_match: str
    if_none_match: str
    if_none_exist: str
    if_modified_since: str
    issue: Issue | None
    """Why this entry of a batch cannot be done; a transaction with such an entry is refused as a whole."""

    @property
    def path(self) -> str:
        """Return where in the bundle it stands, for an issue."""
        return f"Bundle.entry[{self.number}]"


def read_bundle(bundle: Resource, most_entries: int = DEFAULT_MOST_ENTRIES) -> tuple[Entry, ...]:
    """Return what a valid batch or transaction asks for; BundleError names what cannot be done."""
    entries = bundle.get("entry", [])
    if bundle.get("type") not in {"batch", "transaction"}:
        raise BundleError([Issue("value", "expected a Bundle of type batch or transaction", "Bundle.type")])
    if len(entries) > most_entries:
        text = f"expected at most {most_entries} entries, {len(entries)} came"
        raise BundleError([Issue("too-costly", text, "Bundle.entry")])
    read = tuple(_entry(number, entry) for number, entry in enumerate(entries))
    issues = (
        [*(entry.issue for entry in read if entry.issue), *_doubles(read)] if bundle["type"] == "transaction" else []
    )
    if issues:
        raise BundleError(issues)
    return read


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries in the order in which a transaction does them (R4 3.1.0.11.2)."""
    return sorted(entries, key=lambda entry: _ORDER[entry.method])


def conditional_references(resource: Resource) -> list[tuple[str, str]]:
    """Return the references that ask for a search, as type and query: ``Patient?identifier=…|7``."""
    found = (_CONDITIONAL.fullmatch(node["reference"]) for node in _references(resource))
    return list(dict.fromkeys((match[1], match[2]) for match in found if match))


def names_of(entry: Entry) -> tuple[str, ...]:
    """Return by what other entries refer to an entry's resource: its full URL, and of an address ``Type/ID`` alone."""
    restful = _RESTFUL.search(entry.full_url)
    return (entry.full_url, restful[1]) if restful else (entry.full_url,) if entry.full_url else ()


def rewrite(resource: Resource, references: Mapping[str, str]) -> Resource:
    """Return a valid resource in which what is referred to by full URL or by search is what it has become.

    ``references`` maps what may stand in a reference to what it becomes, e.g. ``urn:uuid:…`` to ``Patient/7``. Uris and
    links in the narrative are changed too, if a full URL is all that they hold.
    """
    return cast("Resource", _rewritten(resource, ANY_RESOURCE, references))


def answer_bundle(kind: Literal["batch-response", "transaction-response"], entries: Sequence[Resource]) -> Resource:
    """Return the answer, whose entries stand where those of the request stood."""
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def answer_entry(
    status: str, *, location: str = "", etag: str = "", last_modified: str = "", **parts: Resource
) -> dict[str, Any]:
    """Return the answer to an entry; ``parts`` are ``resource`` and ``outcome``."""
    said = {"location": location, "etag": etag, "lastModified": last_modified}
    response: dict[str, Any] = {"status": status, **{name: text for name, text in said.items() if text}}
    outcome = {"outcome": parts["outcome"]} if "outcome" in parts else {}
    resource = {"resource": parts["resource"]} if "resource" in parts else {}
    return {**resource, "response": response | outcome}


def read_target(url: str) -> Target | None:
    """Return what a relative URL is about; None for anything else, e.g. an operation."""
    match = _URL.fullmatch(url)
    return Target(match[1], match[2] or "", match[3] or "") if match and match[1] in resource_types() else None


def _entry(number: int, entry: Mapping[str, Any]) -> Entry:
    request, resource = entry.get("request", {"method": "GET", "url": ""}), entry.get("resource")
    target = read_target(request["url"].removeprefix("/"))
    issue = _issue(f"Bundle.entry[{number}]", request["method"], target, resource) if target else None
    if "request" not in entry:
        issue = Issue("required", "expected request, it is missing", f"Bundle.entry[{number}]")
    return Entry(
        number,
        entry.get("fullUrl", ""),
        request["method"],
        target,
        request["url"],
        resource,
        if_match=request.get("ifMatch", ""),
        if_none_match=request.get("ifNoneMatch", ""),
        if_none_exist=request.get("ifNoneExist", ""),
        if_modified_since=request.get("ifModifiedSince", ""),
        issue=issue,
    )


def _issue(path: str, method: Method, target: Target, resource: Resource | None) -> Issue | None:
    if method in {"POST", "PUT", "PATCH"} and resource is None:
        return Issue("required", f"expected resource with {method}, it is missing", path)
    if method in {"POST", "PUT"} and resource and resource["resourceType"] != target.type:
        return Issue("value", f"expected a {target.type} as its URL says", f"{path}.resource")
    if method in {"PUT", "PATCH", "DELETE"} and not (target.id or target.query):
        return Issue("value", f"expected an ID or a query with {method}", f"{path}.request.url")
    return None


def _doubles(entries: Sequence[Entry]) -> Iterator[Issue]:
    """No two entries may be about the same resource, and no two of one full URL (R4 3.1.0.11.2)."""
    changed: set[Target] = set()
    named: set[str] = set()
    for entry in entries:
        if entry.method in {"PUT", "PATCH", "DELETE"} and entry.target:
            if entry.target in changed:
                yield Issue("invariant", "expected one entry for each resource", entry.path)
            changed.add(entry.target)
        if entry.full_url and entry.resource is not None:
            if entry.full_url in named:
                yield Issue("invariant", "expected a fullUrl that no other entry has", entry.path)
            named.add(entry.full_url)


def _references(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, list):
        for item in cast("list[Any]", node):
            yield from _references(item)
    elif isinstance(node, dict):
        value = cast("dict[str, Any]", node)
        if isinstance(value.get("reference"), str):
            yield value
        for item in value.values():
            yield from _references(item)


def _rewritten(node: Any, kind: str, references: Mapping[str, str]) -> Any:
    """Change addresses only: an identifier that is the same text as a full URL stays what it is."""
    if isinstance(node, list):
        return [_rewritten(item, kind, references) for item in cast("list[Any]", node)]
    if isinstance(node, str):
        if kind == "xhtml":
            return _IN_TEXT.sub(lambda match: references.get(match[0], match[0]), node)
        return references.get(node, node) if kind in _ADDRESSES else node
    if not isinstance(node, dict):
        return node
    value = cast("dict[str, Any]", node)
    members = properties(value.get("resourceType", kind) if kind == ANY_RESOURCE else kind)
    return {
        key: item if key == "resourceType" else _rewritten(item, _kind(kind, key, members), references)
        for key, item in value.items()
    }


def _kind(owner: str, key: str, members: Mapping[str, Property]) -> str:
    return "uri" if (owner, key) == ("Reference", "reference") else members[key].type
