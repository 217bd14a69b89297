"""Every setting with its default and one line of explanation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr

from app.core.config import Settings

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Setting:
    name: str
    default: str
    text: str


GROUPS: dict[str, tuple[str, ...]] = {
    "Redis": ("REDIS_", "REQUEST_", "NAMESPACE", "SHARD", "DURABILITY"),
    "Access": (
        "API_KEYS",
        "AUTH",
        "ALLOWED_",
        "SESSION_",
        "TRUSTED_",
        "RATE_",
        "METRICS_",
        "MAX_CONNECTIONS",
    ),
    "Secrets": ("SECRET_KEY",),
    "The dashboard": ("UI_",),
    "Addresses, folders, time zone and logs": (
        *("API_", "MULTI_JOB_HOME", "FILES_", "RELEASES_", "TIMEZONE", "LOG_"),
    ),
    "Reports and exports": ("ARTIFACTS_",),
    "Runs": ("LEASE_", "WORKER_", "MAX_CHILD", "DRAIN_", "HEARTBEAT_", "READY_", "HANDLER_", "POLICIES_"),
    "Limits": ("MAX_", "EVENT_"),
    "History": ("RETENTION_",),
    "Channels, the planner's model, traces, the tool http": ("",),
}
# Further settings of the launcher, the dashboard and docker-compose.yml.
OTHERS = (
    Setting(
        "REDIS_MAXMEMORY_MB",
        "",
        "Memory limit in MB of the embedded Redis and of the container's. Unset: a quarter of the machine's, "
        "from 256 on, in a container up to 1,024.",
    ),
    Setting("UI_HOST", "127.0.0.1", "Address of the dashboard. Beyond loopback it asks for a key."),
    Setting("UI_PORT", "3000", "The dashboard's port."),
    Setting("UI_MAX_CONNECTIONS", "2000", "Most open connections of the dashboard's server, 16 to 100,000."),
    Setting(
        "RELEASES_URL",
        "",
        "Page or folder with releases, for `multi-job upgrade --check`. Unset: the place of the package.",
    ),
    Setting("UI_ALLOWED_HOSTS", "", "Names (host:port) of the dashboard besides loopback, with commas."),
)
CONTAINERS = (
    Setting("REDIS_MEM_LIMIT", "2g", "Memory for Redis: twice REDIS_MAXMEMORY_MB, for rewrites of its file."),
    Setting("API_MEM_LIMIT", "1g", "Memory for the API."),
    Setting("WORKER_MEM_LIMIT", "2g", "Memory for the worker, its child processes included."),
    Setting("SERVICE_MEM_LIMIT", "512m", "Memory for each of scheduler, connector and dashboard."),
    Setting("LOG_MAX_SIZE", "10m", "Size of one log file of a container; three are kept."),
    Setting("REDIS_IMAGE", "redis:8-alpine", "The image of Redis."),
    Setting("BASE", "python:3.12-slim", "The image that the four services are built on."),
    Setting("EXTRAS", "", "Extras that this image is built with: s3, otel, ai, with commas."),
    Setting("UI_BASE", "node:22-slim", "The image that the dashboard is built on."),
    Setting("PROMETHEUS_PORT", "9090", "Port of Prometheus (profile `monitoring`)."),
    Setting("GRAFANA_PORT", "3001", "Port of Grafana (profile `monitoring`)."),
    Setting("MONITORING_MEM_LIMIT", "512m", "Memory for each of Prometheus and Grafana."),
    Setting("PROMETHEUS_IMAGE", "prom/prometheus:v3.5.0", "The image of Prometheus."),
    Setting("GRAFANA_IMAGE", "grafana/grafana:12.1.1", "The image of Grafana."),
    Setting("DOMAIN", "", "The name of this site, such as jobs.example.com, for deploy/caddy."),
    Setting("CADDY_IMAGE", "caddy:2.10.2-alpine", "The image of Caddy."),
)
# One line each; a setting that is missing here has the comment above it in `app/core/config.py`.
TEXTS = {
    "REDIS_URL": "redis://, rediss://, redis+sentinel://h1,h2/name, redis+cluster://h1. Unset: loopback.",
    "REDIS_PORT": "Port of the embedded Redis, or of the container's on this machine.",
    "REDIS_PASSWORD": "Password of Redis. Unset: the embedded Redis and the container make one.",
    "NAMESPACE": "Prefix of all keys of this deployment.",
    "SHARDS": "Parts of jobs and runs, each in a Redis of its own. `multi-job reshard` changes it.",
    "SHARD_URLS": "The Redis of each shard, with commas; REDIS_URL is the first. Unset: all in REDIS_URL.",
    "DURABILITY": "A write waits for: fast (Redis), replicated (its replicas too) or fsynced (its disk).",
    "DURABILITY_TIMEOUT_MS": "Milliseconds that a write waits for DURABILITY.",
    "DURABILITY_REPLICAS": "Replicas that confirm a write of DURABILITY=replicated. 0: all of the master's.",
    "REDIS_PATIENCE_SEC": "Seconds for which a command is sent again while Redis is away.",
    "REQUEST_PATIENCE_SEC": "Seconds that a request waits for Redis before it gets 503.",
    "API_HOST": "Address that the API listens on.",
    "API_PORT": "The API's port.",
    "MULTI_JOB_HOME": "Folder of runtime-data and runtime-logs. Unset: the checkout or the user's data.",
    "TIMEZONE": "Time zone of schedules and times that name none.",
    "SECRET_KEY": "Seals secrets: 32 random bytes (`multi-job secrets new-key`). Unset: made once.",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR.",
    "AUTH": "auto: without a key only the user who runs the API, until there is a key. key: never. off: all.",
    "API_KEYS": "Keys besides those of `multi-job keys create`: name:role:secret, with commas.",
    "ALLOWED_HOSTS": "Names (host:port) under which the API serves besides loopback, with commas.",
    "METRICS_OPEN": "true: everybody who can reach the port reads /metrics without a key.",
    "ALLOWED_ORIGINS": "Origins of web pages that may call the API, with commas.",
    "RATE_LIMIT_PER_SEC": "Requests a second of one key, for each API process. 0: no limit.",
    "RATE_LIMIT_BURST": "Requests of one key at once.",
    "RATE_LIMIT_KEYLESS_PER_SEC": "Requests a second without a key. 0: no limit.",
    "UI_SESSION_SECRET": "Seals session cookies, 32 characters or more. Unset: made once.",
    "UI_SESSION_SECRET_FILE": "The file of UI_SESSION_SECRET, if that is made once.",
    "SECRET_KEY_PREVIOUS": "The key before the current one, while `multi-job secrets rotate-key` runs.",
    "SESSION_IDLE_HOURS": "Hours without a request after which a session of the dashboard ends.",
    "SESSION_MAX_DAYS": "Days after the sign-in at which a session ends.",
    "TRUSTED_PROXIES": "Addresses or networks of proxies whose X-Forwarded-For is trusted, with commas.",
    "MAX_CONNECTIONS": "Most open connections of one API process.",
    "MAX_CONNECTIONS_PER_PEER": "Most open connections of one address (IPv6: one /64) in one API process.",
    "MAX_CHILD_PROCESSES": "Most child processes of a worker process. 0: twice the cores.",
    "LOG_RUNS_PER_SEC": "Successful runs that a worker logs a second. Failures are always logged.",
    "READY_WAIT_SEC": "/readyz is 503 if a ready run has waited this long and none has started.",
    "REDIS_PASSWORD_FILE": "A file that holds the password, such as a mounted secret.",
    "LEASE_SEC": "Seconds without a renewal after which a run is started again.",
    "WORKER_CONCURRENCY": "Runs at once in a worker process.",
    "WORKER_PROCESSES": "Processes of a worker.",
    "WORKER_QUEUES": "Queues that a worker serves, with commas; each gets an equal share of its slots.",
    "DRAIN_SEC": "Seconds that a worker waits for its runs when it stops.",
    "HEARTBEAT_SEC": "Seconds between the heartbeats of a process.",
    "HANDLER_MODULES": "Python modules with job types of your own, with commas.",
    "POLICIES_FILE": "YAML file with the rights of your job types.",
    "TELEGRAM_API_BASE": "Address of the Telegram Bot API.",
    "WHATSAPP_API_BASE": "Address of the WhatsApp Cloud API.",
    "CHANNEL_TIMEOUT_SEC": "Seconds that a channel may take to answer.",
    "PLANNER_AI_MODEL": "The model of plan-ai: its name at PLANNER_AI_BASE, else litellm's name.",
    "PLANNER_AI_BASE": "OpenAI-compatible address, such as http://127.0.0.1:11434/v1. Unset: litellm.",
    "PLANNER_AI_API_KEY": "Key for PLANNER_AI_BASE or the model's provider.",
    "PLANNER_AI_TIMEOUT_SEC": "Seconds that the model may take.",
    "PLANNER_AI_TOKENS_PER_DAY": "Most tokens a day, for all API processes together. 0: no limit.",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "The OpenTelemetry collector that spans go to.",
    "MESSAGE_LANGUAGE": "Language of alarms to recipients without one: id or en. Unset: that of TIMEZONE.",
    "PUBLIC_URL": "Address of this deployment for people, behind a proxy. Its certificate is watched.",
    "DEADMAN_URL": "Called each minute while the platform works; an outside service alarms if it stays away.",
    "DEFAULT_NOTIFY": "Recipient of reports and alarms: channel:account:to.",
    "HTTP_ALLOW_PRIVATE": "Private addresses that jobs and accounts may call: 192.168.1.5:8080, with commas.",
    "FILES_ROOT": "Folder of the tool files. Unset: runtime-data/files.",
    "FILES_MAX_MB": "Most megabytes in FILES_ROOT.",
    "FILES_MAX_COUNT": "Most files in FILES_ROOT.",
    "ARTIFACTS_URL": "Place of reports and exports: s3://bucket/prefix, file:///shared/path. Unset: Redis.",
    "ARTIFACTS_MAX_MB": "Most megabytes of one report or export in Redis; a larger one stays on its machine.",
    "ARTIFACTS_TOTAL_MB": "Most megabytes of all of them in Redis; the oldest go first. 0: none in Redis.",
    "ARTIFACTS_DAYS": "Days that they are kept in Redis.",
    "ARTIFACTS_ENDPOINT": "Address of an S3-compatible service. Unset: AWS.",
    "ARTIFACTS_REGION": "Region of the bucket.",
    "ARTIFACTS_KEY_ID": "Access key for the bucket. Unset: AWS_ACCESS_KEY_ID, or the machine's role.",
    "ARTIFACTS_SECRET": "Secret of that key.",
    "MAX_QUEUE_DEPTH": "Most runs that may wait; submissions beyond it get 429. 0: no limit.",
    "MAX_RESULT_BYTES": "Largest output of a run, in bytes.",
    "MAX_LOG_LINES": "Most log lines of a run.",
    "MAX_BODY_BYTES": "Largest body of a request, in bytes.",
    "EVENT_KEEP_ALIVE_SEC": "Seconds between keep-alives on a silent event stream.",
    "MAX_EVENT_STREAMS_PER_KEY": "Most of them of one key and its sessions. Without a key: five times.",
    "MAX_EVENT_STREAMS": "Most event streams of one API process. At most half of MAX_CONNECTIONS are used.",
    "RETENTION_DAYS": "Days that ended runs are kept.",
    "RETENTION_FAILED_DAYS": "Days that failed runs are kept.",
    "RETENTION_RUNS_PER_JOB": "Most ended runs that are kept of a job.",
    "RETENTION_MAX_MB": "Most megabytes of history and logs that are kept.",
}


def settings() -> list[Setting]:
    """Return all fields of Settings, in their order there; KeyError names one without an explanation."""
    comments = _comments()
    found = [
        Setting(name.upper(), default_text(field.default), TEXTS.get(name.upper()) or comments[name])
        for name, field in Settings.model_fields.items()
    ]
    return [
        Setting(each.name, "" if each.name == "MULTI_JOB_HOME" else each.default, each.text) for each in found
    ]


def default_text(default: Any) -> str:
    """Return a default as in an environment variable; '' for none and an empty secret."""
    if isinstance(default, SecretStr):
        return default.get_secret_value()
    if isinstance(default, StrEnum):
        return default.value
    if isinstance(default, float) and default.is_integer():
        return str(int(default))
    if isinstance(default, list):
        return ",".join(map(str, cast("list[object]", default)))
    return "" if default is None else str(default)


def grouped() -> Iterator[tuple[str, list[Setting]]]:
    """Yield each heading of `.env.example` with its settings."""
    known = {each.name for each in settings()}
    left = [*settings(), *(each for each in OTHERS if each.name not in known)]
    for heading, beginnings in GROUPS.items():
        taken = [each for each in left if each.name.startswith(beginnings)]
        left = [each for each in left if each not in taken]
        yield heading, taken
    yield "Containers only", list(CONTAINERS)


def _comments() -> dict[str, str]:
    """Return the first sentence of the comment above each field, on one line."""
    lines = (ROOT / "app" / "core" / "config.py").read_text("utf-8").splitlines()
    found: dict[str, str] = {}
    comment, in_comment = list[str](), False
    for line in lines:
        text, field = line.strip(), re.match(r"    ([a-z_]+): ", line)
        if text.startswith("#"):
            comment = [*(comment if in_comment else ()), text.removeprefix("#").strip()]
        elif field and comment:
            # A comment is for the fields below it up to an empty line.
            found[field[1]] = " ".join(comment).partition(". ")[0].rstrip(".") + "."
        elif not text:
            comment = []
        in_comment = text.startswith("#")
    return found
