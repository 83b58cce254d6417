"""Where the record of this house is, for those who write in it without having been asked by an address."""

from lightwell.core.settings import Settings
from lightwell.standards.fhir.search.values import Place


def place_of_house(settings: Settings) -> Place:
    """Return the address of the record, and the zone of dates that do not say theirs."""
    return Place(f"{settings.origin}/fhir", settings.zone)
