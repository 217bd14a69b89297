"""Who is let in: strangers never, the owner by the commands that the log names. Standard library only."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from stack import (
    API,
    DASHBOARD,
    OWNER,
    check,
    compose,
    inside,
    inspect,
    page_of,
    project_network,
    redeem,
    status_of,
)

STRANGERS = Path(__file__).with_name("strangers.py")
UNAUTHORIZED = 401


def strangers(where: str, *words: str) -> None:
    """Send requests without a key from somewhere; all must be refused."""
    done = subprocess.run(
        words, input=STRANGERS.read_text("utf-8"), check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise SystemExit(f"FAILED: strangers {where}: {done.stderr[-2000:]}")
    found = json.loads(done.stdout)
    check(
        f"without a key, {where}: none of {found['asked']} is served",
        not found["served"],
        found["served"][:5],
    )


def nothing_is_served_without_a_key() -> None:
    """From the host, from another container, and from one that shares the network of a service."""
    strangers("from the host", sys.executable, "-", API, f"{DASHBOARD}#/api")
    image = ("docker", "run", "--rm", "-i", "--user", "10001")
    inner = ("--entrypoint", "python", "multi-job:latest", "-")
    network = project_network()
    strangers(
        "from another container",
        *image,
        "--network",
        network,
        *inner,
        "http://api:8000",
        "http://ui:3000#/api",
    )
    for service, address in (("api", "http://127.0.0.1:8000"), ("ui", "http://127.0.0.1:3000#/api")):
        shared = f"container:{compose('ps', '-q', service).strip()}"
        strangers(f"in the network of {service}", *image, "--network", shared, *inner, address)


def redis_asks_everybody_for_its_password() -> None:
    """Through its port on this machine, and from another container."""
    with socket.create_connection(
        ("127.0.0.1", int(os.environ.get("REDIS_PORT", "6379"))), timeout=60
    ) as line:
        line.sendall(b"KEYS *\r\n")
        answer = line.recv(1_000)
    check("Redis on this machine asks for a password", answer.startswith(b"-NOAUTH"), answer)
    image = inspect("redis", "{{.Config.Image}}")
    words = ["docker", "run", "--rm", "--network", project_network(), "--entrypoint", "redis-cli", image]
    done = subprocess.run([*words, "-h", "redis", "KEYS", "*"], check=False, capture_output=True, text=True)
    check("and so it does in the network", "NOAUTH" in done.stdout + done.stderr, done)


def owner_gets_in() -> None:
    """The commands that the log names: a link that works once, and a key for programs."""
    log = compose("logs", "--no-color", "api")
    commands = ("docker compose exec api multi-job open", "docker compose exec api multi-job key")
    check("the log names the commands", all(each in log for each in commands), log[-2000:])
    check("a page leads to the sign-in", page_of("/jobs")[0] == 307)
    shown = page_of("/sign-in")[1]
    check("the sign-in page names the command", commands[0] in shown)
    link = inside("api", "multi-job open")
    address, _, code = link.partition("/open#")
    check("the link is the dashboard's", address == DASHBOARD, address)
    status, OWNER.cookie = redeem(code)
    check("the link signs in", status == 200 and bool(OWNER.cookie), status)
    check("its session opens a page", page_of("/api/jobs", OWNER.cookie)[0] == 200)
    again = redeem(code)
    check("the link works once", again == (UNAUTHORIZED, ""), again)
    OWNER.key = inside("api", "multi-job key")
    check(
        "the key is for curl", status_of(f"{API}/jobs", "-H", f"Authorization: Bearer {OWNER.key}") == "200"
    )
    log = compose("logs", "--no-color")
    check("neither is in a log", code not in log and OWNER.key not in log)


def auth_off_is_served_and_warned_of() -> None:
    """By `.env` alone; the log, `doctor`, `/platform` and each page say it."""
    with tempfile.NamedTemporaryFile("w", suffix=".env") as file:
        file.write("AUTH=off\n")
        file.flush()
        compose("--env-file", file.name, "up", "-d", "--wait", "--no-build")
        check("AUTH=off is served without a key", status_of(f"{API}/jobs") == "200")
        platform = json.loads(
            subprocess.run(["curl", "-s", f"{API}/platform"], check=True, capture_output=True).stdout
        )
        check("the API says so", platform["auth"] == "off", platform["auth"])
        check("its log warns", "AUTH=off: everybody" in compose("logs", "--no-color", "api"))
        check("doctor warns", "AUTH=off" in inside("api", "multi-job doctor || true"))
        status, text = page_of("/jobs")
        check("each page warns", status == 200 and 'data-auth="off"' in text, status)
    compose("up", "-d", "--wait", "--no-build")
    check("without it a key is needed again", status_of(f"{API}/jobs") == "401")
