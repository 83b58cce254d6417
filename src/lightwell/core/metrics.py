"""Figures for Prometheus, at ``/metrics``; no label ever holds a person's data."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

HTTP_REQUESTS: Final = Counter("lightwell_http_requests", "HTTP requests answered", ["method", "status"])
HTTP_SECONDS: Final = Histogram("lightwell_http_seconds", "Seconds until the answer began", ["method"])
ASSOCIATIONS: Final = Gauge("lightwell_dicom_associations", "DICOM associations open now")
PROBES: Final = Counter("lightwell_dicom_probes", "DICOM connections that ended before an A-ASSOCIATE-RQ had come")
MESSAGES: Final = Counter("lightwell_dicom_messages", "DICOM messages answered", ["service", "status"])
JOURNAL_SECONDS: Final = Histogram("lightwell_durable_seconds", "Seconds from the last byte to durable")
STORED: Final = Counter("lightwell_stored", "Objects kept", ["outcome"])
DATABASE_RESTARTS: Final = Counter("lightwell_database_restarts", "Restarts of the embedded database")

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


def page() -> bytes:
    """Return the page that Prometheus reads."""
    return generate_latest()
