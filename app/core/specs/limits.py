"""Checks that a concurrency key or a rate has one limit in all jobs, and its groups are in one shard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import FieldProblem, InvalidSpec
from app.core.i18n import _
from app.core.storage.limits import RATE, names_of_spec

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys


async def check_limits(link: RedisLink, keys: Keys, spec: JobSpec) -> None:
    """Raise InvalidSpec if another job names a key of this one with another limit, as the script does."""
    for key, limit in names_of_spec(spec).items():
        # A key has one limit, unless this job is its only one.
        owners = keys.limit_jobs(key)
        stored, count, own = await link.calls(
            [("HGET", keys.limits, key), ("SCARD", owners), ("SISMEMBER", owners, spec.job_id)]
        )
        if stored is not None and stored != limit and count > own:
            raise two_limits(f"{key} {stored}")


async def check_other_shards(link: RedisLink, spec: JobSpec) -> None:
    """Raise InvalidSpec if jobs of other shards do not agree with the limits of a spec.

    Groups are counted within one shard, so all jobs of a key with groups have to be in one.
    """
    own = link.part_of(spec.job_id) if link.parts else None
    for part in link.parts:
        if part is own:
            continue
        for key in names_of_spec(spec):
            jobs = await part.link.call("SRANDMEMBER", part.keys.limit_jobs(key), 1)
            if jobs and (_has_groups(spec, key) or await _names_groups(part.link, part.keys, jobs[0], key)):
                raise _groups_apart(key, jobs[0])
        await check_limits(part.link, part.keys, spec)


def _has_groups(spec: JobSpec, key: str) -> bool:
    limit = spec.rate if key.startswith(RATE) else spec.concurrency
    return limit is not None and limit.group_by is not None


async def _names_groups(link: RedisLink, keys: Keys, job_id: str, key: str) -> bool:
    text = await link.call("HGET", keys.job(job_id), "spec")
    stored: dict[str, Any] = orjson.loads(text) if text else {}
    limit: dict[str, Any] = stored.get("rate" if key.startswith(RATE) else "concurrency") or {}
    return bool(limit.get("group_by"))


def _groups_apart(name: str, job_id: str) -> InvalidSpec:
    is_rate, key = name.startswith(RATE), name.partition(":")[2]
    message = _(
        "key {key!r} has groups, and job {job!r} of another shard names it; groups are counted in one "
        "shard: use another key",
        key=key,
        job=job_id,
    )
    pointer = "/rate/key" if is_rate else "/concurrency/key"
    return InvalidSpec(_("The spec is not valid."), (FieldProblem(pointer, message, "groups_in_shards"),))


def two_limits(found: str) -> InvalidSpec:
    """Return the error for a key that has another limit in another job; `found` is `<name> <its limit>`."""
    name, _space, stored = found.partition(" ")
    is_rate = name.startswith(RATE)
    key, limit = name.partition(":")[2], ", ".join(part for part in stored.split("|") if part)
    message = (
        _("rate {key!r} has {limit} per minute in another job; one key has one rate", key=key, limit=limit)
        if is_rate
        else _("key {key!r} has limit {limit} in another job; one key has one limit", key=key, limit=limit)
    )
    pointer = "/rate/per_minute" if is_rate else "/concurrency/limit"
    return InvalidSpec(_("The spec is not valid."), (FieldProblem(pointer, message, "limit_conflict"),))
