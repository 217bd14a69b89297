"""`multi-job apply`: its requests, and its output for each answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.cli.client import Client
from app.cli.commands.apply import Applier, ApplyResult
from app.cli.output import CliError, UnreachableError
from app.cli.spec_files import FileSpec

DEFAULTS: dict[str, Any] = {"on_success": [], "on_failure": [], "enabled": True}


def _takes_all(_method: str, _body: dict[str, Any]) -> None:
    return None


class Api:
    """An API that stores what it is sent; `refuse` decides what it takes."""

    def __init__(self, refuse: Callable[[str, dict[str, Any]], httpx.Response | None]) -> None:
        self.stored: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, Any, str | None]] = []
        self._refuse = refuse

    def client(self) -> Client:
        return Client(httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        body: dict[str, Any] = json.loads(request.content or b"{}")
        if request.method == "GET":
            stored = self.stored.get(request.url.path.removeprefix("/jobs/"))
            return httpx.Response(200, json=stored) if stored else httpx.Response(404, json={})
        self.asked.append((request.method, request.url.path, body, request.headers.get("if-match")))
        refusal = self._refuse(request.method, body)
        return refusal or httpx.Response(200, json=self._taken(request.url.path, body))

    def _taken(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        if path != "/jobs/check":
            self.stored[body["job_id"]] = {**body, "version": 2}
            return body
        spec: dict[str, Any] = {**DEFAULTS, **body["spec"]}
        stored = self.stored.get(spec["job_id"])
        change = "created" if stored is None else "unchanged" if stored == spec else "updated"
        return {"change": change, "version": stored and 2, "changes": [], "spec": spec}


def problem(status: int, pointer: str = "/type") -> httpx.Response:
    error = {"pointer": pointer, "message": "no", "code": "x"}
    return httpx.Response(status, json={"title": "No", "detail": "no", "errors": [error]})


def applied(api: Api, *specs: dict[str, Any], dry_run: bool = False) -> list[ApplyResult]:
    found = [FileSpec(f"{spec.get('job_id')}.json", spec) for spec in specs]
    return list(Applier(api.client(), dry_run=dry_run).apply(found))


def test_apply_saves_what_is_new_and_what_has_changed() -> None:
    """An update goes against the version that was compared, and keeps what the file leaves open."""
    api = Api(_takes_all)
    api.stored["old"] = {**DEFAULTS, "job_id": "old", "version": 2, "enabled": False}
    done = applied(api, {"job_id": "new"}, {"job_id": "old", "tags": ["x"]})
    assert [(each.job_id, each.change) for each in done] == [("new", "created"), ("old", "updated")]
    saves = [each for each in api.asked if each[1] != "/jobs/check"]
    assert [(method, path, match) for method, path, _, match in saves] == [
        ("POST", "/jobs", None),
        ("PUT", "/jobs/old", '"v2"'),
    ]
    assert (saves[1][2]["enabled"], saves[1][2]["tags"]) == (False, ["x"])


def test_dry_run_saves_nothing_and_takes_targets_for_saved() -> None:
    """Earlier jobs of a chain count as saved for the next check, refused ones do not."""
    api = Api(lambda _, body: problem(422) if body.get("spec", {}).get("job_id") == "c" else None)
    specs: list[dict[str, Any]] = [
        {"job_id": "a", "on_success": ["b"]},
        {"job_id": "b", "on_failure": ["c"]},
        {"job_id": "c"},
    ]
    done = applied(api, *specs, dry_run=True)
    assert [(each.job_id, each.change) for each in done] == [
        ("c", "refused"),
        ("b", "created"),
        ("a", "created"),
    ]
    assert {each[1] for each in api.asked} == {"/jobs/check"}
    assert [each[2]["assume"] for each in api.asked] == [{}, {}, {"b": ["c"]}]


def test_dry_run_assumes_no_more_than_the_api_reads() -> None:
    """Of thousands of specs, those that the chain reaches are sent, and others up to the API's bounds."""
    api = Api(lambda _, __: None)
    others: list[dict[str, Any]] = [{"job_id": f"other{number}"} for number in range(1_500)]
    chained = [{"job_id": "last"}, {"job_id": "middle", "on_success": ["last"]}]
    applied(api, *others, *chained, {"job_id": "first", "on_failure": ["middle"]}, dry_run=True)
    (assumed,) = [body["assume"] for *_, body, _ in api.asked if body["spec"]["job_id"] == "first"]
    assert len(assumed) == 1_000
    assert (assumed["middle"], assumed["last"]) == (["last"], [])


@pytest.mark.parametrize("status", [400, 409, 412, 413, 422])
def test_a_refused_spec_hides_no_other(status: int) -> None:
    """Its fields are said; the next one is saved."""
    api = Api(
        lambda _, body: (
            problem(status) if "bad" in (body.get("job_id"), body.get("spec", {}).get("job_id")) else None
        )
    )
    bad, good = applied(api, {"job_id": "bad"}, {"job_id": "good"})
    assert (bad.change, bad.errors[0]["pointer"], good.change) == ("refused", "/type", "created")
    assert list(api.stored) == ["good"]


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_what_would_meet_every_spec_ends_it(status: int) -> None:
    """A wrong key is no fault of a spec."""
    with pytest.raises(CliError) as caught:
        applied(Api(lambda _method, _body: problem(status)), {"job_id": "a"}, {"job_id": "b"})
    assert (caught.value.status, caught.value.exit_code) == (status, 1)


def test_an_api_that_is_away_is_distinguished_from_a_refusal() -> None:
    """Exit code 2, and the command that starts it."""

    def away(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    with pytest.raises(UnreachableError, match="multi-job up") as caught:
        Client(httpx.MockTransport(away)).get("/jobs")
    assert caught.value.exit_code == 2
