"""Sample values for each operation to succeed: ids that exist, created again if a call consumes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from schemathesis.core import NOT_SET

from tests.support.api.full_deployment import BOT_OWNER, NUMBER, FullDeployment
from tests.support.channels.webhook_calls import VERIFY_TOKEN, WEBHOOK_SECRET


@dataclass(frozen=True, slots=True)
class Sample:
    """Parts of a request that stand in for made-up ones; `body` replaces the document's examples."""

    path: Mapping[str, str] = field(default_factory=dict[str, str])
    query: Mapping[str, str] = field(default_factory=dict[str, str])
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    body: Any = NOT_SET


Make = Callable[[FullDeployment], Sample]
Adapt = Callable[[FullDeployment, dict[str, Any], Sample], dict[str, Any]]


def _waiting_run(deployment: FullDeployment) -> Sample:
    return Sample(path={"run_id": deployment.new_run(deployment.ids["job_id"], delay_sec=3600)})


def _account(deployment: FullDeployment) -> Sample:
    return Sample(path={"channel": "sandbox", "account_id": deployment.new_account()})


def _chat_user(deployment: FullDeployment) -> Sample:
    """Return a new bot and the person who connected it."""
    account_id = deployment.new_bot()
    return Sample(path={"channel": "telegram", "account_id": account_id, "chat_user_id": BOT_OWNER})


def _sandbox(_: FullDeployment) -> Sample:
    return Sample(path={"channel": "sandbox", "account_id": "default"})


def _verification(_: FullDeployment) -> Sample:
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "4711"}
    return Sample(path={"channel": "whatsapp", "account_id": NUMBER}, query=query)


def _webhook(_: FullDeployment) -> Sample:
    headers = {"X-Telegram-Bot-Api-Secret-Token": WEBHOOK_SECRET}
    return Sample(headers=headers, body={"update_id": 1})


def _dead_letter(deployment: FullDeployment) -> Sample:
    return Sample(path={"fingerprint": deployment.new_dead_letter()})


def _failed_message(deployment: FullDeployment) -> Sample:
    return Sample(path={"message_id": deployment.new_failed_message()})


def _heartbeat(deployment: FullDeployment) -> Sample:
    return Sample(path={"job_id": deployment.ids["heartbeat"]})


def _incident(deployment: FullDeployment) -> Sample:
    return Sample(path={"incident_id": deployment.open_incident()})


def _link(deployment: FullDeployment) -> Sample:
    return Sample(body={"code": deployment.new_link()["link"].partition("#")[2]})


SAMPLES: Mapping[str, Make] = {
    "get_monitor": _heartbeat,
    "get_ping_url": _heartbeat,
    "replace_ping_url": lambda deployment: Sample(path={"job_id": deployment.new_heartbeat()}),
    "acknowledge_incident": _incident,
    "silence_incident": _incident,
    "note_remedy": _incident,
    "put_status_page": lambda deployment: Sample(path={"slug": deployment.name("page")}),
    "delete_status_page": lambda deployment: Sample(path={"slug": deployment.new_status_page()}),
    "delete_job": lambda deployment: Sample(path={"job_id": deployment.new_job()}),
    "cancel_run": _waiting_run,
    "save_account": _account,
    "delete_account": _account,
    "list_chat_users": _sandbox,
    "put_chat_user": _chat_user,
    "delete_chat_user": _chat_user,
    "send_message": _sandbox,
    "take_webhook": _webhook,
    "verify_webhook": _verification,
    "revoke_key": lambda deployment: Sample(path={"key_id": deployment.new_key()}),
    "rotate_key": lambda deployment: Sample(path={"key_id": deployment.new_key()}),
    "set_user_role": lambda deployment: Sample(path={"key_id": deployment.new_link()["id"]}),
    "create_session_by_link": _link,
    "end_session": lambda deployment: Sample(path={"session_id": deployment.new_session()}),
    "delete_contact": lambda deployment: Sample(path={"contact_name": deployment.new_contact()}),
    "delete_calendar": lambda deployment: Sample(path={"calendar_name": deployment.new_calendar()}),
    "delete_maintenance": lambda deployment: Sample(path={"maintenance_id": deployment.new_maintenance()}),
    "delete_secret": lambda deployment: Sample(path={"secret_name": deployment.new_secret()}),
}
# For the first call alone: values that need more, or take a while to create.
FIRST: Mapping[str, Make] = {
    "replace_job": lambda _: Sample(body={"type": "test.echo", "tags": ["changed"]}),
    "run_batch": lambda deployment: Sample(body=[{"job_id": deployment.ids["job_id"]}, {"job_id": "nobody"}]),
    "list_dead_letters": _dead_letter,
    "list_dead_letter_runs": _dead_letter,
    "redrive_dead_letters": _dead_letter,
    "discard_dead_letters": _dead_letter,
    "put_status_page": lambda deployment: Sample(
        path={"slug": deployment.name("page")},
        body={"title": "Shop", "monitors": [{"job_id": deployment.ids["heartbeat"], "name": "Shop"}]},
    ),
    "resend_message": _failed_message,
    "close_message": _failed_message,
    "save_account": lambda deployment: Sample(
        path={"channel": "telegram", "account_id": deployment.name("bot")}
    ),
}


def _spec(deployment: FullDeployment, body: dict[str, Any], sample: Sample) -> dict[str, Any]:
    """Keep the invented spec except for values that cannot be invented: a type, stored jobs, a schedule."""
    job_id = sample.path.get("job_id") or deployment.name("made")
    fixed = {"job_id": job_id, "type": "test.echo", "schedule": {"interval_sec": 3600}}
    return {**body, **fixed, "on_success": [], "on_failure": []}


def _quick(_: FullDeployment, body: dict[str, Any], __: Sample) -> dict[str, Any]:
    return {**body, "wait_seconds": 0} if "wait_seconds" in body else body


def _scope(deployment: FullDeployment, body: dict[str, Any], _: Sample) -> dict[str, Any]:
    return {**body, "scope": "job", "name": deployment.ids["job_id"]}


def _choice(_: FullDeployment, body: dict[str, Any], __: Sample) -> dict[str, Any]:
    kept = {name: value for name, value in body.items() if name not in {"run_ids", "fingerprint"}}
    return {"filter": {}, **kept}


def _bulk(deployment: FullDeployment, body: dict[str, Any], _: Sample) -> dict[str, Any]:
    """Leave other operations' runs alone, and begin a bulk action of its own."""
    kept = {name: value for name, value in body.items() if name not in {"bulk_id", "cursor"}}
    return {**kept, "filter": {"job_id": deployment.name("none")}}


ADAPTERS: Mapping[str, Adapt] = {
    "bulk_runs": _bulk,
    "create_job": _spec,
    "replace_job": _spec,
    "check_job": lambda deployment, body, sample: {**body, "spec": _spec(deployment, {}, sample)},
    "execute_plan": _quick,
    "pause": _scope,
    "resume": _scope,
    "redrive_dead_letters": _choice,
    "discard_dead_letters": _choice,
    "preview_schedule": lambda _, body, __: {**body, "schedule": {"cron": "0 7 * * 1-5"}},
}


def sample_of(deployment: FullDeployment, operation_id: str, names: list[str]) -> Sample:
    """Return what makes a call of an operation succeed; `names` are the parameters of its path."""
    return _whole(deployment, names, SAMPLES.get(operation_id, lambda _: Sample())(deployment))


def first_sample_of(deployment: FullDeployment, operation_id: str, names: list[str]) -> Sample:
    """Return the same for the call that shows that it can succeed."""
    if operation_id in FIRST:
        return _whole(deployment, names, FIRST[operation_id](deployment))
    return sample_of(deployment, operation_id, names)


def adapted(deployment: FullDeployment, operation_id: str, body: Any, sample: Sample) -> Any:
    """Return an invented body with the parts replaced that cannot be invented."""
    adapt = ADAPTERS.get(operation_id)
    if adapt is None or not isinstance(body, dict):
        return body
    return adapt(deployment, cast("dict[str, Any]", body), sample)


def _whole(deployment: FullDeployment, names: list[str], made: Sample) -> Sample:
    path: dict[str, str] = {**{name: deployment.ids[name] for name in names}, **made.path}
    return Sample({name: path[name] for name in names}, made.query, made.headers, made.body)
