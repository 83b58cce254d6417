"""Figures for Prometheus, at ``/metrics``; no label ever holds a person's data."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

HTTP_REQUESTS: Final = Counter("lightwell_http_requests", "HTTP requests answered", ["method", "status"])
HTTP_SECONDS: Final = Histogram("lightwell_http_seconds", "Seconds until the answer began", ["method"])
ASSOCIATIONS: Final = Gauge("lightwell_dicom_associations", "DICOM associations open now")
PROBES: Final = Counter("lightwell_dicom_probes", "DICOM connections that ended before an A-ASSOCIATE-RQ had come")
MESSAGES: Final = Counter("lightwell_dicom_messages", "DICOM messages answered", ["service", "status"])
FRAMES: Final = Counter("lightwell_mllp_frames", "What came over MLLP, by what it was", ["kind"])
LINES: Final = Gauge("lightwell_mllp_connections", "MLLP connections open now")
LINES_REFUSED: Final = Counter("lightwell_mllp_refused", "MLLP connections closed since there were too many")
ANSWERS: Final = Counter("lightwell_hl7_answers", "HL7 messages answered", ["code"])
STRANGERS: Final = Counter("lightwell_hl7_strangers", "HL7 messages refused since nobody knows who sends them")
APPLIED: Final = Counter("lightwell_hl7_applied", "HL7 messages that became part of records, or did not", ["outcome"])
SENT: Final = Counter(
    "lightwell_hl7_sent", "HL7 messages that were sent: taken, refused, or to be sent again", ["outcome"]
)
JOURNAL_SECONDS: Final = Histogram("lightwell_durable_seconds", "Seconds from the last byte to durable")
STORED: Final = Counter("lightwell_stored", "Objects kept", ["outcome"])
DATABASE_RESTARTS: Final = Counter("lightwell_database_restarts", "Restarts of the embedded database")

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST


def page() -> bytes:
    """Return the page that Prometheus reads."""
    return generate_latest()
