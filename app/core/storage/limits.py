"""The names of concurrency keys, groups and rates, as in `lua/lib/slots.lua` and `lua/lib/rates.lua`."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

import orjson

from app.core.models import GROUP_ROUND_ROBIN, JobSpec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.models import Concurrency, Rate

USER, RATE = "user:", "rate:"
OLDEST_FIRST = "oldest_first"
"""The stored strategy of a key with groups that names none."""
NO_GROUP = "~"
"""The group of the runs whose inputs have no value for it."""
WINDOW_MS = 60_000
"""A rate counts the starts of so long."""
MOST_GROUP_CHARS = 64
_PLAIN = re.compile(r"[A-Za-z0-9._:@+-]{1,64}")
_SAFE = "._:@+-"


def run_key(spec: JobSpec, inputs: Mapping[str, Any]) -> str:
    """Return the key of a run: `<key>`, `<key>/<group>`, then `|` and that of its rate; empty if none."""
    slots, rate = spec.concurrency, spec.rate
    if slots is None and rate is None:
        return ""
    first = "" if slots is None else _keyed(slots, inputs)
    return first if rate is None else f"{first}|{_keyed(rate, inputs)}"


def _keyed(limit: Concurrency | Rate, inputs: Mapping[str, Any]) -> str:
    return limit.key if limit.group_by is None else f"{limit.key}/{group_of(inputs, limit.group_by)}"


def group_of(inputs: Mapping[str, Any], path: str) -> str:
    """Return the group of a run: the text, number or truth value at a path, quoted to plain characters."""
    value: Any = {"inputs": inputs}
    for name in path.split("."):
        value = cast("dict[str, Any]", value).get(name) if isinstance(value, dict) else None
    if value is None or value == "":
        return NO_GROUP
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    quoted = text if _PLAIN.fullmatch(text) else quote(text, safe=_SAFE).replace("~", "%7E")
    if len(quoted) <= MOST_GROUP_CHARS:
        return quoted
    # Long values keep their beginning; the digest tells them apart.
    return f"{quoted[:40]}~{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def names_of_run(job_id: str, overlap: str | None, key: str | None) -> list[str]:
    """Return the names that a run needs, from the fields of its record."""
    names = [f"job:{job_id}"] if overlap == "1" else []
    slots, _, rate = (key or "").partition("|")
    if slots:
        names.append(USER + slots)
    if "/" in slots:
        names.append(USER + slots.partition("/")[0])
    return [*names, RATE + rate] if rate else names


def names_of_spec(spec: JobSpec) -> dict[str, str]:
    """Return the concurrency key and the rate of a job, each with its limit as Redis stores it."""
    found: dict[str, str] = {}
    if (slots := spec.concurrency) is not None:
        found[USER + slots.key] = slot_text(slots)
    if (rate := spec.rate) is not None:
        found[RATE + rate.key] = str(rate.per_minute)
    return found


def slot_text(slots: Concurrency) -> str:
    """Return a limit as Redis stores it: `2`, or `2|10|group_round_robin` for groups."""
    if slots.group_by is None:
        return str(slots.limit)
    return f"{slots.limit}|{slots.total or ''}|{slots.strategy or OLDEST_FIRST}"


def limit_in(stored: str | None, name: str) -> int | None:
    """Return the limit for a name from the stored text of its key; None if nothing bounds it."""
    if stored is None:
        return None if name.startswith(RATE) else 1
    limit, *groups = stored.split("|")
    if not groups or "/" in name:
        return int(limit)
    total, strategy = groups
    return int(total) if total else DEFAULT_TOTAL if strategy == GROUP_ROUND_ROBIN else None


DEFAULT_TOTAL = 100
"""Also in `lua/lib/slots.lua`, until the slots of the live workers are known."""


def base_of(name: str) -> str:
    """Return the name without its group, which is the field of its limit."""
    return name.partition("/")[0]
