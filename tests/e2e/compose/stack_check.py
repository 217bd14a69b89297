"""The checks of run.sh on a running engine. Standard library only."""

from __future__ import annotations

import json
import os
import signal
import subprocess

from access_check import (
    UNAUTHORIZED,
    auth_off_is_served_and_warned_of,
    nothing_is_served_without_a_key,
    owner_gets_in,
    redis_asks_everybody_for_its_password,
)
from stack import API, OWNER, SERVICES, ask, check, compose, inside, inspect, page_of, status_of, up, wait

SENTENCE = "Pantau telegram akun bot_a01 tiap 30 detik dan buat laporan harian jam 07:00"
RUNS = 60
Ports = dict[str, list[dict[str, str]] | None]
IMAGES = {
    "multi-job": os.environ.get("BASE", "python:3.12-slim"),
    "multi-job-ui": os.environ.get("UI_BASE", "node:22-slim"),
}
MAX_MB = 120


def ports_are_loopback() -> None:
    for service in sorted(SERVICES):
        bound: Ports = json.loads(inspect(service, "{{json .NetworkSettings.Ports}}")) or {}
        hosts = {place["HostIp"] for places in bound.values() for place in places or ()}
        check(f"{service} is published on loopback alone", hosts <= {"127.0.0.1"}, hosts)


def sentence_works() -> None:
    body = {"prompt": SENTENCE, "use_ai": True, "force_rule_based": True, "run_immediately": True}
    answer = ask("POST", "/planner/execute", {**body, "wait_seconds": 20})
    results = {result["type"]: result["run_status"] for result in answer["results"]}
    check(
        "the sentence's first runs succeed",
        results == {"monitor.channel": "success", "report.daily": "success"},
        results,
    )
    inbox = ask("GET", "/connectors/sandbox/messages")
    check("the report is in the sandbox inbox", len(inbox) == 1 and bool(inbox[0]["text"]), inbox)


def dashboard_shows_pages() -> None:
    status, text = page_of("/", OWNER.cookie)
    check("the dashboard shows a page", status == 200 and "/_next/static/" in text, status)
    jobs = sorted(job["job_id"] for job in json.loads(page_of("/api/jobs", OWNER.cookie)[1]))
    check(
        "the dashboard passes on what the API answers",
        jobs == sorted(each["job_id"] for each in ask("GET", "/jobs")),
        jobs,
    )


def session_key() -> str:
    """Return what seals the dashboard's cookies, with the mode of its file."""
    return compose(
        "exec", "-T", "ui", "sh", "-c", "stat -c %a /data/ui-session.key; cat /data/ui-session.key"
    )


def killed_worker_is_made_good() -> None:
    ask(
        "POST",
        "/jobs",
        {"job_id": "load", "type": "simulation.load", "inputs": {"duration_ms": 1500}, "overlap": "allow"},
    )
    runs = [ask("POST", "/jobs/load/run", {})["run_id"] for _ in range(RUNS)]
    wait("a run is running", lambda: bool(ask("GET", "/runs?job_id=load&status=running")), 20)
    # From outside, as a crash: an engine restarts no container that was killed through itself.
    os.kill(int(inspect("worker", "{{.State.Pid}}")), signal.SIGKILL)
    seconds = wait("all runs succeed", lambda: count("success") == len(runs), 180)
    check(f"worker killed, {len(runs)} of {len(runs)} runs succeed after {seconds:.0f} s", True)
    check("the worker was started again", int(inspect("worker", "{{.RestartCount}}")) >= 1)


def count(status: str) -> int:
    return len(ask("GET", f"/runs?job_id=load&status={status}&limit=200"))


def nothing_is_lost_by_down_and_up() -> None:
    before = {
        run["run_id"]: run["status"] for run in ask("GET", "/runs?limit=200") if run["status"] == "success"
    }
    jobs = sorted(job["job_id"] for job in ask("GET", "/jobs"))
    key = session_key()
    check("the dashboard's key is its own alone", key.startswith("600\n") and len(key) > 40, key[:4])
    compose("down")
    up()
    check("sessions stay valid", session_key() == key)
    check("a browser stays signed in", page_of("/api/jobs", OWNER.cookie)[0] == 200)
    after = {run["run_id"]: run["status"] for run in ask("GET", "/runs?limit=200")}
    check("every run is still there", before.items() <= after.items(), len(before) - len(after))
    check("every job is still there", sorted(job["job_id"] for job in ask("GET", "/jobs")) == jobs, jobs)
    newest = max(after)
    wait(
        "the schedule goes on",
        lambda: any(run["run_id"] not in after for run in ask("GET", "/runs?limit=5")),
        60,
    )
    check(f"the schedule goes on after {newest.partition('@')[0]}", True)


def non_root() -> None:
    for service in sorted(SERVICES - {"redis"}):
        uid = compose("exec", "-T", service, "id", "-u").strip()
        check(f"{service} is not root", uid not in {"", "0"}, uid)


def rights_are_none() -> None:
    """No capability, no way to new ones, nothing to write outside the volumes, and limits of everything."""
    for service in sorted(SERVICES):
        status = inside(service, "grep -E '^(CapEff|NoNewPrivs)' /proc/self/status").split()
        check(f"{service} has no rights", status == ["CapEff:", "0" * 16, "NoNewPrivs:", "1"], status)
        host = json.loads(inspect(service, "{{json .HostConfig}}"))
        check(f"{service} has a read-only root", host["ReadonlyRootfs"], host["ReadonlyRootfs"])
        limits = (host["Memory"], host["PidsLimit"], host["LogConfig"]["Config"].get("max-size"))
        check(f"{service} has limits of memory, processes and log", all(limits), limits)
        written = inside(service, "touch /outside 2> /dev/null && echo yes || echo no")
        check(f"{service} can't write its root", written == "no", written)


def redis_has_a_password() -> None:
    refused = inside("redis", "redis-cli ping 2>&1 || true")
    check("Redis asks for a password", "NOAUTH" in refused, refused)
    mode = inside("api", "stat -c '%a' /redis/login/password; cat /redis/login/password | wc -c")
    check("the password is made and private", mode.split() == ["640", "64"], mode)
    shown = inside("redis", "tr '\\0' ' ' < /proc/1/cmdline; tr '\\0' ' ' < /proc/1/environ")
    check("it is in no command line", inside("api", "cat /redis/login/password") not in shown)
    data = inside("api", "cat /redis/appendonlydir/* 2>&1 | head -c 100; true")
    check("services can't read the files of Redis", "denied" in data, data)
    login = 'REDISCLI_AUTH="$(cat /data/login/password)" redis-cli'
    limit = inside("redis", f"{login} config get maxmemory").split()[-1]
    check("Redis has a memory limit", 256 <= int(limit) // 1_048_576 <= 1_024, limit)


def images_are_small() -> None:
    """At most MAX_MB more than the base."""
    command = ["docker", "image", "inspect", "-f", "{{.Size}}"]
    for name, base in IMAGES.items():
        sizes = [
            int(subprocess.run([*command, image], check=True, capture_output=True, text=True).stdout)
            for image in (name, base)
        ]
        more_mb = (sizes[0] - sizes[1]) / 1_000_000
        check(f"{name} has {more_mb:.0f} MB more than its base", more_mb <= MAX_MB)


def memory_limit_holds() -> None:
    """A process that takes more than its container may is killed, and the others go on."""
    script = "import sys; b'x' * (1 << 30); print('took it')"
    command = ["docker-compose", "exec", "-T", "scheduler", "python", "-c", script]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    check("a process above the memory limit is killed", done.returncode == 137, done)
    wait("the scheduler goes on", lambda: inspect("scheduler", "{{.State.Health.Status}}") == "healthy", 60)


def restarted_redis_loses_nothing() -> None:
    """Runs that wait and run while Redis restarts end well, and new ones start."""
    before = count("success")
    runs = [ask("POST", "/jobs/load/run", {})["run_id"] for _ in range(RUNS)]
    compose("restart", "redis")
    seconds = wait("all runs succeed", lambda: count("success") == before + len(runs), 180)
    check(f"Redis restarted, {len(runs)} of {len(runs)} runs succeed after {seconds:.0f} s", True)


def caddy_serves_with_keys() -> None:
    """The second file: TLS, a key for everyone, and Redis in another network than the proxy."""
    files = ("-f", "docker-compose.yml", "-f", "deploy/caddy/docker-compose.yml")
    compose(*files, "up", "-d", "--wait", "--no-build")
    key = json.loads(inside("api", "multi-job keys create root --role admin --json"))["key"]
    site = f"https://{os.environ['DOMAIN']}"
    check("a page asks for a key", status_of(f"{site}/jobs") == "307")
    check("the API behind it asks for a key", status_of(f"{site}/rest/jobs") == "401")
    check("the API itself asks for a key", status_of(f"{API}/jobs") == "401")
    check("a key opens it", status_of(f"{site}/rest/jobs", "-H", f"Authorization: Bearer {key}") == "200")
    check("the local key ends", status_of(f"{API}/jobs", "-H", f"Authorization: Bearer {OWNER.key}") == "401")
    check("the session of the link ends", page_of("/api/jobs", OWNER.cookie)[0] == UNAUTHORIZED)
    seen = compose(*files, "exec", "-T", "caddy", "sh", "-c", "nc -z -w 2 redis 6379 && echo yes || echo no")
    check("Caddy does not reach Redis", seen.strip() == "no", seen)


def no_write_failed() -> None:
    lines = [
        line for line in compose("logs", "--no-color").splitlines() if "EROFS" in line or "Read-only" in line
    ]
    check("no process misses a place to write", not lines, lines[:5])


def main() -> None:
    try:
        images_are_small()
        up()
        ports_are_loopback()
        non_root()
        rights_are_none()
        redis_has_a_password()
        redis_asks_everybody_for_its_password()
        nothing_is_served_without_a_key()
        owner_gets_in()
        sentence_works()
        dashboard_shows_pages()
        killed_worker_is_made_good()
        restarted_redis_loses_nothing()
        memory_limit_holds()
        nothing_is_lost_by_down_and_up()
        auth_off_is_served_and_warned_of()
        if "DOMAIN" in os.environ:
            caddy_serves_with_keys()
        no_write_failed()
    except BaseException:
        print(compose("logs", "--tail", "15"), flush=True)
        raise
    finally:
        compose("down", "-v")
    print("PASSED")


if __name__ == "__main__":
    main()
