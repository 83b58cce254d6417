"""What a node costs while it only stands there: memory under idle associations, time to start with many studies."""

import time

import psutil
import psycopg

from lightwell.core.db.embedded import EmbeddedPostgres
from tests.region import running_server
from tests.sender import EXPLICIT_LITTLE, Sender

_VERIFICATION = "1.2.840.10008.1.1"
_STUDIES = """
INSERT INTO archive.study (organisation_id, study_instance_uid, patient_id, issuer_of_patient_id, patient_name,
    patient_birth_date, patient_sex, study_date, study_time, study_description, study_id, accession_number,
    referring_physician_name, institution_name, is_charset_repaired, is_open)
SELECT 1 + n %% 2, '1.2.3.' || n, 'P' || n, '', 'Wang^Wu=王^五', '', '', '2026' || lpad((n %% 365)::text, 4, '0'), '',
    '', '', 'A' || n, '', '', false, false FROM generate_series(1, %(count)s) AS n
"""


def idle_associations(count: int) -> tuple[int, float]:
    """Return how many of ``count`` associations answer an echo after they were all open, and the server's RSS in MB."""
    with running_server() as (server, _):
        senders = [Sender(server.dicom_port, [(_VERIFICATION, EXPLICIT_LITTLE)]) for _ in range(count)]
        answered = sum(sender.echo() == 0 for sender in senders)
        assert server.process is not None
        rss_mb = psutil.Process(server.process.pid).memory_info().rss / 1e6
        for sender in senders:
            sender.close()
        return answered, rss_mb


def seconds_to_ready(studies: int) -> float:
    """Return the seconds from the command to the ready line, with so many studies in the index."""
    with running_server() as (server, _):
        server.stop()
        embedded = EmbeddedPostgres(server.settings.data_dir)
        embedded.start()
        with psycopg.connect(embedded.conninfo("lw_owner"), autocommit=True) as owner:
            owner.execute(_STUDIES, {"count": studies})
        embedded.stop()
        started = time.perf_counter()
        server.start()
        return time.perf_counter() - started
