"""The target of a job: equal for one thing, different for others."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.specs.search import same_url, target_of

A01: dict[str, Any] = {"channel": "telegram", "account_id": "bot_a01"}


@pytest.mark.parametrize(
    ("job_type", "one", "other"),
    [
        ("monitor.channel", A01, {**A01, "notify": {"channel": "email"}, "fail_after": 9}),
        ("monitor.http", {"url": "https://a.example"}, {"url": "HTTPS://A.example:443/#top"}),
        ("monitor.http", {"url": "http://a.example/x"}, {"url": "http://a.example:80/x", "contains": "ok"}),
        ("report.daily", {}, {"timezone": "UTC", "notify": {"channel": "telegram", "to": "1"}}),
        ("backup.export", {"keep": 3}, {}),
        ("message.send", {"to": "1", "text": "hi"}, {"to": "1", "text": "hi", "account_id": "b"}),
        ("shop.greet", {"a": 1, "b": 2}, {"b": 2, "a": 1}),
    ],
)
def test_target_is_the_same_whatever_the_rest_says(
    job_type: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    """The method of a job and its recipients do not change its target."""
    assert target_of(job_type, one) == target_of(job_type, other)


OTHERS: list[tuple[tuple[str, dict[str, Any]], tuple[str, dict[str, Any]]]] = [
    (("monitor.channel", A01), ("monitor.channel", {**A01, "account_id": "bot_a02"})),
    (("monitor.channel", A01), ("monitor.channel", {**A01, "channel": "whatsapp"})),
    (("monitor.http", {"url": "http://a.example"}), ("monitor.http", {"url": "https://a.example"})),
    (("monitor.http", {"url": "http://a.example/x"}), ("monitor.http", {"url": "http://a.example/X"})),
    (("message.send", {"to": "1", "text": "a"}), ("message.send", {"to": "2", "text": "a"})),
    (("message.send", {"text": "a"}), ("message.send", {"channel": "telegram", "text": "a"})),
    (("report.daily", {}), ("backup.export", {})),
    (("shop.greet", {"a": 1}), ("shop.greet", {"a": 2})),
]


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_target_differs_for_another_thing(
    one: tuple[str, dict[str, Any]], other: tuple[str, dict[str, Any]]
) -> None:
    """Another account, address, recipient or type is another target."""
    assert target_of(*one) != target_of(*other)


@pytest.mark.parametrize("url", ["", "no url", "http://[::1", "http://a:b:c", "http://a.example:99999/x"])
def test_url_that_is_none_stays_as_it_is(url: str) -> None:
    """A text that cannot be read as a URL is compared as it was typed."""
    assert same_url(url) in {url, f"{url}/"}


def test_url_keeps_its_login_and_ipv6() -> None:
    """Only what is the same by definition is folded."""
    assert same_url("http://Me:Pass@[2001:DB8::1]:8080/A?q=B#c") == "http://Me:Pass@[2001:db8::1]:8080/A?q=B"
