"""What is answered when something is wrong: an OperationOutcome (R4 2.36)."""

from collections.abc import Iterable

from lightwell.standards.fhir.errors import Issue
from lightwell.standards.fhir.resource import Resource


def operation_outcome(issues: Iterable[Issue]) -> Resource:
    """Return issues as a resource; all went well if there are none."""
    told = [_issue(issue) for issue in issues]
    return {"resourceType": "OperationOutcome", "issue": told or [_issue(_ALL_WELL)]}


def _issue(issue: Issue) -> dict[str, object]:
    said: dict[str, object] = {"severity": issue.severity, "code": issue.code, "diagnostics": issue.diagnostics}
    return said | {"expression": [issue.expression]} if issue.expression else said


_ALL_WELL = Issue("informational", "all well", severity="information")
