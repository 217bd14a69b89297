"""Literal credentials for specs, inputs, sentences and bodies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

Ask = Callable[..., httpx.Response]

# Put together here: a whole token in a file would alarm scanners of repositories.
LITERALS: dict[str, str] = {
    "header literal": "canary0of0a0header-0020t",
    "bearer literal": "canary0of0a0bearer0literal-0021u",
    "cookie literal": "canary0of0a0cookie-0022v",
    "query literal": "canary0of0a0query-0023w",
    "password in a URL": "canary0of0a0userinfo-0024x",
    "field literal": "canary0of0a0JSON0field-0025y",
    "assigned literal": "canary0of0an0assignment-0026z",
    "service token": "ghp_" + "canaryOfAServiceToken0027aAAAAAAAAAA",
    "signed token": "eyJjYW5hcnlPZg.eyJhU2lnbmVk.VG9rZW4wMDI4YmNhbmFyeQ",
    "literal of a run": "canary0of0a0run-0029c",
    "literal of a batch": "canary0of0a0batch-0030d",
    "literal of a rerun": "canary0of0a0rerun-0031e",
    "token in a sentence": "7716789012:" + "AAKcanaryOfATokenInASentence-0032f",
    "password in a sentence": "Canary0of0a0sentence-0033g",
    "webhook signature": "canary0of0a0wrong0signature-0034h",
    "key in a query": "canary0of0a0key0in0a0query-0035i",
    "refused value": "canary\tof a refused value-0036j",
}
_HEALTH = "https://shop.example/health"


def plant_literals(ask: Ask, job_id: str, run_id: str) -> None:
    """Send each literal in fields where it is not allowed; all are refused. The job and its run exist."""
    specs: list[dict[str, Any]] = [
        _monitor({"headers": {"X-Api-Key": LITERALS["header literal"]}}),
        _monitor({"headers": {"Authorization": f"Bearer {LITERALS['bearer literal']}"}}),
        _monitor({"headers": {"Cookie": f"session={LITERALS['cookie literal']}"}}),
        _monitor({"url": f"{_HEALTH}?api_key={LITERALS['query literal']}"}),
        _monitor({"url": f"https://ana:{LITERALS['password in a URL']}@shop.example/"}),
        _monitor({"json": {"password": LITERALS["field literal"]}}),
        _monitor({}) | {"description": f"password={LITERALS['assigned literal']}"},
        _monitor({}) | {"tags": [LITERALS["service token"]]},
        _monitor({LITERALS["signed token"]: 1}),
    ]
    for spec in specs:
        _refused(ask("POST", "/jobs", spec))
        _refused(ask("PUT", f"/jobs/{job_id}", spec | {"job_id": job_id}))
        _refused(ask("POST", "/jobs/check", {"spec": spec}))
    _refused(ask("POST", f"/jobs/{job_id}/run", {"inputs": _inputs("literal of a run")}))
    _refused(ask("POST", f"/runs/{run_id}/rerun", {"inputs": _inputs("literal of a rerun")}))
    batch = ask("POST", "/runs/batch", [{"job_id": job_id, "inputs": _inputs("literal of a batch")}])
    assert batch.json()[0]["run_id"] is None
    for words in ("token in a sentence", "password in a sentence"):
        prompt = f"monitor https://shop.example every 5 minutes, password: {LITERALS[words]}"
        for path in ("/planner/plan", "/planner/plan-ai", "/planner/execute"):
            _refused(ask("POST", path, {"prompt": prompt}))
    for name in ("good", "nobody"):
        word = {"X-Telegram-Bot-Api-Secret-Token": LITERALS["webhook signature"]}
        answer = ask("POST", f"/webhooks/telegram/{name}", {"update_id": 1}, headers=word)
        assert answer.status_code == httpx.codes.FORBIDDEN
    assert ask("GET", "/jobs", params={"access_token": LITERALS["key in a query"]}).status_code in {200, 422}
    body = {"value": LITERALS["refused value"], "hosts": ["shop.example"]}
    _refused(ask("PUT", "/secrets/refused", body))


def _monitor(inputs: dict[str, Any]) -> dict[str, Any]:
    return {"job_id": "literal", "type": "monitor.http", "inputs": {"url": _HEALTH, **inputs}}


def _inputs(name: str) -> dict[str, Any]:
    return {"url": _HEALTH, "headers": {"X-Api-Key": LITERALS[name]}}


def _refused(answer: httpx.Response) -> None:
    assert answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY, answer.text
