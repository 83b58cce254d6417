"""Where the record of this house is, for those who write in it without having been asked by an address."""

from lightwell.core.settings import Settings
from lightwell.standards.fhir.search.values import Place


def address_of(settings: Settings) -> str:
    """Return the address of this server, without a slash at its end."""
    return (settings.public_url or f"http://{settings.bind}:{settings.http_port}").rstrip("/")


def place_of_house(settings: Settings) -> Place:
    """Return the address of the record, and the zone of dates that do not say theirs."""
    return Place(f"{address_of(settings)}/fhir", settings.zone)
