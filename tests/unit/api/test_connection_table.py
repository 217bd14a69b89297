"""The table of connections: limits, replacement and progress."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from app.services.api.http.connections import (
    BODY_SEC,
    HEAD_SEC,
    PROBES,
    STALLED_SEC,
    Admission,
    BoundedConnection,
    ConnectionTable,
    most_connections,
)
from app.services.api.http.limits import peer_of


class Client(BoundedConnection):
    """A connection whose state a test sets."""

    def __init__(self, peer: str = "") -> None:
        self.peer = peer
        self.since = 0.0
        self.stalled_since: float | None = None
        self.begun = False
        self.half_a_body = False
        self.end = ""

    def has_begun(self) -> bool:
        return self.begun

    def awaits_body(self) -> bool:
        return self.half_a_body

    def answer_late(self) -> None:
        self.end = "408"

    def cut(self) -> None:
        self.end = "cut"


class Table:
    def __init__(self, most: int, most_by_peer: int = 100) -> None:
        self.counts: Counter[str] = Counter()
        self.real = ConnectionTable(most, most_by_peer, lambda reason: self.counts.update([reason]))

    def open(self, *clients: Client) -> list[Admission]:
        return [self.real.opened(client) for client in clients]


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    """Give the table a loop to set its timer in; no timer of it ever fires here."""
    made = asyncio.new_event_loop()
    asyncio.events._set_running_loop(made)  # pyright: ignore[reportAttributeAccessIssue]
    yield
    asyncio.events._set_running_loop(None)  # pyright: ignore[reportAttributeAccessIssue]
    made.close()


def test_silent_clients_make_room_for_new_ones() -> None:
    """At the limit the one that has been idle for longest goes, and never one with a request under way."""
    table = Table(3)
    busy, idle, fresh, new = (Client() for _ in range(4))
    table.open(idle, busy, fresh)
    table.real.busy(busy, 1.0)
    table.real.busy(idle, 1.0)
    table.real.idle(idle, 2.0)
    assert table.open(new) == [Admission.SERVED]
    assert [each.end for each in (busy, idle, fresh, new)] == ["", "", "cut", ""]
    assert table.open(Client()) == [Admission.SERVED]
    assert idle.end == "cut"
    assert (len(table.real), table.counts) == (3, {"idle_connection": 2})


def test_half_a_body_makes_room_before_a_request_that_is_served() -> None:
    """A client that holds back its body is no better than a silent one."""
    table = Table(2)
    served, slow = Client(), Client()
    table.open(served, slow)
    for each in (served, slow):
        table.real.busy(each, 1.0)
    slow.half_a_body = True
    assert table.open(Client()) == [Admission.SERVED]
    assert (served.end, slow.end) == ("", "cut")


def test_a_full_process_serves_probes_on_a_few_more() -> None:
    """With a request under way on each connection the probes are served, up to a bound."""
    table = Table(2)
    for each in (Client(), Client()):
        table.open(each)
        table.real.busy(each, 1.0)
    more = [Client() for _ in range(PROBES)]
    for each in more:
        assert table.open(each) == [Admission.PROBES_ONLY]
        table.real.busy(each, 1.0)
    assert table.open(Client()) == [Admission.TOO_MANY]
    assert len(table.real) == 2 + PROBES
    table.real.closed(more[0])
    assert table.open(Client()) == [Admission.PROBES_ONLY]


def test_peers_are_limited_one_by_one() -> None:
    """One address cannot take the places of others; what it closed it may open again."""
    table = Table(100, most_by_peer=2)
    first, second = Client("192.0.2.1"), Client("192.0.2.1")
    assert table.open(first, second, Client("192.0.2.1"), Client("192.0.2.2"), Client(), Client()) == [
        Admission.SERVED,
        Admission.SERVED,
        Admission.TOO_MANY_OF_PEER,
        *[Admission.SERVED] * 3,
    ]
    table.real.closed(first)
    table.real.closed(first)
    assert table.open(Client("192.0.2.1"), Client("192.0.2.1")) == [
        Admission.SERVED,
        Admission.TOO_MANY_OF_PEER,
    ]
    assert table.counts == {"peer_connections": 2}


def test_late_heads_and_bodies_are_ended() -> None:
    """A head that began is answered 408, silence is closed, and a request that is here whole has its time."""
    table = Table(10)
    silent, half_head, half_body, served = (Client() for _ in range(4))
    table.open(silent, half_head, half_body, served)
    half_head.begun = half_body.half_a_body = True
    for each in (half_body, served):
        table.real.busy(each, 0.0)
    table.real.sweep(HEAD_SEC)
    assert not any(each.end for each in (silent, half_head, half_body, served))
    table.real.sweep(HEAD_SEC + 0.1)
    assert (silent.end, half_head.end, half_body.end) == ("cut", "408", "")
    table.real.sweep(BODY_SEC + 0.1)
    assert (half_body.end, served.end, len(table.real)) == ("408", "", 1)
    assert table.counts == {"head_timeout": 1, "body_timeout": 1}


def test_answers_that_are_not_read_are_cut_off() -> None:
    """A client that stops reading for a minute holds no place any more."""
    table = Table(10)
    stuck, slow = Client(), Client()
    table.open(stuck, slow)
    for each in (stuck, slow):
        table.real.busy(each, 0.0)
    stuck.stalled_since, slow.stalled_since = 1.0, 30.0
    table.real.sweep(1.1 + STALLED_SEC)
    assert (stuck.end, slow.end) == ("cut", "")


def test_fewer_files_mean_fewer_connections(caplog: pytest.LogCaptureFixture) -> None:
    """What the limit of open files cannot hold is not promised, and the log says so."""
    with caplog.at_level(logging.WARNING):
        assert most_connections(2_000, 1_024) == 896
    assert most_connections(2_000, 65_536) == most_connections(2_000, None) == 2_000


@pytest.mark.parametrize(
    ("address", "peer"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_peers_are_addresses_or_networks(address: str, peer: str) -> None:
    """A network of IPv6 is one peer, whichever of its addresses is used."""
    assert peer_of(address) == peer
