"""What a job is about: two specs of one target do the same thing, whatever their ids and schedules.

A planner that is asked again finds the job it made before by its target, and changes it in place of making
another. A type that is not named below is about all of its inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

import orjson

TARGET_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "monitor.channel": ("channel", "account_id"),
    "monitor.http": ("url",),
    "report.daily": (),
    "backup.export": (),
    # The same chat id means another person on another channel.
    "message.send": ("channel", "to", "text"),
}
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def target_of(job_type: str, inputs: Mapping[str, Any]) -> str:
    """Return the target as 32 hexadecimal digits; equal for equal targets."""
    fields = TARGET_FIELDS.get(job_type)
    about = dict(inputs) if fields is None else {field: _value(field, inputs.get(field)) for field in fields}
    text = orjson.dumps([job_type, about], option=orjson.OPT_SORT_KEYS)
    return blake2b(text, digest_size=16).hexdigest()


def _value(field: str, value: Any) -> Any:
    return same_url(value) if field == "url" and isinstance(value, str) else value


def same_url(url: str) -> str:
    """Return a URL in the one form of all that mean the same: host in lower case, no default port."""
    try:
        parts = urlsplit(url.strip())
        host = _host(parts)
    except ValueError:
        return url
    return parts._replace(netloc=host, path=parts.path or "/", fragment="").geturl()


def _host(parts: SplitResult) -> str:
    login, at, _ = parts.netloc.rpartition("@")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{login}{at}{host}{port}"
