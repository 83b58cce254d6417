"""The values of a statement that is put together: each gets a name, and stands in the text by that alone."""

from dataclasses import dataclass, field
from typing import Any

from psycopg import sql


@dataclass(slots=True)
class Binding:
    """The values of one statement, and the aliases of its tables."""

    values: dict[str, Any] = field(default_factory=dict[str, Any])
    aliases: int = 0

    def put(self, value: Any) -> sql.Placeholder:
        """Add a value and return what stands for it."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return sql.Placeholder(name)

    def alias(self) -> sql.Identifier:
        """Return a name that no other table of the statement has."""
        self.aliases += 1
        return sql.Identifier(f"k{self.aliases}")
