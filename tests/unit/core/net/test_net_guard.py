"""Addresses are public or out of reach, whatever they carry inside; names are looked up once."""

from __future__ import annotations

from collections.abc import Collection
from ipaddress import ip_address

import pytest

from app.core.errors import HttpUnreachable, UrlRefused
from app.core.hosts import opened_place
from app.core.net.addresses import AddressKind, address_kind, resolve_allowed
from tests.support.http.hostile_urls_apart import MIXED_ANSWERS


class FakeResolver:
    """Answers each lookup with the next of its answers, the last one for ever."""

    def __init__(self, *answers: Collection[str] | OSError) -> None:
        self.answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    async def __call__(self, name: str, port: int) -> Collection[str]:
        self.asked.append((name, port))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, OSError):
            raise answer
        return answer


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("8.8.8.8", "public"),
        ("2606:4700:4700::1111", "public"),
        ("64:ff9b::8.8.8.8", "public"),
        ("::ffff:8.8.8.8", "public"),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("64:ff9b::7f00:1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("10.1.2.3", "private"),
        ("172.31.0.1", "private"),
        ("192.168.0.1", "private"),
        ("100.64.0.1", "private"),
        ("fd00::1", "private"),
        ("64:ff9b:1::10.0.0.1", "private"),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "private"),
        ("2606:4700::5efe:10.0.0.1", "private"),
        ("169.254.1.1", "link-local"),
        ("fe80::1", "link-local"),
        ("169.254.169.254", "metadata"),
        ("100.100.100.200", "metadata"),
        ("168.63.129.16", "metadata"),
        ("192.0.0.192", "metadata"),
        ("fd00:ec2::254", "metadata"),
        ("64:ff9b::a9fe:a9fe", "metadata"),
        ("2002:a9fe:a9fe::", "metadata"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("0.0.0.0", "reserved"),
        ("::", "reserved"),
        ("192.0.2.1", "reserved"),
        ("192.88.99.1", "reserved"),
        ("198.19.0.1", "reserved"),
        ("240.0.0.1", "reserved"),
        ("255.255.255.255", "reserved"),
        ("fec0::1", "reserved"),
        ("2001:db8::1", "reserved"),
        ("2001:2::1", "reserved"),
        ("2001:20::1", "reserved"),
        ("2002:808:808::1", "reserved"),
        ("3fff::1", "reserved"),
        ("100::1", "reserved"),
        ("5f00::1", "reserved"),
        ("4000::1", "reserved"),
        ("64:ff9b:1::8.8.8.8", "reserved"),
        ("::8.8.8.8", "reserved"),
        ("::ffff:0:8.8.8.8", "reserved"),
        ("2001:0:808:808::f7f7:f7f7", "reserved"),
    ],
)
def test_address_has_a_kind(address: str, kind: str) -> None:
    """What is not surely public is not public; an address inside another one counts."""
    assert address_kind(ip_address(address)) is AddressKind(kind)


async def test_name_leads_to_its_addresses_in_order() -> None:
    """Each once, and at the port that was asked for."""
    resolver = FakeResolver(["2606:4700::1", "93.184.216.34", "93.184.216.34"])
    found = await resolve_allowed("example.org", 8443, (), resolver)
    assert found == ["2606:4700::1", "93.184.216.34"]
    assert resolver.asked == [("example.org", 8443)]


@pytest.mark.parametrize("host", ["93.184.216.34", "2606:4700::1", "[2606:4700::1]"])
async def test_literal_address_is_not_looked_up(host: str) -> None:
    """It is what it says."""
    resolver = FakeResolver(OSError("asked"))
    assert await resolve_allowed(host, 80, (), resolver) == [host.strip("[]")]
    assert resolver.asked == []


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["127.0.0.1", "93.184.216.34"],
        ["2606:4700::1", "::1"],
        ["93.184.216.34", "169.254.169.254"],
        ["::ffff:10.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["2002:7f00:1::"],
        ["fe80::1%eth0"],
        ["0.0.0.0"],
        [f"93.184.216.{n}" for n in range(100)] + ["10.0.0.1"],
    ],
    ids=repr,
)
async def test_name_with_one_private_address_is_refused(addresses: list[str]) -> None:
    """Every address of the answer must pass: each of them could be used."""
    with pytest.raises(UrlRefused, match=r"HTTP_ALLOW_PRIVATE="):
        await resolve_allowed("evil.example.org", 80, (), FakeResolver(addresses))


@pytest.mark.parametrize(
    "host", ["localhost", "127.1", "0x7f000001", "metadata.google.internal", "127。0。0。1"]
)
async def test_name_that_is_refused_is_not_looked_up(host: str) -> None:
    """A resolver would read it in its own way."""
    resolver = FakeResolver(["93.184.216.34"])
    with pytest.raises(UrlRefused):
        await resolve_allowed(host, 80, (), resolver)
    assert resolver.asked == []


@pytest.mark.parametrize("answer", [OSError("no such name"), [], ["no address"]], ids=repr)
async def test_name_without_address_is_unreachable(answer: Collection[str] | OSError) -> None:
    """That is for another try, not for an operator."""
    with pytest.raises(HttpUnreachable) as failure:
        await resolve_allowed("gone.example.org", 80, (), FakeResolver(answer))
    assert failure.value.phase == "dns"


@pytest.mark.parametrize(
    ("entry", "addresses", "passes"),
    [
        ("printer.lan:631", ["192.168.1.9"], True),
        ("printer.lan:631", ["127.0.0.1", "fd00::9"], True),
        ("printer.lan:80", ["192.168.1.9"], False),
        ("192.168.1.9:631", ["192.168.1.9"], False),
        ("printer.lan:631", ["192.168.1.9", "169.254.169.254"], False),
        ("printer.lan:631", ["169.254.1.1"], False),
        ("printer.lan:631", ["fe80::1"], False),
        ("printer.lan:631", ["224.0.0.1"], False),
        ("printer.lan:631", ["0.0.0.0"], False),
    ],
)
async def test_opened_name_leads_to_the_own_network_alone(
    entry: str, addresses: list[str], passes: bool
) -> None:
    """The owner of the name's DNS cannot point it at the machine's metadata; a number opens no name."""
    opened = {opened_place(entry)}
    if passes:
        assert len(await resolve_allowed("printer.lan", 631, opened, FakeResolver(addresses))) == len(
            addresses
        )
    else:
        with pytest.raises(UrlRefused):
            await resolve_allowed("printer.lan", 631, opened, FakeResolver(addresses))


async def test_opened_number_passes_under_a_public_name() -> None:
    """The address is what the operator opened, so a public name may lead there, at that port."""
    opened = {opened_place("10.0.0.7:8080")}
    resolver = FakeResolver(["10.0.0.7"])
    assert await resolve_allowed("app.example.org", 8080, opened, resolver) == ["10.0.0.7"]
    with pytest.raises(UrlRefused):
        await resolve_allowed("app.example.org", 8081, opened, resolver)


async def test_answer_with_very_many_addresses_is_cut() -> None:
    """All are checked, a handful is tried."""
    many = [f"93.184.{n // 250}.{n % 250}" for n in range(1000)]
    assert len(await resolve_allowed("many.example.org", 80, (), FakeResolver(many))) == 16


@pytest.mark.parametrize("addresses", MIXED_ANSWERS, ids=str)
async def test_name_with_one_address_out_of_reach_is_refused(addresses: tuple[str, ...]) -> None:
    """In any order, and behind more addresses than are ever tried."""
    for said in (addresses, addresses[::-1]):
        with pytest.raises(UrlRefused):
            await resolve_allowed("mixed.example.org", 80, (), FakeResolver(said))
