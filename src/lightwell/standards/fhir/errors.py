"""What can be wrong with a resource or a request that we are given.

    FhirError             has issues, as an OperationOutcome tells them
    ├── ResourceError     the resource: not JSON, of no known type, against the definitions
    ├── SearchError       the search: an unknown parameter, a value that is none
    ├── PatchError        the patch does not fit the resource
    └── BundleError       the batch or transaction cannot be done as it is written

Messages say what was expected and what came, and never hold what stands in a patient's element.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Severity = Literal["fatal", "error", "warning", "information"]
IssueType = Literal[
    "invalid",
    "structure",
    "required",
    "value",
    "invariant",
    "code-invalid",
    "not-supported",
    "not-found",
    "deleted",
    "conflict",
    "multiple-matches",
    "too-long",
    "too-costly",
    "security",
    "forbidden",
    "login",
    "processing",
    "exception",
    "informational",
]


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong, where (a FHIRPath such as ``Patient.name[0].use``), and of what kind."""

    code: IssueType
    diagnostics: str
    expression: str = ""
    severity: Severity = "error"


class FhirError(Exception):
    """Anything that is wrong with what we are given."""

    def __init__(self, issues: Sequence[Issue]) -> None:
        """Keep what is wrong."""
        super().__init__("; ".join(f"{issue.expression}: {issue.diagnostics}".lstrip(": ") for issue in issues[:3]))
        self.issues: tuple[Issue, ...] = tuple(issues)


class ResourceError(FhirError):
    """This is not a resource as R4 defines it."""


class SearchError(FhirError):
    """This is not a search that can be answered."""


class PatchError(FhirError):
    """This patch does not fit the resource."""


class BundleError(FhirError):
    """This bundle cannot be worked off."""
