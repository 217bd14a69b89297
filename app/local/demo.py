"""Sends the README's sentence to a running platform, shows an outage, and prints the report."""

from __future__ import annotations

import json
import os
import time
import urllib.error
import urllib.request
from functools import partial
from typing import Any, cast

from app.core.i18n import _, concat
from app.local.outage_story import DemoPage, OutageStory
from app.local.output import LocalError, print_line
from app.local.settings import LocalSettings

SENTENCE = "Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"
# A monitor and a report.
_PLANNED_JOBS = 2
_RUN_SECONDS = 30.0
_REPORT_SECONDS = 30.0
_ENDED = frozenset({"success", "failed", "cancelled"})


def demo(settings: LocalSettings, page: DemoPage) -> None:
    """Return after both first runs, the outage and a report about them; LocalError has the failure."""
    print_line(f"\nDemo: {SENTENCE}")
    body = {"prompt": SENTENCE, "use_ai": True, "force_rule_based": True, "run_immediately": True}
    answer = _ask(settings, "POST", "/planner/execute", {**body, "wait_seconds": 2})
    for warning in answer["warnings"]:
        print_line(concat("  ! ", warning))
    runs = [_ended(settings, result) for result in answer["results"]]
    if len(runs) < _PLANNED_JOBS or any(run["status"] != "success" for run in runs):
        raise LocalError(_("the demo's runs did not all succeed"))
    with OutageStory(settings, partial(_ask, settings), page) as story:
        story.tell()
        report = next(run["job_id"] for run in runs if run["type"] == "report.daily")
        run_id = _ask(settings, "POST", f"/jobs/{report}/run", {})["run_id"]
        _print_report(settings, run_id)


def _ended(settings: LocalSettings, result: dict[str, Any]) -> dict[str, Any]:
    """Wait for the end of a job's first run and print it."""
    if not result["run_id"]:
        raise LocalError(
            _("{job_id}: {result_error}", job_id=result["job_id"], result_error=result["result_error"])
        )
    deadline = time.monotonic() + _RUN_SECONDS
    while True:
        run = _ask(settings, "GET", f"/runs/{result['run_id']}")
        if run["status"] in _ENDED or time.monotonic() > deadline:
            print_line(f"  {run['job_id']:<32} {run['type']:<16} {run['status']:<8} {_outcome(run)}")
            return run
        time.sleep(0.1)


def _outcome(run: dict[str, Any]) -> str:
    result = cast("dict[str, Any]", run.get("result") or {})
    output = cast("dict[str, Any]", result.get("output") or {})
    parts = [str(output[name]) for name in ("state", "reason", "command") if output.get(name)]
    return " · ".join(parts) or str(result.get("error") or "")


def _print_report(settings: LocalSettings, run_id: str) -> None:
    """Wait for the run's own message in the sandbox inbox and print it."""
    deadline = time.monotonic() + _REPORT_SECONDS
    while time.monotonic() < deadline:
        for message in _ask(settings, "GET", "/connectors/sandbox/messages"):
            if message["run_id"] == run_id:
                print_line(_("\nSandbox inbox, {to}:\n\n{text}\n", text=message["text"], to=message["to"]))
                return
        time.sleep(0.2)
    raise LocalError(_("the report did not arrive in the sandbox inbox"))


def _ask(settings: LocalSettings, method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"} if data else {}
    if key := os.environ.get("MULTI_JOB_API_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    request = urllib.request.Request(settings.api_url + path, data, headers, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=_RUN_SECONDS + 5) as answer:  # noqa: S310
            return json.load(answer)
    except urllib.error.HTTPError as error:
        detail = error.read().decode("utf-8", "replace")[:500]
        raise LocalError(
            _("{method} {path}: {code} {detail}", method=method, path=path, code=error.code, detail=detail)
        ) from error
    except OSError as error:
        raise LocalError(_("{method} {path}: {error}", method=method, path=path, error=error)) from error
