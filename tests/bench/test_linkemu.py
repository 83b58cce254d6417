"""The emulated line keeps to its rate, its delay, its queue and its loss."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.linkemu import Line, Way, emulated, rtt_s

_RATE = 1e6
_LINE = Line(delay_s=0.1, loss=0.0, buffer_s=0.205)


def _run(way: Way, sent: list[tuple[float, bytes]]) -> list[tuple[float, bytes]]:
    """Send packets at their times and return when which arrived."""
    arrived: list[tuple[float, bytes]] = []

    def take(until_s: float) -> None:
        while way.next_s <= until_s:
            at_s = way.next_s
            arrived.extend((at_s, packet) for packet in way.arrived(at_s))

    for at_s, packet in sent:
        take(at_s)
        way.put(packet, at_s)
    take(1e9)
    return arrived


def test_a_packet_takes_its_own_length_and_the_way() -> None:
    assert _run(Way(_RATE, _LINE, 1), [(5.0, bytes(1250))]) == [(5.0 + 0.01 + 0.1, bytes(1250))]


def test_packets_wait_for_one_another() -> None:
    arrived = _run(Way(_RATE, _LINE, 1), [(0.0, bytes(1250))] * 3)
    assert [at_s for at_s, _ in arrived] == pytest.approx([0.11, 0.12, 0.13])


def test_what_would_wait_too_long_is_dropped() -> None:
    way = Way(_RATE, _LINE, 1)
    arrived = _run(way, [(0.0, bytes(1250))] * 50)
    assert (len(arrived), way.dropped) == (21, 29), "200 ms of 10 ms each, and the one that is going out"
    assert _run(way, [(1.0, b"later")]), "and then there is room again"


def test_a_share_of_the_packets_is_lost_the_same_each_time() -> None:
    sent = [(n * 0.02, n.to_bytes(4, "big")) for n in range(5000)]
    runs = [_run(Way(_RATE, Line(loss=0.02), seed), sent) for seed in (7, 7, 8)]
    assert runs[0] == runs[1] != runs[2]
    assert 4850 <= len(runs[0]) <= 4940


@given(st.lists(st.tuples(st.floats(0, 0.05), st.integers(20, 1500)), max_size=200))
def test_nothing_comes_early_out_of_order_or_faster_than_the_line(steps: list[tuple[float, int]]) -> None:
    at_s = 0.0
    sent: list[tuple[float, bytes]] = []
    for number, (step_s, size) in enumerate(steps):
        at_s += step_s
        sent.append((at_s, number.to_bytes(2, "big") + bytes(size)))
    way = Way(_RATE, _LINE, 1)
    arrived = _run(way, sent)
    assert len(arrived) + way.dropped == len(sent)
    times = {packet: when_s for when_s, packet in sent}
    numbers = [packet[:2] for _, packet in arrived]
    assert numbers == sorted(numbers)
    for before, (when_s, packet) in zip([(0.0, b""), *arrived], arrived, strict=False):
        own_s = len(packet) * 8 / _RATE
        assert times[packet] + 0.1 + own_s <= when_s + 1e-9
        assert when_s <= times[packet] + 0.1 + 0.205 + own_s + 1e-9
        assert when_s - before[0] >= own_s - 1e-9


def test_without_root_it_is_said_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="root"), emulated():
        pass


@pytest.mark.skipif(os.geteuid() != 0 or not Path("/dev/net/tun").exists(), reason="needs root and /dev/net/tun")
def test_a_real_connection_goes_the_way_there_and_back() -> None:
    line = Line(delay_s=0.02, loss=0.0)
    with emulated(line) as up:
        namespace = Path("/run/netns") / up.namespace
        assert namespace.exists()
        assert rtt_s(up) >= 2 * line.delay_s
    assert not namespace.exists()
