"""All settings of a deployment, read once from the environment and `.env`."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from app.core.home.places import ENV_FILE, default_home
from app.core.hosts import opened_place
from app.core.ids import DEFAULT_QUEUE, QUEUE_PATTERN
from app.core.proxies import proxy_network
from app.core.recipient import parse_default_notify
from app.core.redis_login import find_password, password_of, with_password

if TYPE_CHECKING:
    from pydantic import ValidationError

    from app.core.i18n import Language

_MIN_SECRET_CHARS = 8
MOST_SHARDS = 64
"""Each process has a connection to each shard, and lists ask all of them."""
_NEXT_URL = re.compile(r"[\s,]+(?=redis(?:s|\+sentinel|\+cluster)?://)")
_INDONESIAN_ZONES = frozenset({"Asia/Jakarta", "Asia/Pontianak", "Asia/Makassar", "Asia/Jayapura"})


def split_urls(text: str) -> list[str]:
    """Return the URLs of Redis in SHARD_URLS; one of a Sentinel or Cluster has commas of its own."""
    return [url for url in _NEXT_URL.split(text.strip(" \t\n,")) if url]


def first_url(text: str) -> str:
    """Return the URL of the first shard in SHARD_URLS; '' if there is none."""
    return next(iter(split_urls(text)), "")


def place_of(url: str) -> str:
    """Return the address of a Redis without its login, for people."""
    return url.partition("://")[2].rpartition("@")[2].partition("?")[0]


def _without_login(url: str) -> tuple[str, str]:
    return url.partition("://")[0], place_of(url)


class Durability(StrEnum):
    """The confirmation that a write needs before it is acknowledged."""

    FAST = "fast"
    """In the memory of one Redis, on its disk within a second (AOF everysec)."""
    REPLICATED = "replicated"
    """On the replicas that DURABILITY_REPLICAS asks for (WAIT)."""
    FSYNCED = "fsynced"
    """On the disk of the Redis that received it (WAITAOF)."""


class Settings(BaseSettings):
    """One field per variable; the variable's name is the field's in capitals."""

    model_config = SettingsConfigDict(env_file=ENV_FILE, extra="ignore", case_sensitive=False)

    # Redis. The URL may be redis://, rediss://, redis+sentinel://h1,h2/<service>, redis+cluster://.
    redis_url: str = ""
    redis_port: Annotated[int, Field(ge=1, le=65535)] = 6379
    redis_password: SecretStr = SecretStr("")
    # A file that holds the password, such as a mounted secret. REDIS_PASSWORD wins.
    redis_password_file: Path | None = None
    namespace: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")] = "mj"
    # Into how many parts jobs and runs are divided, each in a Redis of its own or in a part of a Cluster.
    # Fixed when the data is made; `multi-job reshard` changes it.
    shards: Annotated[int, Field(ge=1, le=MOST_SHARDS)] = 1
    # The Redis of each shard, separated by commas; the first one is REDIS_URL. Empty: all are there.
    shard_urls: Annotated[list[str], NoDecode] = []
    _shard: int = PrivateAttr(0)
    durability: Durability = Durability.FAST
    durability_timeout_ms: Annotated[int, Field(ge=10, le=60_000)] = 2_000
    # Replicas that confirm a write of DURABILITY=replicated. 0: all of the master's, at least one, because
    # a failover may promote any of them. A number is required even if the master has fewer or more.
    durability_replicas: Annotated[int, Field(ge=0, le=100)] = 0
    # How long a command is repeated while Redis is out of reach. The maximum exists because retention keeps
    # records for at least 120 s: a repeated command always finds the records that it wrote.
    redis_patience_sec: Annotated[float, Field(ge=0.1, le=60)] = 60.0
    # A caller waits for its answer, so it gets 503 long before a worker would give up.
    request_patience_sec: Annotated[float, Field(ge=0.1, le=60)] = 2.0

    # Address, port and data folder of this deployment.
    api_host: str = "127.0.0.1"
    api_port: Annotated[int, Field(ge=1, le=65535)] = 8000
    multi_job_home: Path = Field(default_factory=default_home)
    timezone: str = "Asia/Jakarta"
    secret_key: SecretStr = SecretStr("")
    # The key before the current one; both open sealed values while `multi-job secrets rotate-key` runs.
    secret_key_previous: SecretStr = SecretStr("")
    log_level: str = "INFO"
    # Ends of successful runs that a worker process logs a second. Failures are always logged. A line costs
    # about 60 µs, so 100 of them are less than 1 % of a core; 0 logs failures only.
    log_runs_per_sec: Annotated[int, Field(ge=0, le=100_000)] = 100

    # The audit log: how long entries are kept, and the memory that they may take in Redis. Acts on keys,
    # roles, secrets and settings have half of it for themselves, and are kept even beyond it.
    audit_days: Annotated[float, Field(gt=0, le=3_650)] = 365.0
    audit_max_mb: Annotated[float, Field(ge=0.1, le=100_000)] = 64.0
    # Also write each entry as a JSON line: to a file (its absolute path), to this machine's syslog
    # (`syslog`), or to another one's by UDP (`syslog:HOST:PORT`).
    audit_sink: str = ""

    # Authentication. AUTH=auto serves requests without a key if the kernel proves that they are the API's own
    # user's; AUTH=key serves none for that; AUTH=off serves everybody.
    auth: Annotated[str, Field(pattern="^(auto|key|off)$")] = "auto"
    # name:role:secret,… in addition to the keys that `multi-job keys create` makes.
    api_keys: SecretStr = SecretStr("")
    # Serves /metrics without a key to everybody who can reach the port under a served name.
    metrics_open: bool = False
    allowed_hosts: Annotated[list[str], NoDecode] = []
    allowed_origins: Annotated[list[str], NoDecode] = []
    # How long a browser stays signed in: without a request, and in all.
    session_idle_hours: Annotated[float, Field(gt=0, le=8_760)] = 12.0
    session_max_days: Annotated[float, Field(gt=0, le=3_650)] = 30.0
    # Sign-in at an OpenID Connect provider. The issuer is as the provider writes it, with or without a `/` at
    # its end. A client without a secret is a public one, which PKCE protects.
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_file: Path | None = None
    oidc_scopes: str = "openid profile email"
    # The text of the button; empty: the provider's host.
    oidc_label: Annotated[str, Field(max_length=60)] = ""
    # Claims: the groups of a person, and the name that the person gets here.
    oidc_groups_claim: str = "groups"
    oidc_name_claim: str = "preferred_username"
    # group=role,… with `*` for everyone who can sign in; the highest role counts.
    oidc_roles: str = ""
    # Whoever was removed at the provider is out when the session ends.
    oidc_session_hours: Annotated[float, Field(gt=0, le=8_760)] = 24.0
    # Addresses or networks of proxies whose X-Forwarded-For or Forwarded gives the origin of a request.
    trusted_proxies: Annotated[list[str], NoDecode] = []
    # The dashboard seals its cookies and signs the addresses of users with this. Unset: it creates the file.
    ui_session_secret: SecretStr = SecretStr("")
    ui_session_secret_file: Path | None = None
    # Requests a second per key, counted by each API process separately; 0 is no limit. A dashboard and a
    # program together stay far below. Requests without a key come from this machine: unlimited unless set.
    rate_limit_per_sec: Annotated[float, Field(ge=0, le=1_000_000)] = 200.0
    rate_limit_burst: Annotated[int, Field(ge=1, le=1_000_000)] = 1_000
    rate_limit_keyless_per_sec: Annotated[float, Field(ge=0, le=1_000_000)] = 0.0

    # Connections of one API process, and of them those of one address; programs of this machine and trusted
    # proxies count for the first alone. Less is allowed if the limit of open files is low.
    max_connections: Annotated[int, Field(ge=16, le=50_000)] = 2_000
    max_connections_per_peer: Annotated[int, Field(ge=1, le=50_000)] = 500

    # A lease of 30 s survives long pauses of garbage collection and disks; it also bounds recovery.
    lease_sec: Annotated[float, Field(ge=0.5, le=3600)] = 30.0
    worker_concurrency: Annotated[int, Field(ge=1, le=1000)] = 100
    worker_processes: Annotated[int, Field(ge=1, le=64)] = 1
    # The queues that a worker serves, each with an equal share of its slots.
    worker_queues: Annotated[list[str], NoDecode] = [DEFAULT_QUEUE]
    # Child processes of a worker for handlers that run in one; 0 is twice the cores, at least 2. Each takes
    # about 45 MB.
    max_child_processes: Annotated[int, Field(ge=0, le=1000)] = 0
    # Shorter than the 30 s that process managers usually grant before SIGKILL.
    drain_sec: Annotated[float, Field(ge=0, le=3600)] = 25.0
    heartbeat_sec: Annotated[float, Field(ge=0.1, le=60)] = 5.0
    # /readyz turns red once a ready run has waited so long and none has started meanwhile. Six heartbeats: a
    # restart of all workers takes less. Deployments whose slots are all taken by long runs set more.
    ready_wait_sec: Annotated[float, Field(ge=1, le=86_400)] = 30.0
    handler_modules: Annotated[list[str], NoDecode] = []
    policies_file: Path | None = None

    # Base addresses of the channels: the operator's choice, never an account's or a job's.
    telegram_api_base: str = "https://api.telegram.org"
    whatsapp_api_base: str = "https://graph.facebook.com/v21.0"
    # With more, a run waits in vain; with less, slow responses count as unknown outcomes.
    channel_timeout_sec: Annotated[float, Field(ge=0.5, le=120)] = 15.0

    # The planner's language model. With a base, which is any OpenAI-compatible address, it has the name that
    # this server knows; without one, litellm's name (extra `ai`). The key goes to the base, or to the
    # provider of the model named here (OpenAI if none is), and nowhere else.
    planner_ai_model: Annotated[str, Field(max_length=128)] = ""
    planner_ai_base: str = ""
    planner_ai_api_key: SecretStr = SecretStr("")
    # A child imports its libraries in about 5 s, then a model takes a few seconds a step.
    planner_ai_timeout_sec: Annotated[float, Field(ge=1, le=300)] = 60.0

    # All API processes share the count. A plan takes 1,000 to 4,000 tokens; 0 lifts the limit.
    planner_ai_tokens_per_day: Annotated[int, Field(ge=0, le=1_000_000_000)] = 1_000_000

    # The collector for spans (extra `otel`), by OTLP over HTTP; if it is empty, no spans are made.
    otel_exporter_otlp_endpoint: str = ""

    # The default recipient of reports, alarms and messages without one: channel:account:to.
    default_notify: str = ""
    # The language of alarms and other messages whose recipient has none; empty: that of the time zone.
    message_language: Literal["", "id", "en"] = ""

    # The address at which people reach this deployment, behind a proxy. Its certificate is watched.
    public_url: str = ""
    # Is called each minute while the platform works. It holds a token, so it is a secret.
    deadman_url: SecretStr = SecretStr("")

    # Private addresses for the tool `http`, and the quota of the tool `files`. A private address is opened by
    # name or number with its port: `192.168.1.5:8080,printer.lan:631`.
    http_allow_private: Annotated[list[str], NoDecode] = []
    files_root: Path | None = None
    files_max_mb: Annotated[int, Field(ge=1, le=10_000_000)] = 1_024
    files_max_count: Annotated[int, Field(ge=1, le=1_000_000)] = 10_000

    # Where reports and exports are kept, so that every API can read them: empty for Redis, file:///path for a
    # folder that all machines share, s3://bucket/prefix for any S3-compatible store (extra `s3`).
    artifacts_url: str = ""
    # In Redis. A record is compressed; a daily report takes 10 KB. A larger one stays on its machine's disk.
    artifacts_max_mb: Annotated[float, Field(ge=0, le=32)] = 4.0
    artifacts_total_mb: Annotated[float, Field(ge=0, le=100_000)] = 64.0
    artifacts_days: Annotated[float, Field(gt=0, le=3_650)] = 100.0
    # Empty: that of AWS. The keys: those of the environment (AWS_ACCESS_KEY_ID, …) or of the machine's role.
    artifacts_endpoint: str = ""
    artifacts_region: str = ""
    artifacts_key_id: SecretStr = SecretStr("")
    artifacts_secret: SecretStr = SecretStr("")

    # Waiting runs, ready or delayed. About 2 KB each in Redis: 200 MB. 0 lifts the limit; it applies to
    # submissions, never to schedules, chains and retries.
    max_queue_depth: Annotated[int, Field(ge=0, le=100_000_000)] = 100_000

    # A result is for people and follow-up jobs; bulk data belongs into files.
    max_result_bytes: Annotated[int, Field(ge=1_024, le=16_777_216)] = 262_144
    max_log_lines: Annotated[int, Field(ge=10, le=100_000)] = 2_000
    max_body_bytes: Annotated[int, Field(ge=1_024, le=16_777_216)] = 262_144

    # Proxies close a connection that is silent for a minute; a stream costs a socket and up to 1 MB of unread
    # data.
    event_keep_alive_sec: Annotated[float, Field(ge=0.05, le=300)] = 15.0
    max_event_streams: Annotated[int, Field(ge=0, le=100_000)] = 1_000
    # Of one API process and key, its sessions included; requests without a key: five times as many.
    max_event_streams_per_key: Annotated[int, Field(ge=1, le=100_000)] = 20

    # Retention; dead letters stay until someone decides about them.
    retention_days: Annotated[float, Field(gt=0, le=3650)] = 7
    retention_failed_days: Annotated[float, Field(gt=0, le=3650)] = 30
    retention_runs_per_job: Annotated[int, Field(ge=1, le=1_000_000)] = 1_000
    # Counts only this deployment's own history and logs. 512 MB are about 750,000 runs without a result.
    retention_max_mb: Annotated[int, Field(ge=16)] = 512

    @field_validator(
        *("allowed_hosts", "allowed_origins", "handler_modules", "http_allow_private", "trusted_proxies"),
        "worker_queues",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        )

    @field_validator(
        *("policies_file", "files_root", "redis_password_file", "ui_session_secret_file"),
        "oidc_client_secret_file",
        mode="before",
    )
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("shard_urls", mode="before")
    @classmethod
    def _urls(cls, value: object) -> object:
        return split_urls(value) if isinstance(value, str) else value

    @field_validator("shard_urls")
    @classmethod
    def _url_of_each_shard(cls, value: list[str], info: ValidationInfo) -> list[str]:
        shards, first = info.data.get("shards", 1), info.data.get("redis_url", "")
        if value and len(value) != shards:
            raise ValueError(f"names {len(value)} servers, but SHARDS is {shards}: name one for each shard")
        # A login may be in one of them alone: `join` keeps it in REDIS_PASSWORD.
        if value and first and _without_login(first) != _without_login(value[0]):
            raise ValueError("its first server must be that of REDIS_URL")
        return value

    @field_validator("audit_sink")
    @classmethod
    def _audit_sink(cls, value: str) -> str:
        sink = value.strip()
        is_known = not sink or sink == "syslog" or re.fullmatch(r"syslog:[^\s:]+:\d{1,5}", sink)
        if not is_known and not Path(sink).is_absolute():
            raise ValueError("it is the absolute path of a file, `syslog`, or `syslog:HOST:PORT`")
        return sink

    @field_validator("telegram_api_base", "whatsapp_api_base")
    @classmethod
    def _plain_base(cls, value: str) -> str:
        base = value.strip().rstrip("/")
        if not re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~-]+)*", base):
            raise ValueError("an API base looks like https://host or https://host/path, and holds no login")
        return base

    @field_validator("planner_ai_base", "otel_exporter_otlp_endpoint")
    @classmethod
    def _plain_base_or_none(cls, value: str) -> str:
        return cls._plain_base(value) if value.strip() else ""

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        url = value.strip().rstrip("/")
        if url and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#]*)?", url):
            raise ValueError("an address looks like https://jobs.example.org, and holds no login")
        return url

    @field_validator("artifacts_url")
    @classmethod
    def _artifact_place(cls, value: str) -> str:
        url = value.strip()
        if url and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[^?#\s]*)?|file:///[^?#]+", url):
            raise ValueError("it is empty, s3://bucket/prefix or file:///path, and holds no login")
        return url.rstrip("/")

    @field_validator("artifacts_endpoint")
    @classmethod
    def _s3_endpoint(cls, value: str) -> str:
        return cls._web_address(value)

    @field_validator("deadman_url")
    @classmethod
    def _pinged_address(cls, value: SecretStr) -> SecretStr:
        url = value.get_secret_value().strip()
        if url and not re.fullmatch(r"https?://[^\s/?#@]+(/\S*)?", url):
            raise ValueError("it is an https:// or http:// address")
        return SecretStr(url)

    @field_validator("default_notify")
    @classmethod
    def _known_recipient(cls, value: str) -> str:
        parse_default_notify(value.strip())
        return value.strip()

    @field_validator("http_allow_private")
    @classmethod
    def _opened_places(cls, value: list[str]) -> list[str]:
        return [opened_place(entry) for entry in value]

    @field_validator("worker_queues")
    @classmethod
    def _queue_names(cls, value: list[str]) -> list[str]:
        for name in value:
            if not re.fullmatch(QUEUE_PATTERN, name):
                raise ValueError(f"{name!r} is no name of a queue: write default,gpu")
        return list(dict.fromkeys(value)) or [DEFAULT_QUEUE]

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        return [str(proxy_network(entry)) for entry in value]

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"unknown timezone {value!r}: use an IANA name such as Asia/Jakarta") from error
        return value

    @property
    def effective_redis_url(self) -> str:
        """Return REDIS_URL, or the loopback address at REDIS_PORT, with a password if it names none.

        The password is REDIS_PASSWORD, the one in REDIS_PASSWORD_FILE, or the embedded server's. With several
        shards it is the server of the first one. Raises ConfigurationError if a file with it can't be read.
        """
        return self.shard_url(self.shard)

    @property
    def shard(self) -> int:
        """Return the shard that is meant if none is named: the first one, or that of `of_shard`."""
        return self._shard

    def of_shard(self, shard: int) -> Self:
        """Return the settings for the loops of one shard."""
        own = self.model_copy()
        own._shard = shard  # noqa: SLF001
        return own

    @property
    def shares_server(self) -> bool:
        """Return whether an earlier shard, which reports about the server, is on the same one."""
        url = self.effective_redis_url
        return "+cluster" not in url and any(self.shard_url(each) == url for each in range(self.shard))

    @property
    def server_part(self) -> float:
        """Return the part of its server that this shard may fill; several shards on one server share it."""
        url = self.effective_redis_url
        return 1 / sum(self.shard_url(each) == url for each in range(self.shards)) if self.shards > 1 else 1.0

    def shard_url(self, shard: int) -> str:
        """Return the address of a shard's Redis in the same way."""
        url = self.shard_urls[shard] if self.shard_urls else self.redis_url
        return with_password(url or f"redis://127.0.0.1:{self.redis_port}/0", self._redis_login(url))

    def shard_place(self, shard: int) -> str:
        """Return the address of a shard's Redis without its login, for people."""
        return place_of(self.shard_url(shard))

    def _redis_login(self, url: str) -> str:
        given = self.redis_password.get_secret_value()
        return given or find_password(url, self.redis_port, self.redis_password_file, self.data_dir)

    @property
    def language(self) -> Language:
        """Return MESSAGE_LANGUAGE, or Indonesian if TIMEZONE is one of Indonesia's."""
        if self.message_language:
            return self.message_language
        return "id" if self.timezone in _INDONESIAN_ZONES else "en"

    @property
    def lease_ms(self) -> int:
        """Return the lease in milliseconds."""
        return round(self.lease_sec * 1000)

    @property
    def child_processes(self) -> int:
        """Return MAX_CHILD_PROCESSES, or twice the cores."""
        return self.max_child_processes or 2 * (os.cpu_count() or 1)

    @property
    def retention_max_bytes(self) -> int:
        """Return RETENTION_MAX_MB in bytes."""
        return self.retention_max_mb * 1_048_576

    @property
    def data_dir(self) -> Path:
        """Return the folder of the deployment's data on this machine."""
        return self.multi_job_home / "runtime-data"

    @property
    def spool_dir(self) -> Path:
        """Return the folder of run ends that Redis has not acknowledged yet."""
        return self.data_dir / "spool"

    @property
    def redis_place(self) -> str:
        """Return the address of Redis without its login, for people."""
        return self.shard_place(self.shard)

    @property
    def files_dir(self) -> Path:
        """Return FILES_ROOT, or the folder `files` in the deployment's data."""
        return self.files_root or self.data_dir / "files"

    def secret_values(self) -> list[str]:
        """Return the values to redact everywhere, except values so short that ordinary words contain them."""
        given = (
            *(self.secret_key, self.secret_key_previous),
            *(self.planner_ai_api_key, self.ui_session_secret, self.deadman_url, self.artifacts_secret),
            self.oidc_client_secret,
        )
        keys = (entry.strip().rpartition(":")[2] for entry in self.api_keys.get_secret_value().split(","))
        urls = (self.redis_url, *self.shard_urls)
        logins = (self._redis_login(url) for url in urls)
        values = (*logins, *(each.get_secret_value() for each in given), *keys, *map(password_of, urls))
        return [value for value in dict.fromkeys(values) if len(value) >= _MIN_SECRET_CHARS]


# The text for refused settings: each variable and the reason, never its value.


def settings_problems(error: ValidationError) -> str:
    """Return one text for all refused variables."""
    return "; ".join(
        f"{'.'.join(str(part) for part in problem['loc']).upper()}: {problem['msg']}"
        for problem in error.errors(include_input=False, include_url=False, include_context=False)
    )
