"""The client's retries, idempotency keys, errors and pages, against answers that the test chooses."""

from __future__ import annotations

import gc

import httpx
import pytest

from multi_job.client import (
    ApiError,
    AsyncClient,
    Client,
    ConflictError,
    ForbiddenError,
    InvalidRequestError,
    NotFoundError,
    RateLimitedError,
    ServerError,
    UnauthorizedError,
    UnreachableError,
)
from tests.support.client.fake_api import AT_ONCE, URL, FakeApi, Reply, client_of, problem


def accepted(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(202, json={"run_id": "h@1", "job_id": "h", "status": "queued"})


LOST = httpx.ReadTimeout("no answer")
NOT_MADE = httpx.ConnectError("refused")
BUSY = problem(429, "rate_limited", {"retry-after": "0"})
AWAY = problem(503, "redis_unavailable", {"retry-after": "0"})


@pytest.mark.parametrize("failure", [LOST, NOT_MADE, BUSY, AWAY, httpx.Response(502, text="bad gateway")])
def test_a_run_is_submitted_again_with_the_same_key(failure: Reply) -> None:
    """After a failure that may pass, the same request is sent once more, so that the API makes one run."""
    api = FakeApi(failure, failure, accepted)
    assert client_of(api).jobs.run("h", inputs={"name": "Rina"}).run_id == "h@1"
    assert len(api.requests) == 3
    assert len(api.keys()) == 1
    assert api.keys() != {None}
    assert [api.body(number) for number in range(3)] == [{"inputs": {"name": "Rina"}}] * 3


def test_two_calls_have_two_keys() -> None:
    """A key belongs to one call."""
    api = FakeApi(accepted, accepted)
    client = client_of(api)
    client.jobs.run("h")
    client.jobs.run("h")
    assert len(api.keys()) == 2


def test_a_key_of_the_caller_is_kept() -> None:
    """A program that starts again sends its own key again."""
    api = FakeApi(accepted)
    client_of(api).jobs.run("h", idempotency_key="order-4711")
    assert api.keys() == {"order-4711"}


def test_a_call_that_would_double_is_not_repeated() -> None:
    """A POST without a key is sent again only if it cannot have been carried out."""
    api = FakeApi(LOST)
    with pytest.raises(UnreachableError) as error:
        client_of(api).incidents.comment("i1", text="halo")
    assert len(api.requests) == 1
    assert error.value.__notes__ == ["An answer was lost: the request may have been carried out."]
    assert isinstance(error.value.__cause__, httpx.ReadTimeout)
    for failure in (NOT_MADE, BUSY):
        again = FakeApi(failure, httpx.Response(200, json={"incident_id": "i1"}))
        client_of(again).incidents.comment("i1", text="halo")
        assert len(again.requests) == 2


def test_an_api_that_is_away_is_an_error_after_all_tries() -> None:
    """The error names the path and the reason."""
    api = FakeApi(*[NOT_MADE] * 4)
    with pytest.raises(UnreachableError, match=r"/jobs/h.*ConnectError: refused") as error:
        client_of(api).jobs.get("h")
    assert len(api.requests) == 4
    assert not hasattr(error.value, "__notes__")


def test_a_long_retry_after_is_not_waited_for() -> None:
    """The caller decides about a wait of minutes; the error says how long."""
    api = FakeApi(problem(429, "too_many_wrong_keys", {"retry-after": "300"}))
    with pytest.raises(RateLimitedError) as error:
        client_of(api).jobs.get("h")
    assert error.value.retry_after_sec == 300


def test_a_quota_is_not_waited_for() -> None:
    """A 429 without Retry-After does not pass with time."""
    api = FakeApi(problem(429, "limit_exceeded"))
    with pytest.raises(RateLimitedError):
        client_of(api).jobs.get("h")


def test_a_repeat_that_finds_nothing_says_why() -> None:
    """A DELETE whose answer was lost may find nothing when it is sent again."""
    api = FakeApi(LOST, problem(404, "job_not_found"))
    with pytest.raises(NotFoundError) as error:
        client_of(api).jobs.delete("h")
    assert "may have been carried out" in error.value.__notes__[0]


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, InvalidRequestError),
        (401, UnauthorizedError),
        (403, ForbiddenError),
        (404, NotFoundError),
        (409, ConflictError),
        (410, NotFoundError),
        (412, ConflictError),
        (418, ApiError),
        (422, InvalidRequestError),
        (500, ServerError),
    ],
)
def test_a_refusal_is_an_error_of_its_kind(status: int, kind: type[ApiError]) -> None:
    """The class follows from the status; the fields are those of the problem."""
    with pytest.raises(ApiError) as error:
        client_of(FakeApi(problem(status))).jobs.get("h")
    assert type(error.value) is kind
    assert (error.value.status, error.value.code, error.value.trace_id) == (status, "a_code", "t1")


def test_an_error_has_the_fields_and_the_remedy() -> None:
    """Its text says what happened, at which field, and what to do."""
    fields = [{"pointer": "/inputs/name", "message": "a text is required", "code": "string_type"}]
    with pytest.raises(InvalidRequestError) as error:
        client_of(FakeApi(problem(422, "invalid_request", errors=fields))).jobs.get("h")
    assert str(error.value).splitlines() == [
        "422 A title: A detail.",
        "  /inputs/name: a text is required",
        "  Correct the fields that `errors` points to.",
    ]
    assert error.value.fields[0]["pointer"] == "/inputs/name"
    assert error.value.remedy == "Correct the fields that `errors` points to."


def test_an_answer_of_a_proxy_is_an_error_too() -> None:
    """An answer without a problem has its text as the detail."""
    with pytest.raises(ForbiddenError) as error:
        client_of(FakeApi(httpx.Response(403, text="<h1>no</h1>"))).jobs.get("h")
    assert (error.value.code, error.value.detail) == ("", "<h1>no</h1>")


def page(first: int, count: int, following: str | None = None) -> httpx.Response:
    headers = {} if following is None else {"link": f'<{following}>; rel="next"'}
    runs = [{"run_id": f"h@{number}"} for number in range(first, first + count)]
    return httpx.Response(200, json=runs, headers=headers)


def test_a_list_reads_its_pages() -> None:
    """Each page is read when its items are needed; the query stays, and an empty page does not end it."""
    api = FakeApi(page(0, 2, "/runs?q=x&limit=500&cursor=7"), page(0, 0, "/runs?q=x&cursor=8"), page(2, 1))
    runs = client_of(api).runs.list(q="x", status=["failed", "cancelled"])
    assert [run["run_id"] for run in runs] == ["h@0", "h@1", "h@2"]
    assert [request.url.params.get("cursor") for request in api.requests] == [None, "7", "8"]
    assert all(request.url.params["q"] == "x" for request in api.requests)
    assert api.requests[0].url.params.get_list("status") == ["failed", "cancelled"]


def test_a_list_ends_at_its_limit() -> None:
    """`limit` is the most items in all, and no more than needed are asked for."""
    api = FakeApi(page(0, 500, "/runs?cursor=1"), page(500, 200, "/runs?cursor=2"))
    assert len(list(client_of(api).runs.list(limit=700))) == 700
    assert [request.url.params["limit"] for request in api.requests] == ["500", "200"]


def test_a_list_that_is_not_read_asks_nothing() -> None:
    """The first page is read with the first item."""
    api = FakeApi()
    client_of(api).runs.list()
    assert api.requests == []


def test_an_update_keeps_what_others_have_changed() -> None:
    """A change is made to the version that was read; if another one is stored by then, it is read again."""
    api = FakeApi(
        httpx.Response(200, json={"job_id": "h", "tags": [], "version": 1}, headers={"etag": '"v1"'}),
        problem(412, "precondition_failed"),
        httpx.Response(200, json={"job_id": "h", "tags": ["new"], "version": 2}, headers={"etag": '"v2"'}),
        httpx.Response(200, json={"job_id": "h", "version": 3}),
    )
    assert client_of(api).jobs.update("h", description="halo")["version"] == 3
    assert api.requests[3].headers["if-match"] == '"v2"'
    assert api.body(3) == {"job_id": "h", "tags": ["new"], "version": 2, "description": "halo"}


def test_the_key_and_the_url_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """MULTI_JOB_API_KEY and MULTI_JOB_URL are the defaults."""
    monkeypatch.setenv("MULTI_JOB_API_KEY", "mj_environment")
    monkeypatch.setenv("MULTI_JOB_URL", "https://other.example/base")
    api = FakeApi(httpx.Response(200, json=[]))
    with Client(transport=httpx.MockTransport(api)) as client:
        client.contacts.list()
    assert str(api.requests[0].url) == "https://other.example/base/contacts"
    assert api.requests[0].headers["authorization"] == "Bearer mj_environment"


def test_an_answer_that_is_no_json_is_text_or_bytes() -> None:
    """Metrics are text, an export is bytes; path parts are quoted."""
    api = FakeApi(
        httpx.Response(200, text="a 1\n", headers={"content-type": "text/plain; version=0.0.4"}),
        httpx.Response(200, content=b"\x1f\x8b", headers={"content-type": "application/gzip"}),
    )
    client = client_of(api)
    assert client.platform.metrics() == "a 1\n"
    assert client.exports.get("a/b") == b"\x1f\x8b"
    assert api.requests[1].url.raw_path == b"/exports/a%2Fb"


async def test_the_asynchronous_client_does_the_same() -> None:
    """Calls, retries, lists and handles are the same code; only the driver differs."""
    api = FakeApi(LOST, accepted, page(0, 1, "/runs?cursor=1"), page(1, 1), problem(404, "run_not_found"))
    async with AsyncClient(URL, retries=AT_ONCE, transport=httpx.MockTransport(api)) as client:
        run = await client.jobs.run("h")
        assert run.run_id == "h@1"
        assert len(api.keys()) == 1
        assert [each["run_id"] async for each in client.runs.list()] == ["h@0", "h@1"]
        with pytest.raises(NotFoundError):
            await run.refresh()


def test_a_client_that_is_dropped_is_closed_with_its_last_handle() -> None:
    """A program need not close its client, and a handle goes on without it."""
    api = FakeApi(accepted, httpx.Response(200, json={"status": "running", "job_id": "h"}))
    run = client_of(api).jobs.run("h")
    http = run.driver.http
    gc.collect()
    assert run.refresh().status == "running"
    del run
    gc.collect()
    assert http.is_closed


def test_unreachable_api_is_named_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address follows API_PORT as for the command line, and the error names it."""
    monkeypatch.delenv("MULTI_JOB_URL", raising=False)
    monkeypatch.setenv("API_PORT", "9")

    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    client = Client(transport=httpx.MockTransport(refuse), retries=AT_ONCE)
    with pytest.raises(UnreachableError, match=r"http://127\.0\.0\.1:9/jobs.*API_PORT.*multi-job up"):
        client.jobs.get("a")


def test_a_page_of_another_program_is_no_answer() -> None:
    """The dashboard has a page at the same path; without an error its text would be the job."""
    page = httpx.Response(200, html="<!DOCTYPE html><html></html>")
    with pytest.raises(UnreachableError, match=r"GET https://api.example/jobs/h: a page answers there"):
        client_of(FakeApi(page)).jobs.get("h")
    with pytest.raises(UnreachableError, match=r"GET https://api.example/jobs.*: a page answers there"):
        list(client_of(FakeApi(page)).jobs.list())
    assert client_of(FakeApi(page)).reports.get("r1", accept="text/html") == page.text


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_an_address_that_is_none_is_an_error_of_the_client(kind: type[Client | AsyncClient]) -> None:
    """Programs catch ClientError only."""
    with pytest.raises(UnreachableError, match=r"http://127.0.0.1:abc is no address .*MULTI_JOB_URL"):
        kind("http://127.0.0.1:abc")
