"""Pauses of the deployment, a queue, a job type or a job.

While a pause lasts, nothing in its scope is fired or claimed. A pause may have an end: from then on it has no
effect, and a scheduler releases the runs that it held.

Running runs continue. A slot of a paused job makes no run and is in the ledger as `paused`. Existing runs,
and runs made by hand, by a chain or by a retry, are held: `queued`, with `waiting_for` = `paused:<scope>`.
Pauses of several scopes are independent; a run that one of them releases is held by the next.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson

from app.core.errors import JobNotFound, NotFound, StateConflict
from app.core.i18n import _
from app.core.ids import DEFAULT_QUEUE, new_id
from app.core.queue.base import MAX_BATCH
from app.core.records import EVERYTHING, PauseRecord, ResumeResult, Scope, ScopeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.models import JobSpec
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

__all__ = ["EVERYTHING", "PauseRecord", "Pauses", "ResumeResult", "Scope", "ScopeKind", "read_pauses"]


def scopes_of(job_id: str, job_type: str, queue: str) -> list[str]:
    """Return the scopes that a job is in, the narrowest first, as `pause_scope_of` in `lib/pauses.lua`."""
    return [f"job:{job_id}", f"type:{job_type}", f"queue:{queue}", EVERYTHING.text]


def pauses_of(spec: JobSpec, pauses: Mapping[str, PauseRecord], at_ms: int) -> list[PauseRecord]:
    """Return the pauses, by the text of their scope, that hold a job at an instant; the narrowest first."""
    found = map(pauses.get, scopes_of(spec.job_id, spec.type, spec.queue))
    return [pause for pause in found if pause is not None and pause.lasts(at_ms)]


class Pauses:
    """The pauses of one namespace."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock

    async def pause(
        self,
        scope: Scope,
        actor: str,
        reason: str = "",
        *,
        known: bool = False,
        until_ms: int | None = None,
    ) -> PauseRecord:
        """Pause a scope, for good or until an instant of Redis' clock; return the pause.

        If the scope is paused already, the existing pause stays, with the end that this call gives: none if
        it is for good.
        NotFound if there is no such job, queue or type. With `known`, a type that no job has yet is accepted.
        """
        pause_id = new_id(self._clock)
        word, stored = await self._scripts.run(
            "queue/pause",
            scope=scope.text,
            id=pause_id,
            actor=actor,
            reason=reason,
            is_known="1" if known else "",
            ends_at="" if until_ms is None else until_ms,
        )
        if word == "MISSING":
            raise _unknown(scope)
        if word == "OVER":
            raise StateConflict(_("Somebody has resumed {text!r} meanwhile.", text=scope.text))
        made = pause_record(scope, stored, await self._held(scope))
        is_new = orjson.loads(stored)["id"] == pause_id
        return replace(made, is_new=is_new, is_changed=word == "PAUSED")

    async def resume(self, scope: Scope, actor: str, *, known: bool = False) -> ResumeResult:
        """End a pause and release the held runs, oldest first; does nothing for a scope without a pause.

        NotFound if there is no such job, queue or type and no pause under its name.
        """
        ended = await self._find(scope)
        if ended is None and not known and not await self._exists(scope):
            raise _unknown(scope)
        seen, released, word = "" if ended is None else ended[0], 0, "MORE"
        while word == "MORE":
            word, count = await self._scripts.run(
                "queue/resume", scope=scope.text, seen_id=seen, actor=actor, page_size=MAX_BATCH
            )
            released += count
        return ResumeResult(scope, None if ended is None else ended[1], released)

    async def end(self, scope: Scope, actor: str) -> int:
        """End a pause whose end has come and release the held runs; return how many.

        No other pause is ended.
        """
        released, word = 0, "MORE"
        while word == "MORE":
            word, count = await self._scripts.run(
                "queue/resume", scope=scope.text, seen_id="", actor=actor, page_size=MAX_BATCH, only_over="1"
            )
            released += count
        return released

    async def list(self) -> list[PauseRecord]:
        """Return the pauses, oldest first."""
        return await read_pauses(self._link, self._keys)

    async def _find(self, scope: Scope) -> tuple[str, PauseRecord] | None:
        stored = await self._link.call("HGET", self._keys.pauses, scope.text)
        if stored is None:
            return None
        return orjson.loads(stored)["id"], pause_record(scope, stored, await self._held(scope))

    async def _held(self, scope: Scope) -> int:
        return await self._link.call("ZCARD", self._keys.paused(scope.text))

    async def _exists(self, scope: Scope) -> bool:
        if scope.kind is ScopeKind.ALL:
            return True
        if scope.kind is ScopeKind.QUEUE:
            if scope.name == DEFAULT_QUEUE:
                return True
            return await self._link.call("SISMEMBER", self._keys.queues, scope.name) == 1
        owner = self._keys.job if scope.kind is ScopeKind.JOB else self._keys.jobs_type
        return await self._link.call("EXISTS", owner(scope.name), self._keys.paused(scope.text)) > 0


async def read_pauses(link: RedisLink, keys: Keys) -> list[PauseRecord]:
    """Return the pauses, oldest first; one round trip if there are none."""
    stored = await link.hash(keys.pauses)
    sizes: list[Command] = [("ZCARD", keys.paused(scope)) for scope in stored]
    held = await link.calls(sizes) if sizes else []
    found = [
        pause_record(Scope.parse(scope), text, count)
        for (scope, text), count in zip(stored.items(), held, strict=True)
    ]
    return sorted(found, key=lambda pause: (pause.since_ms, pause.scope.text))


def pause_record(scope: Scope, stored: str, held: int = 0) -> PauseRecord:
    """Return a pause from its stored form."""
    fields: dict[str, Any] = orjson.loads(stored)
    ends = fields.get("ends")
    until_ms = None if ends is None else int(ends)
    return PauseRecord(scope, int(fields["since"]), fields["actor"], fields["reason"], held, until_ms)


def _unknown(scope: Scope) -> NotFound:
    if scope.kind is ScopeKind.JOB:
        return JobNotFound(scope.name)
    if scope.kind is ScopeKind.QUEUE:
        return NotFound(_("There is no queue {name!r}; `GET /queues` lists them.", name=scope.name))
    return NotFound(_("There is no job type {name!r}; `GET /job-types` lists them.", name=scope.name))
