"""Heartbeats: ping URLs, which outside programs call, and what they have sent.

A token has 144 random bits. Redis has its digest, which finds the job of a ping, and the sealed token, which
people see again.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Literal

from app.core.errors import MonitorNotFound, PingNotFound, StateConflict
from app.core.i18n import _
from app.core.i18n.stored import packed
from app.core.redaction import redactor
from app.core.secrets.store import sealing_key
from app.core.storage.connection import pairs

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.secrets.sealing import SecretBox
    from app.core.storage.scripts import Scripts

PingKind = Literal["success", "fail", "start"]
HEARTBEAT_TYPE = "monitor.heartbeat"
MAX_OUTPUT_BYTES = 10_000
_TOKEN_BYTES = 18
_TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")
_TRIES = 5
_FAILED, _EXIT_CODE = _("it reported a failure"), _("exit code {code}")


@dataclass(frozen=True, slots=True)
class Ping:
    """One call of a ping URL. `output` is the beginning of its body."""

    kind: PingKind = "success"
    exit_code: int | None = None
    output: bytes = b""

    @classmethod
    def of_exit(cls, code: int, output: bytes = b"") -> Ping:
        """Return the ping of a program that has ended: 0 is a success."""
        return cls("fail" if code else "success", code, output)


@dataclass(frozen=True, slots=True)
class LastPing:
    """The last success or failure that a program has reported; instants in epoch milliseconds."""

    at: int
    kind: PingKind
    exit_code: int | None
    took_ms: int | None
    """From its start to its end, if it has reported both."""
    output: str
    started_at: int | None
    """The start that has no end yet."""


class PingStore:
    """The ping URLs of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, box: SecretBox) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._box = box

    async def token(self, job_id: str) -> str:
        """Return the ping token of a job, made at the first call.

        Raises MonitorNotFound, or StateConflict if a restore has brought its digest alone.
        """
        sealed = await self._link.call("HGET", self._keys.ping_tokens, job_id)
        if sealed is not None:
            return self._box.open(sealed, ping_context(job_id))
        if await self._link.call("HGET", self._keys.ping(job_id), "digest") is not None:
            text = _(
                "The ping URL of {job_id} came with a restore without secrets: it works, but is not shown."
            )
            raise StateConflict(text.fill(job_id=job_id))
        return await self._issue(job_id, "")

    async def rotate(self, job_id: str) -> str:
        """Return a new token; the earlier one is not found from now on. Raises MonitorNotFound."""
        stored = await self._link.call("HGET", self._keys.ping(job_id), "digest")
        return await self._issue(job_id, stored or "")

    async def _issue(self, job_id: str, replaces: str) -> str:
        for _turn in range(_TRIES):
            token, key_id = token_urlsafe(_TOKEN_BYTES), await sealing_key(self._link, self._keys)
            word = await self._scripts.run(
                "monitors/issue_token",
                job=job_id,
                digest=digest_of(token),
                sealed=self._box.seal(token, ping_context(job_id), key_id),
                replaces=replaces,
            )
            if word == "OK":
                return token
            if word == "MISSING":
                raise MonitorNotFound(job_id)
            sealed, digest = await self._link.calls(
                [
                    ("HGET", self._keys.ping_tokens, job_id),
                    ("HGET", self._keys.ping(job_id), "digest"),
                ]
            )
            if sealed is not None and not replaces:
                return self._box.open(sealed, ping_context(job_id))
            replaces = digest or ""
        raise StateConflict(_("The ping URL changes all the time: try again."))

    async def ping(self, token: str, ping: Ping) -> str:
        """Store a ping and the state that follows; return the job. Raises PingNotFound."""
        if _TOKEN.fullmatch(token) is None:
            raise PingNotFound
        code = "" if ping.exit_code is None else str(ping.exit_code)
        detail = _EXIT_CODE.fill(code=code) if code else _FAILED
        output = ping.output[:MAX_OUTPUT_BYTES].decode(errors="replace").replace("\0", "")
        job_id = await self._scripts.run(
            "monitors/ping",
            digest=digest_of(token),
            what=ping.kind,
            code=code,
            detail=packed(detail) if ping.kind == "fail" else "",
            output=redactor.text(output),
        )
        if not job_id:
            raise PingNotFound
        return job_id

    async def last(self, job_id: str) -> LastPing | None:
        """Return the last ping that reported an end; None if there was none."""
        fields = pairs(await self._link.call("HGETALL", self._keys.ping(job_id)))
        if "at" not in fields:
            return None
        return LastPing(
            at=int(fields["at"]),
            kind="fail" if fields.get("what") == "fail" else "success",
            exit_code=int(fields["code"]) if fields.get("code") else None,
            took_ms=int(fields["took"]) if "took" in fields else None,
            output=fields.get("output", ""),
            started_at=int(fields["started"]) if "started" in fields else None,
        )


def digest_of(token: str) -> str:
    """Return the digest that finds the job of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def ping_context(job_id: str) -> str:
    """Return the sealing context of a ping token."""
    return f"ping:{job_id}"
