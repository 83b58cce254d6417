"""Names and addresses as people write them (R4 HumanName, Address): the parts of Chinese ones without gaps."""

from collections.abc import Iterable
from typing import Any

from lightwell.core.pinyin import is_ideographic


def name_text(name: dict[str, Any]) -> str:
    """Return a name in one piece, e.g. 张三; empty if nothing of it is known."""
    return str(name.get("text") or _written((name.get("family"), *name.get("given", ()))))


def address_text(address: dict[str, Any]) -> str:
    """Return an address in one piece, without its postal code and country; empty if nothing of it is known."""
    return str(address.get("text") or _written(address_parts(address)))


def address_parts(address: dict[str, Any]) -> list[str]:
    """Return an address from the whole to the part, without its postal code and country."""
    parts = (*(address.get(name) for name in ("state", "city", "district")), *address.get("line", ()))
    return [part for part in parts if part]


def _written(parts: Iterable[str | None]) -> str:
    told = [part for part in parts if part]
    return ("" if is_ideographic("".join(told)) else " ").join(told)
