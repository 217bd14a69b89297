"""How soon three API processes accept a new key and refuse a revoked one.

`python -m benchmarks key_changes [--rounds N]`: prints one line for each act, with the share of requests that
were served at once, and the time from the act's answer until the last request was sent that was still served.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.api.trio import ADMIN, Trio, running_trio
from tests.support.embedded_redis import EmbeddedRedis

# A process looks 50 unknown keys of one address up in a second; wrong keys are refused faster from the
# eleventh on, which counts as refused.
_PAUSE_SEC = 0.1


def main(words: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks key_changes", description=__doc__)
    parser.add_argument("--rounds", type=int, default=200, help="how often over HTTP; a tenth by command")
    rounds = parser.parse_args(words).rounds
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        with (
            EmbeddedRedis(data_dir=home / "redis") as redis,
            running_trio(redis.url, home, NAMESPACE="kc", API_KEYS=f"root:admin:{ADMIN}") as trio,
        ):
            _measure(trio, rounds)


def _measure(trio: Trio, rounds: int) -> None:
    acts: dict[str, tuple[Callable[[Trio, int], tuple[list[int], list[float]]], int]] = {
        "key, over HTTP": (_over_http, rounds),
        "key, by command": (_by_command, max(1, rounds // 10)),
        "key, rotated without overlap": (_rotated, rounds),
        "session, over HTTP": (_session, rounds),
    }
    for name, (act, times) in acts.items():
        statuses: list[int] = []
        served: list[float] = []
        for number in range(times):
            first, last = act(trio, number)
            statuses += first
            served += last
            time.sleep(_PAUSE_SEC)
        served.sort()
        good = sum(status == 200 for status in statuses)
        late = served[int(len(served) * 0.99)] * 1000
        print(
            f"{name:30} made: {good}/{len(statuses)} served at once   "
            f"ended: served for {served[len(served) // 2] * 1000:.1f} ms (median), {late:.1f} ms (p99), "
            f"{served[-1] * 1000:.1f} ms (most)",
            flush=True,
        )


def _made(trio: Trio, name: str) -> dict[str, str]:
    answer = trio.ask("POST", "/keys", body={"name": name, "role": "viewer"})
    answer.raise_for_status()
    return answer.json()


def _over_http(trio: Trio, number: int) -> tuple[list[int], list[float]]:
    made = _made(trio, f"http-{number}")
    first = trio.statuses(made["key"])
    trio.ask("DELETE", f"/keys/{made['id']}").raise_for_status()
    return first, trio.accepted_for(made["key"], time.monotonic())


def _by_command(trio: Trio, number: int) -> tuple[list[int], list[float]]:
    token, _at = trio.command("keys", "create", f"command-{number}")
    first = trio.statuses(token)
    _line, revoked_at = trio.command("keys", "revoke", token[3:11])
    return first, trio.accepted_for(token, revoked_at)


def _rotated(trio: Trio, number: int) -> tuple[list[int], list[float]]:
    made = _made(trio, f"rotated-{number}")
    answer = trio.ask("POST", f"/keys/{made['id']}/rotate", body={"overlap_hours": 0})
    at = time.monotonic()
    answer.raise_for_status()
    last = trio.accepted_for(made["key"], at)
    first = trio.statuses(answer.json()["key"])
    # Room for the next ones: there may be 1,000 keys.
    for key_id in (made["id"], answer.json()["id"]):
        trio.ask("DELETE", f"/keys/{key_id}").raise_for_status()
    return first, last


def _session(trio: Trio, number: int) -> tuple[list[int], list[float]]:
    made = _made(trio, f"session-{number}")
    session = trio.ask("POST", "/sessions", made["key"]).json()
    first = trio.statuses(session["token"])
    trio.ask("DELETE", f"/sessions/{session['id']}").raise_for_status()
    last = trio.accepted_for(session["token"], time.monotonic())
    trio.ask("DELETE", f"/keys/{made['id']}").raise_for_status()
    return first, last
