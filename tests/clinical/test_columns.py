"""Arrays as PostgreSQL reads them: whatever stands in a text or in bytes comes back as it was."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lightwell.clinical.columns import array, contents, texts
from tests.region import Server

_KEPT = st.characters(exclude_characters="\0", exclude_categories=("Cs",))
_TEXTS = st.lists(st.one_of(st.text(_KEPT), st.sampled_from(['"', "\\", "{a,b}", "NULL", "", " ", "张𠮷\n", "'"])))
_ONE_SERVER = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@_ONE_SERVER
@given(said=_TEXTS, raw=st.lists(st.binary()))
def test_texts_and_bytes_come_back_as_they_were(server: Server, said: list[str], raw: list[bytes]) -> None:
    [(back, raw_back)] = server.query("SELECT %s::text[], %s::bytea[]", texts(said), contents(raw))
    assert (back, raw_back) == (said, raw)


def test_numbers_and_nothing_come_back_as_they_were(server: Server) -> None:
    assert server.query("SELECT %s::bigint[], %s::text[]", array([-1, "NULL", 2]), texts([])) == [([-1, None, 2], [])]
