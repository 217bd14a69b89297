"""A sentence over HTTP to the four processes: jobs, runs, and the report in the inbox."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.support.local.installation import Installed, MakeInstalled
from tests.support.planner.fake_openai import fake_openai, says
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
]

SENTENCE = "Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"
WHATSAPP = "Pantau whatsapp akun ops_01 tiap 45 detik dan buat laporan harian jam 08:00"
EXECUTE = {"use_ai": True, "force_rule_based": True, "run_immediately": True, "wait_seconds": 20}


def client_of(installed: Installed) -> httpx.Client:
    installed.up()
    return httpx.Client(base_url=f"http://127.0.0.1:{installed.api_port}", timeout=120)


@pytest.fixture
def api(install: MakeInstalled) -> Iterator[httpx.Client]:
    with client_of(install()) as client:
        yield client


def post(api: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = api.post(path, json=body)
    assert answer.status_code == httpx.codes.OK, answer.text
    return answer.json()


def test_sentence_becomes_jobs_that_have_run(api: httpx.Client) -> None:
    """Both jobs are made, both first runs succeed and say something true, the report is in the inbox."""
    executed = post(api, "/planner/execute", prompt=SENTENCE, **EXECUTE)
    monitor, report = executed["results"]
    assert [(each["type"], each["create_status"]) for each in executed["results"]] == [
        ("monitor.channel", "created"),
        ("report.daily", "created"),
    ]
    assert [each["run_status"] for each in executed["results"]] == ["success", "success"]
    assert any("multi-job connect telegram bot_a01" in warning for warning in executed["warnings"])
    output = api.get(f"/runs/{monitor['run_id']}").json()["result"]["output"]
    assert (output["state"], output["command"]) == ("not_configured", "multi-job connect telegram bot_a01")
    inbox = "/connectors/sandbox/messages"
    wait_until(lambda: report["run_id"] in {each["run_id"] for each in api.get(inbox).json()}, 60)
    schedules = {each["type"]: each["schedule"] for each in api.get("/jobs").json()}
    assert schedules == {
        "monitor.channel": {"interval_sec": 30},
        "report.daily": {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"},
    }


def test_sentence_again_changes_only_what_is_new(api: httpx.Client) -> None:
    """A preview, executed, is unchanged when said again; another time is an update; no key asks no model."""
    plan = post(api, "/planner/plan-ai", prompt=WHATSAPP, model_id="openai/gpt-4o-mini")
    assert plan["planner_source"] == "rule_based"
    assert any("tanpa model" in warning for warning in plan["warnings"])
    first = post(api, "/planner/execute", plan_id=plan["plan_id"])
    assert [each["create_status"] for each in first["results"]] == ["created", "created"]
    again = post(api, "/planner/plan", prompt=WHATSAPP)
    assert [job["change"] for job in again["jobs"]] == ["unchanged", "unchanged"]
    later = post(api, "/planner/plan", prompt="ganti laporan harian jadi jam 09:30")
    (job,) = later["jobs"]
    assert (job["change"], job["job_spec"]["job_id"]) == ("update", "report-daily")
    assert job["diff"] == [{"pointer": "/schedule/cron", "before": "0 8 * * *", "after": "30 9 * * *"}]


def test_model_plans_what_the_rules_cannot(install: MakeInstalled) -> None:
    """The API asks the model's server; what it proposes is executed like any plan."""
    prompt = "aku mau tahu kabar toko tiap hari jam 6 pagi"
    answer = {"types": ["report.daily"], "plain": "laporan tiap hari jam 6 pagi"}
    with fake_openai() as provider:
        provider.script(says(json.dumps(answer)))
        with client_of(install(PLANNER_AI_BASE=provider.base, PLANNER_AI_MODEL="m")) as api:
            assert post(api, "/planner/plan", prompt=prompt)["jobs"] == []
            plan = post(api, "/planner/plan-ai", prompt=prompt)
            assert plan["planner_source"] == "model", plan["warnings"]
            done = post(api, "/planner/execute", plan_id=plan["plan_id"], **EXECUTE)
    (result,) = done["results"]
    assert (result["job_id"], result["run_status"]) == ("report-daily", "success")
