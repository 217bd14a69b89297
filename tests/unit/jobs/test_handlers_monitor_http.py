"""monitor.http: meaning of an answer, and failures of the run."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.errors import HttpUnreachable, UrlRefused
from app.core.i18n import render
from app.core.tools.http import HttpAnswer
from app.jobs.handlers.monitor_http import MonitorHttpInputs, MonitorHttpOutput, monitor_http
from tests.support.jobs.job_fakes import FakeHost

START_MS, DAY_MS = 1_785_196_800_000, 86_400_000
URL = "https://example.org/health?key=hidden"
OK = HttpAnswer(200, {}, "all is well", 11, 42, URL, START_MS + 60 * DAY_MS)


class Watched:
    """A monitor with its checks one after another."""

    def __init__(self, **inputs: Any) -> None:
        self.host = FakeHost("monitor.http")
        self.tools = self.host.tools
        self.inputs = MonitorHttpInputs.model_validate({"url": URL, **inputs})
        self._checks = 0

    async def check(self, answer: HttpAnswer | Exception = OK) -> MonitorHttpOutput:
        self.tools.http.error = answer if isinstance(answer, Exception) else None
        self.tools.http.answer = answer if isinstance(answer, HttpAnswer) else OK
        self._checks += 1
        return await monitor_http(self.host.context(START_MS + self._checks * 60_000), self.inputs)


async def test_answer_as_expected_is_up() -> None:
    """Status, latency and the certificate's end come back; the gauges say the same."""
    watched = Watched(contains="well")
    output = await watched.check()
    assert output.model_dump() == {
        "state": "up",
        "reason": None,
        "latency_ms": 42,
        "detail": "200 OK",
        "fails_in_a_row": 0,
        "status": 200,
        "tls_expires_at": OK.tls_expires_at,
    }
    assert watched.tools.metrics.gauges == {"http_up": 1, "http_latency_ms": 42}


@pytest.mark.parametrize(
    ("inputs", "changes", "state", "reason"),
    [
        ({}, {"status": 399}, "up", None),
        ({}, {"status": 404}, "down", "status"),
        ({}, {"status": 500}, "down", "status"),
        ({"expect_status": 404}, {"status": 404}, "up", None),
        ({"expect_status": 200}, {"status": 204}, "down", "status"),
        ({"contains": "missing"}, {}, "down", "body"),
        ({"contains": "missing"}, {"truncated": True}, "down", "body"),
        ({"degraded_ms": 41}, {}, "degraded", "slow"),
        ({"latency_ms": 42}, {}, "up", None),
        ({"latency_ms": 41}, {}, "degraded", "slow"),
        ({"expect_status": [200, "3xx"]}, {"status": 304}, "up", None),
        ({"expect_status": "200, 204"}, {"status": 204}, "up", None),
        ({"expect_status": "2xx"}, {"status": 301}, "down", "status"),
        ({"absent": "sold out"}, {}, "up", None),
        ({"absent": "well"}, {}, "down", "forbidden_text"),
        (
            {"json_value": {"pointer": "/a/1/b~1c", "value": 5}},
            {"text": '{"a": [0, {"b/c": 5}]}'},
            "up",
            None,
        ),
        ({"json_value": {"pointer": "/a", "value": 1}}, {"text": '{"a": true}'}, "down", "json"),
        ({}, {"tls_expires_at": START_MS + 13 * DAY_MS}, "degraded", "certificate_ends"),
        ({"tls_warn_days": 5}, {"tls_expires_at": START_MS + 13 * DAY_MS}, "up", None),
        ({"cert_days": 5}, {"tls_expires_at": START_MS + 13 * DAY_MS}, "up", None),
        ({}, {"tls_expires_at": None}, "up", None),
        ({"expect_status": 200}, {"status": 500, "elapsed_ms": 9_999}, "down", "status"),
    ],
)
async def test_answer_is_judged_by_what_is_expected(
    inputs: dict[str, Any], changes: dict[str, Any], state: str, reason: str | None
) -> None:
    """Wrong status or body is down, slow or an ending certificate degraded; the worse of two counts."""
    output = await Watched(**inputs).check(replace(OK, **changes))
    assert (output.state, output.reason) == (state, reason)


@pytest.mark.parametrize("phase", ["dns", "connect", "tls", "response", "body"])
async def test_site_that_does_not_answer_is_down_and_the_run_succeeds(phase: Any) -> None:
    """The check ran; its reason is the phase that failed."""
    watched = Watched()
    output = await watched.check(HttpUnreachable("no answer", phase=phase))
    assert (output.state, output.reason, output.status) == ("down", f"unreachable_{phase}", None)
    assert watched.tools.metrics.gauges == {"http_up": 0}


async def test_refused_url_fails_the_run() -> None:
    """A refusal says nothing about the site: it is no `down`, and nothing is remembered."""
    watched = Watched()
    with pytest.raises(UrlRefused):
        await watched.check(UrlRefused("no"))
    assert watched.tools.kv.values == {}


@pytest.mark.parametrize(
    ("inputs", "changes", "words"),
    [
        ({}, {"status": 503}, "503 Service Unavailable"),
        ({}, {"status": 599}, "599"),
        ({"expect_status": "200, 3xx"}, {"status": 503}, "503 Service Unavailable, expected 200, 3xx"),
        ({"contains": "x" * 99}, {}, f'the text "{"x" * 79}…" is missing'),
        ({"contains": "x"}, {"truncated": True}, 'the text "x" is missing (11 bytes were read)'),
        ({"absent": "well"}, {}, 'the text "well" is on the page'),
        (
            {"json_value": {"pointer": "/a", "value": "ok"}},
            {"text": '{"a": "no"}'},
            '/a is "no", expected "ok"',
        ),
        ({"json_value": {"pointer": "/b", "value": "ok"}}, {"text": "{}"}, "/b is missing in the answer"),
        ({"json_value": {"pointer": "/7", "value": 1}}, {"text": "[1]"}, "/7 is missing in the answer"),
        (
            {"json_value": {"pointer": "/a/b", "value": 1}},
            {"text": '{"a": 1}'},
            "/a/b is missing in the answer",
        ),
        ({"json_value": {"pointer": "", "value": 1}}, {}, "the answer is no JSON"),
        (
            {"json_value": {"pointer": "", "value": 1}},
            {"truncated": True},
            "the answer is too long to be read as JSON",
        ),
        ({"latency_ms": 5}, {}, "42 ms, more than 5 ms"),
        ({}, {"tls_expires_at": START_MS + 2 * DAY_MS}, "the certificate ends in 1 day"),
    ],
)
async def test_reason_is_in_words(inputs: dict[str, Any], changes: dict[str, Any], words: str) -> None:
    """What came, and what was expected if that is not plain; the report carries the same."""
    watched = Watched(**inputs)
    output = await watched.check(replace(OK, **changes))
    assert output.detail == words
    report = watched.host.checks[-1]
    assert (report.state, report.detail, report.reason) == (output.state, words, output.reason)


async def test_reasons_are_translated() -> None:
    """The report and the output have the message."""
    watched = Watched(expect_status=200)
    output = await watched.check(replace(OK, status=503))
    indonesian = "503 Service Unavailable, seharusnya 200"
    assert render(watched.host.checks[-1].detail, "id") == render(output.detail, "id") == indonesian
    assert output.model_dump(mode="json")["detail_origin"] == [
        "{status}, expected {wanted}",
        {"status": "503 Service Unavailable", "wanted": "200"},
    ]
    assert "detail_origin" not in (await watched.check(OK)).model_dump(mode="json")


async def test_certificate_that_ends_is_reported_apart_from_the_state() -> None:
    """It is degraded, but no bad check of the site; a site without an answer says nothing about it."""
    watched = Watched(alarm_on="degraded")
    await watched.check(replace(OK, tls_expires_at=START_MS + 13 * DAY_MS))
    report = watched.host.checks[-1]
    assert (report.state, report.bad) == ("degraded", ("down",))
    assert report.warning is not None
    assert (report.warning.group, report.warning.detail) == (
        "certificate:example.org",
        "the certificate ends in 12 days",
    )
    await watched.check()
    assert watched.host.checks[-1].warning == replace(report.warning, detail="")
    await watched.check(HttpUnreachable("no answer", phase="connect"))
    assert watched.host.checks[-1].warning is None


async def test_report_names_the_url_without_its_query() -> None:
    """A query may contain a secret; the path is enough."""
    watched = Watched(fail_after=1)
    await watched.check(HttpUnreachable("no answer"))
    assert watched.host.checks[-1].target == "https://example.org/health"


async def test_slow_page_is_a_bad_check_if_asked_for() -> None:
    """Without `alarm_on` the state alone shows it."""
    slow = replace(OK, elapsed_ms=2_500)
    for inputs, fails in (({"alarm_on": "degraded"}, 1), ({}, 0)):
        watched = Watched(degraded_ms=2_000, **inputs)
        output = await watched.check(slow)
        assert (output.state, output.fails_in_a_row) == ("degraded", fails)
        assert ("degraded" in watched.host.checks[-1].bad) == bool(fails)


async def test_call_is_made_as_the_inputs_say() -> None:
    """Method and time-out go through; a long body is cut; who expects a redirect is shown it."""
    watched = Watched(method="HEAD", timeout_sec=3)
    await watched.check()
    [call] = watched.tools.http.calls
    assert (call.method, call.url, call.headers) == ("HEAD", URL, {})
    assert (call.timeout_sec, call.follow_redirects, call.cut) == (3.0, True, True)
    shown = Watched(expect_status=302)
    await shown.check(replace(OK, status=302))
    assert shown.tools.http.calls[0].follow_redirects is False


@pytest.mark.parametrize(
    "inputs",
    [
        {"url": "ftp://example.org/"},
        {"url": "example.org"},
        {"url": "http://127.1/"},
        {"url": "http://user:pass@example.org/"},
        {"method": "POST"},
        {"method": "HEAD", "contains": "x"},
        {"expect_status": 99},
        {"degraded_ms": 0},
        {"latency_ms": 5, "degraded_ms": 5},
        {"tls_warn_days": -1},
        {"expect_status": "6xx"},
        {"expect_status": []},
        {"method": "HEAD", "absent": "x"},
        {"json_value": {"pointer": "status", "value": 1}},
        {"after_sec": 0},
        {"alarm_on": "up"},
        {"x": 1},
    ],
)
def test_inputs_out_of_bounds_are_refused(inputs: dict[str, Any]) -> None:
    """No other schemes, spellings that hide an address, or expectations that cannot be met."""
    with pytest.raises(ValueError, match="validation error"):
        Watched(**inputs)
