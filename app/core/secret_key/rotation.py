"""Rotation of the secret key, in steps that may be repeated.

A rotation begins when Redis names the new key as the one that seals. Until it ends both keys are valid.
Saves that were sealed by the previous key are refused meanwhile and sealed again, so each pass finds less;
the rotation ends after a pass that finds nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import orjson

from app.core.errors import Conflict, SecretUnreadable
from app.core.i18n import _
from app.core.messaging.accounts import secret_context
from app.core.monitors.pings import ping_context
from app.core.secrets.sealing import sealing_key_of
from app.core.secrets.store import context_of
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.secrets.sealing import SecretBox
    from app.core.storage.scripts import Scripts

Family: TypeAlias = Literal["secrets", "account", "ping"]
_SEALED = "secret:"
_AT_ONCE = 100
_MOST_PASSES = 20


@dataclass(frozen=True, slots=True)
class SealedValue:
    """One value that a key has sealed. `text` is the stored field, `sealed` the sealed part of it."""

    family: Family
    account: str
    field: str
    text: str
    sealed: str
    context: str

    def with_seal(self, sealed: str) -> str:
        """Return the stored field with another seal."""
        if self.family != "secrets":
            return sealed
        return orjson.dumps({**orjson.loads(self.text), "sealed": sealed}).decode()


@dataclass(slots=True)
class ResealReport:
    """The outcome: numbers of values, and the places of those that no known key opens."""

    secrets: int = 0
    account_secrets: int = 0
    unreadable: list[str] = field(default_factory=list[str])


OnProgress = Callable[[int], None]
"""Called after each batch with the number of values that were re-sealed so far."""


@script_row("secrets/reseal")
class ResealRow(NamedTuple):
    """A value that is sealed again, as it was read and as it shall be stored."""

    field: str
    seen: str
    sealed: str


class SecretKeyRotation:
    """The rotation from one key to another; `box` knows both."""

    def __init__(self, link: RedisLink, scripts: Scripts, box: SecretBox, old: str, new: str) -> None:
        self._link = link
        self._scripts = scripts
        self._box = box
        self._old = old
        self._new = new

    async def begin(self) -> None:
        """Let the new key seal; raises Conflict if a restore or another rotation is under way."""
        word = await self._scripts.run("secrets/begin_rotation", old_key=self._old, new_key=self._new)
        if word == "BUSY":
            raise Conflict(_("A restore is under way: rotate the key after it has ended."))
        _require(word)

    async def reseal(self, on_progress: OnProgress) -> ResealReport:
        """Re-seal secrets of jobs and of accounts until a pass finds nothing to do."""
        done = ResealReport()
        for _turn in range(_MOST_PASSES):
            if not await self._pass(done, on_progress):
                return done
        raise Conflict(_("Secrets are being saved all the time: run the command again."))

    async def end(self) -> None:
        """Drop the previous key; raises Conflict if another rotation took its place."""
        _require(await self._scripts.run("secrets/end_rotation", new_key=self._new, old_key=self._old))

    async def _pass(self, done: ResealReport, on_progress: OnProgress) -> int:
        found, done.unreadable = 0, []
        async for batch in sealed_values(self._link, self._scripts):
            due = [value for value in batch if sealing_key_of(value.sealed) != self._new]
            found += await self._batch(due, done)
            if due:
                on_progress(done.secrets + done.account_secrets)
        return found

    async def _batch(self, due: list[SealedValue], done: ResealReport) -> int:
        """Re-seal values of one hash; return how many can be opened."""
        rows: list[ResealRow] = []
        for value in due:
            try:
                sealed = self._box.reseal(value.sealed, value.context, self._new)
            except SecretUnreadable:
                done.unreadable.append(value.context)
                continue
            rows.append(ResealRow(value.field, seen=value.text, sealed=value.with_seal(sealed)))
        if not rows:
            return 0
        replaced = await self._scripts.run(
            "secrets/reseal", *flat(rows), family=due[0].family, account=due[0].account
        )
        if due[0].family == "account":
            done.account_secrets += replaced
        else:
            done.secrets += replaced
        return len(rows)


async def sealed_values(link: RedisLink, scripts: Scripts) -> AsyncIterator[list[SealedValue]]:
    """Yield all sealed values in batches, each of one hash."""
    names = scripts.keys
    secrets = [
        SealedValue("secrets", "", name, text, orjson.loads(text)["sealed"], context_of(name))
        for name, text in (await link.hash(names.secrets)).items()
    ]
    for start in range(0, len(secrets), _AT_ONCE):
        yield secrets[start : start + _AT_ONCE]
    tokens = [
        SealedValue("ping", "", job_id, text, text, ping_context(job_id))
        for job_id, text in (await link.hash(names.ping_tokens)).items()
    ]
    for start in range(0, len(tokens), _AT_ONCE):
        yield tokens[start : start + _AT_ONCE]
    for account in await link.call("HKEYS", names.accounts):
        yield [
            SealedValue("account", account, name, text, text, secret_context(account, short))
            for name, text in (await link.hash(names.account(account))).items()
            if (short := name.removeprefix(_SEALED)) != name
        ]


def _require(word: str) -> None:
    if word != "OK":
        raise Conflict(
            _("Another rotation has changed the key meanwhile: `multi-job secrets rotate-key --status`.")
        )
