"""Who acts: a person, a device or the house itself, with the organisations and permissions that it has.

A role is a name for a set of permissions; :data:`ROLES` is the one table that says which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from lightwell.core.errors import Forbidden


class Permission(StrEnum):
    """What can be allowed."""

    ARCHIVE_READ = "archive.read"
    ARCHIVE_WRITE = "archive.write"
    ARCHIVE_RESOLVE = "archive.resolve"
    RECORD_READ = "record.read"
    RECORD_WRITE = "record.write"
    RECORD_RESOLVE = "record.resolve"
    AUDIT_READ = "audit.read"
    ADMINISTER = "administer"


ROLES: Final[Mapping[str, frozenset[Permission]]] = MappingProxyType(
    {
        "reader": frozenset({Permission.ARCHIVE_READ, Permission.RECORD_READ}),
        "clinician": frozenset({Permission.ARCHIVE_READ, Permission.RECORD_READ, Permission.RECORD_WRITE}),
        "engineer": frozenset(
            {
                *(Permission.ARCHIVE_READ, Permission.ARCHIVE_WRITE, Permission.ARCHIVE_RESOLVE),
                *(Permission.RECORD_READ, Permission.RECORD_WRITE, Permission.RECORD_RESOLVE),
            }
        ),
        "auditor": frozenset({Permission.AUDIT_READ}),
        "administrator": frozenset(Permission),
    }
)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts in a transaction.

    ``organisation_ids`` are the organisations whose rows the database shows; everything else stays invisible. A role in
    one organisation gives nothing in another: ``roles`` says what is allowed where, and None that all of it is
    everywhere.
    """

    kind: str
    name: str
    organisation_ids: tuple[int, ...]
    permissions: frozenset[Permission]
    account_id: int | None = None
    locale: str = "zh-CN"
    roles: Mapping[int, frozenset[Permission]] | None = None
    codes: Mapping[str, int] = field(default_factory=dict[str, int])
    """What its organisations are called, where it is asked to act in one of them."""

    def organisations_with(self, permission: Permission) -> tuple[int, ...]:
        """Return the organisations in which the actor holds a permission."""
        if self.roles is None:
            return self.organisation_ids if permission in self.permissions else ()
        return tuple(sorted(number for number, held in self.roles.items() if permission in held))

    def acting_with(self, permission: Permission) -> tuple[int, ...]:
        """Return those of them in which the actor acts now, and so sees what there is."""
        return tuple(number for number in self.organisations_with(permission) if number in self.organisation_ids)

    def limited_to(self, permission: Permission) -> "Actor":
        """Return the actor as it may act by one permission: only where it holds that, it sees anything.

        Raises:
            Forbidden: it holds it nowhere.
        """
        self.require(permission)
        return self._at(self.organisations_with(permission))

    def within(self, code: str) -> "Actor":
        """Return the actor as it acts in one of its organisations only.

        Raises:
            Forbidden: it is none of those that it may act in.
        """
        number = self.codes.get(code)
        if number not in self.organisation_ids:
            own = [name for name, held in self.codes.items() if held in self.organisation_ids]
            message = f"expected ?organisation= and one of {', '.join(own)}, where you have a role for this"
            raise Forbidden(message)
        return self._at((number,))

    def _at(self, where: tuple[int, ...]) -> "Actor":
        return Actor(
            self.kind, self.name, where, self.permissions, self.account_id, self.locale, self.roles, self.codes
        )

    def require(self, permission: Permission) -> None:
        """Go on only if the actor holds the permission.

        Raises:
            Forbidden: it does not.
        """
        if permission not in self.permissions:
            message = f"this needs the permission {permission.value}; ask an administrator for a role that has it"
            raise Forbidden(message)


NOBODY: Final = Actor(kind="nobody", name="", organisation_ids=(), permissions=frozenset())


def house(*organisation_ids: int) -> Actor:
    """Return the house itself, acting for the organisations named (jobs, the ingest batch)."""
    return Actor(kind="house", name="lightwell", organisation_ids=organisation_ids, permissions=frozenset(Permission))


def device(name: str, organisation_id: int) -> Actor:
    """Return a machine on the network that speaks for one organisation."""
    allowed = frozenset({Permission.ARCHIVE_READ, Permission.ARCHIVE_WRITE})
    return Actor(kind="device", name=name, organisation_ids=(organisation_id,), permissions=allowed)
