"""Coercion: what a peer's images are filed under, where the peer is known to write it wrongly.

The bytes are never changed; only what the index says of them is. A peer's rules name an attribute by its keyword and
say ``set`` (always), ``default`` (when empty) or ``prefix``::

    {"IssuerOfPatientID": {"set": "LIANGJIANG"}, "SpecificCharacterSet": {"default": "GB18030"}}
"""

from collections.abc import Mapping
from typing import Any, Final

from lightwell.core.errors import InvalidRequest

ATTRIBUTES: Final = frozenset(
    {"SpecificCharacterSet", "PatientID", "IssuerOfPatientID", "AccessionNumber", "InstitutionName", "StationName"}
)
_VERBS: Final = frozenset({"set", "default", "prefix"})


def require_rules(rules: Mapping[str, Any]) -> None:
    """Go on only if the rules can be applied.

    Raises:
        InvalidRequest: names the rule and what is allowed.
    """
    for attribute, rule in rules.items():
        if attribute not in ATTRIBUTES:
            message = f"{attribute} cannot be coerced; these can: {', '.join(sorted(ATTRIBUTES))}"
            raise InvalidRequest(message)
        if not isinstance(rule, Mapping) or not rule or set(rule) - _VERBS:  # pyright: ignore[reportUnknownArgumentType]
            message = f"the rule for {attribute} must be an object with set, default or prefix"
            raise InvalidRequest(message)


def coerce(rules: Mapping[str, Any], attribute: str, value: str) -> str:
    """Return the value that the index takes for an attribute."""
    rule = rules.get(attribute)
    if not rule:
        return value
    if "set" in rule:
        return str(rule["set"])
    if not value:
        return str(rule.get("default", ""))
    return f"{rule.get('prefix', '')}{value}"
