"""The running stack: commands of the engine, requests to the API and the dashboard. Standard library only."""

from __future__ import annotations

import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

API = f"http://127.0.0.1:{os.environ.get('API_PORT', '8000')}"
DASHBOARD = f"http://127.0.0.1:{os.environ.get('UI_PORT', '3000')}"
SERVICES = {"redis", "api", "scheduler", "worker", "connector", "ui"}


@dataclass
class Owner:
    """The proofs of the machine's owner, before there is a key."""

    key: str = ""
    cookie: str = ""


OWNER = Owner()


def compose(*arguments: str) -> str:
    command = ["docker-compose", *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"FAILED: {' '.join(command)}: {done.stderr[-2000:]}")
    return done.stdout


def inspect(service: str, template: str) -> str:
    container = compose("ps", "-q", service).strip()
    command = ["docker", "inspect", "-f", template, container]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def ask(method: str, path: str, body: Any = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {OWNER.key}"}
    request = urllib.request.Request(API + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def page_of(path: str, cookie: str = "") -> tuple[int, str]:
    """Return the status and the text of a page of the dashboard; redirects are not followed."""
    words = ["curl", "-s", "-w", "\n%{http_code}", "-H", f"Cookie: {cookie}", DASHBOARD + path]
    text, _, status = subprocess.run(words, check=True, capture_output=True, text=True).stdout.rpartition(
        "\n"
    )
    return int(status), text


def redeem(code: str) -> tuple[int, str]:
    """Sign in to the dashboard with the code of a link; return the status and the cookie."""
    headers = {"Content-Type": "application/json", "X-Multi-Job": "1", "Origin": DASHBOARD}
    body = json.dumps({"code": code}).encode()
    request = urllib.request.Request(f"{DASHBOARD}/session", body, headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers["Set-Cookie"].partition(";")[0]
    except urllib.error.HTTPError as error:
        return error.code, ""


def wait(what: str, true: Callable[[], bool], seconds: float) -> float:
    start = time.monotonic()
    while not true():
        if time.monotonic() - start > seconds:
            raise SystemExit(f"FAILED: {what}: not within {seconds:.0f} s")
        time.sleep(0.2)
    return time.monotonic() - start


def check(what: str, true: bool, seen: object = "") -> None:
    if not true:
        raise SystemExit(f"FAILED: {what}: {seen}")
    print(f"ok: {what}", flush=True)


def up() -> None:
    compose("up", "-d", "--wait", "--no-build")
    running = {
        row["Service"]: row["Health"]
        for row in map(json.loads, compose("ps", "--format", "json").splitlines())
    }
    check("six healthy services", running == dict.fromkeys(SERVICES, "healthy"), running)


def inside(service: str, script: str) -> str:
    return compose("exec", "-T", service, "sh", "-c", script).strip()


def status_of(url: str, *options: str) -> str:
    command = ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", *options]
    name = f"{os.environ.get('DOMAIN', 'localhost')}:443:127.0.0.1"
    return subprocess.run(
        [*command, "--resolve", name, url], check=False, capture_output=True, text=True
    ).stdout


def project_network() -> str:
    return next(iter(json.loads(inspect("api", "{{json .NetworkSettings.Networks}}"))))
