"""`./start-local.sh --demo --no-ui`: the README's sentence becomes jobs, runs and a report."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass

import httpx
import pytest

from app.local.demo import SENTENCE
from tests.support.documents.document_examples import missing_lines
from tests.support.documents.documents import Document
from tests.support.local.installation import Installed, MakeInstalled
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
]

COMMAND = "multi-job connect telegram bot_a01"
RUN = re.compile(r"^  (\S+) +(monitor\.channel|report\.daily) +(\S+)", re.MULTILINE)


@pytest.fixture
def installed(install: MakeInstalled) -> Installed:
    return install()


@dataclass(frozen=True, slots=True)
class Shown:
    """An installation that has shown its demo, and what it printed."""

    installed: Installed
    printed: str


@pytest.fixture(scope="module")
def shown(install_shared: MakeInstalled) -> Shown:
    """Return the installation of the tests that leave its jobs as they are."""
    installed = install_shared()
    return Shown(installed, demo(installed, "--demo"))


def demo(installed: Installed, *options: str) -> str:
    done = installed.start(*(options or ("--demo", "--no-ui")))
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def get(installed: Installed, path: str) -> list[dict[str, object]]:
    answer = httpx.get(f"http://127.0.0.1:{installed.api_port}{path}", timeout=60)
    assert answer.is_success, answer.text
    return answer.json()


def test_demo_makes_two_jobs_whose_first_runs_succeed(shown: Shown) -> None:
    """Both runs end in success, the report is in the sandbox inbox, and the README shows this output."""
    installed, printed = shown.installed, shown.printed
    _assert_readme_shows(installed, printed)
    assert sorted(each[1:] for each in RUN.findall(printed)) == [
        ("monitor.channel", "success"),
        ("report.daily", "success"),
    ]
    _, _, report = printed.partition("Sandbox inbox, inbox:\n")
    inbox = get(installed, "/connectors/sandbox/messages")
    assert [message["text"] for message in inbox if str(message["text"]).strip() in report] != []
    assert report.strip().startswith("Laporan harian")
    _assert_outage_is_told(installed, printed, report)
    assert {str(job["type"]): job["schedule"] for job in get(installed, "/jobs")} == {
        "monitor.channel": {"interval_sec": 30},
        "report.daily": {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"},
    }


def _assert_outage_is_told(installed: Installed, printed: str, report: str) -> None:
    """A page goes down and recovers: monitor, incident, alarm, recovery, and figures in the report."""
    story = re.findall(r"^  \d\d:\d\d:\d\d  (\w+): (.*)$", printed, re.MULTILINE)
    assert [what for what, _ in story] == [
        *("monitor", "page", "monitor", "incident", "alarm", "page", "monitor", "recovery"),
    ]
    said = [text for what, text in story if what == "monitor"]
    assert [text.split(" ")[0] for text in said] == ["up", "down", "up"]
    incident_id = story[3][1].partition(":")[0]
    assert f"/incidents/{incident_id}" in printed
    assert f"multi-job incidents {incident_id}" in printed
    incident = httpx.get(f"http://127.0.0.1:{installed.api_port}/incidents/{incident_id}", timeout=60).json()
    assert (incident["closed_at"] is None, [each["channel"] for each in incident["deliveries"]]) == (
        False,
        ["sandbox", "sandbox"],
    )
    assert re.search(r"demo-page \(http://127\.0\.0\.1:\d+/?\): .*Tersedia \d", report), report
    assert "/ sempat mati: Dari" in report, report
    assert re.search(r"Pesan: \d+ terkirim", report), report


def _assert_readme_shows(installed: Installed, printed: str) -> None:
    # The test's copy has everything installed. It has no dashboard, whose line
    # tests/e2e/launchers/test_dashboard_launch.py compares. The last line names scripts of a checkout.
    shown = [
        line
        for line in Document("README.md").shown_output("./start-local.sh --demo")
        if "Installing" not in line
        and not line.startswith("Dashboard")
        and not (installed.is_package and "./stop-local.sh" in line)
    ]
    assert missing_lines("\n".join(shown), printed) == [], printed
    assert len(shown) >= 10


def test_demo_again_keeps_the_jobs_and_runs_them_again(shown: Shown) -> None:
    """A second demo changes no job, makes a run of each, and prints a report of its own."""
    installed = shown.installed
    jobs = {str(job["job_id"]): job["version"] for job in get(installed, "/jobs")}
    before = runs_of_demos(installed)
    printed = demo(installed)
    assert "Laporan harian" in printed
    assert {str(job["job_id"]): job["version"] for job in get(installed, "/jobs")} == jobs
    new = {run_id: job_type for run_id, job_type in runs_of_demos(installed).items() if run_id not in before}
    assert sorted(new.values()) == ["monitor.channel", "report.daily"]
    assert re.search(r"^  \d\d:\d\d:\d\d  recovery: ", printed, re.MULTILINE)
    senders = {str(message["run_id"]) for message in get(installed, "/connectors/sandbox/messages")}
    assert len(senders & before.keys()) == 1
    assert len(senders & new.keys()) == 1


def runs_of_demos(installed: Installed) -> dict[str, str]:
    """Return ids and types; runs of schedules are left out, because any may come due."""
    runs = get(installed, "/runs?limit=500")
    return {str(run["run_id"]): str(run["type"]) for run in runs if run["source"] == "planner"}


def test_plan_run_and_demo_say_how_to_set_the_account_up(shown: Shown) -> None:
    """An account that is not set up is a success with its command wherever one looks."""
    installed = shown.installed
    ran = next(line for line in shown.printed.splitlines() if "monitor.channel" in line)
    assert "not_configured" in ran
    assert COMMAND in ran
    url = f"http://127.0.0.1:{installed.api_port}"
    plan = httpx.post(f"{url}/planner/plan", json={"prompt": SENTENCE}, timeout=60).json()
    assert any(COMMAND in warning for warning in plan["warnings"])
    run = next(run for run in get(installed, "/runs") if run["type"] == "monitor.channel")
    output = httpx.get(f"{url}/runs/{run['run_id']}", timeout=60).json()["result"]["output"]
    assert (output["state"], output["command"]) == ("not_configured", COMMAND)
    done = installed.run(".venv/bin/multi-job", "run", str(run["job_id"]), "--wait")
    assert f"success · not_configured · no_account · {COMMAND}" in done.stdout


def test_demo_with_a_key_needs_it(installed: Installed) -> None:
    """Once there is an API key the demo sends the one in MULTI_JOB_API_KEY, or says that it needs one."""
    installed.up()
    made = installed.run(".venv/bin/multi-job", "keys", "create", "demo", "--role", "admin", "--json")
    assert made.returncode == 0, made.stderr
    url = f"http://127.0.0.1:{installed.api_port}/jobs"
    wait_until(lambda: httpx.get(url).status_code == 401, message="the API is locked")
    refused = installed.start("--demo", "--no-ui")
    assert (refused.returncode, "A key is needed" in refused.stderr) == (1, True)
    installed.extra["MULTI_JOB_API_KEY"] = json.loads(made.stdout)["key"]
    printed = demo(installed)
    assert "Laporan harian" in printed
    # These services were started without the demo's page.
    assert "stop them, then start again with --demo" in printed
