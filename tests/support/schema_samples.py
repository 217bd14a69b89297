"""What each operation is called with to succeed: ids that exist, made anew where a call uses them up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.support.open_world import NUMBER, OpenWorld
from tests.support.webhook_calls import VERIFY_TOKEN, WEBHOOK_SECRET


@dataclass(frozen=True, slots=True)
class Sample:
    """Parts of a request that stand in for made-up ones; `body` replaces the document's example."""

    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = None


Make = Callable[[OpenWorld], Sample]


def _waiting_run(world: OpenWorld) -> Sample:
    return Sample(path={"run_id": world.new_run(world.ids["job_id"], delay_sec=3600)})


def _new_job(world: OpenWorld) -> Sample:
    job_id = f"made-{next(world.numbers)}"
    return Sample(body={"job_id": job_id, "type": "test.echo", "schedule": {"interval_sec": 3600}})


def _account(world: OpenWorld) -> Sample:
    return Sample(path={"channel": "sandbox", "account_id": world.new_account()})


def _verification(_: OpenWorld) -> Sample:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "4711"}
    return Sample(path={"channel": "whatsapp", "account_id": NUMBER}, query=query)


def _webhook(_: OpenWorld) -> Sample:
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    return Sample(headers=headers, body={"update_id": 1})


def _letters(world: OpenWorld) -> Sample:
    return Sample(body={"fingerprint": world.ids["fingerprint"], "dry_run": True})


SAMPLES: Mapping[str, Make] = {
    "create_job": _new_job,
    "delete_job": lambda world: Sample(path={"job_id": world.new_job()}),
    "replace_job": lambda world: Sample(body={"type": "test.echo", "tags": [f"n{next(world.numbers)}"]}),
    "check_job": lambda _: Sample(body={"spec": {"job_id": "checked", "type": "test.echo"}}),
    "run_batch": lambda world: Sample(body=[{"job_id": world.ids["job_id"]}]),
    "cancel_run": _waiting_run,
    "save_account": lambda world: Sample(path=_account(world).path, body={}),
    "delete_account": _account,
    "take_webhook": _webhook,
    "verify_webhook": _verification,
    "redrive_dead_letters": _letters,
    "discard_dead_letters": _letters,
    "pause": lambda world: Sample(body={"scope": "job", "name": world.ids["job_id"]}),
    "resume": lambda world: Sample(body={"scope": "job", "name": world.ids["job_id"]}),
    "revoke_key": lambda world: Sample(path={"key_id": world.new_key()}),
    "delete_secret": lambda world: Sample(path={"secret_name": world.new_secret()}),
}


def sample_of(world: OpenWorld, operation_id: str, names: list[str]) -> Sample:
    """Return what makes a call of an operation succeed; `names` are the parameters of its path."""
    made = SAMPLES.get(operation_id, lambda _: Sample())(world)
    path = {name: world.ids[name] for name in names} | made.path
    return Sample(path, made.query, made.headers, made.body)
