"""Secrets in calls of the http tool: filled in, masked in answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Protocol

from app.core.errors import NonRetryableError, SecretUnreadable
from app.core.redaction import redactor
from app.core.secret_echoes import Echoes
from app.core.secret_hosts import fits, require_hosts

if TYPE_CHECKING:
    from app.core.policies import Allowance
    from app.core.secret_records import SecretRecord
    from app.core.secret_refs import Resolve
    from app.core.url_guard import Url


class SecretSource(Protocol):
    """The source of sealed secrets; `SecretReader` in a worker."""

    async def records(self) -> dict[str, SecretRecord]: ...

    def opened(self, record: SecretRecord) -> str: ...


class AttemptSecrets:
    """State that the calls of one attempt share: the source, the rules, the values that were filled in."""

    def __init__(self, source: SecretSource, allowance: Allowance, opened: Collection[str]) -> None:
        self.source = source
        self.allowance = allowance
        self.opened = opened
        self.filled: dict[str, str] = {}

    async def of_call(self) -> CallSecrets:
        """Return the secrets as they are stored now, for one call."""
        return CallSecrets(self, await self.source.records())


class CallSecrets:
    """The secrets of one call.

    Masked in an answer are the secrets that this attempt has sent, and all whose hosts include a host of the
    call: a server may show one that another job sent.
    """

    def __init__(self, attempt: AttemptSecrets, records: Mapping[str, SecretRecord]) -> None:
        self._attempt = attempt
        self._records = records
        self._sent: dict[str, str] = {}
        self._met: dict[str, str] = {}

    def filler(self, url: Url) -> Resolve:
        """Return the function that resolves names of secrets in a request to this URL."""

        async def resolve(name: str) -> str:
            return self._value(name, url)

        return resolve

    def _value(self, name: str, url: Url) -> str:
        self._attempt.allowance.require("secrets", name)
        record = self._records.get(name)
        if record is None:
            command = f"multi-job secrets set {name} --host {url.authority}"
            raise NonRetryableError(
                f"There is no secret {name!r}: `{command}` sets it. / "
                f"Rahasia {name!r} tidak ada: buat dengan `{command}`.",
                code="secret_missing",
            )
        require_hosts(name, record.info.hosts, url, self._attempt.opened)
        value = self._attempt.source.opened(record)
        redactor.register(value)
        self._sent[name] = self._attempt.filled[name] = value
        return value

    def visit(self, url: Url) -> None:
        """Take note of a hop: secrets of its host are kept out of the answer."""
        for name, record in self._records.items():
            if name not in self._met and fits(record.info.hosts, url, self._attempt.opened):
                self._met[name] = self._opened(record)

    def _opened(self, record: SecretRecord) -> str:
        try:
            return self._attempt.source.opened(record)
        except SecretUnreadable:
            # Sealed under another SECRET_KEY: this deployment can have sent it to no server.
            return ""

    def may_go(self, url: Url) -> bool:
        """Return whether every secret of this call may be sent to a URL."""
        opened = self._attempt.opened
        return all(fits(self._records[name].info.hosts, url, opened) for name in self._sent)

    def shown_in(self, text: str) -> bool:
        """Return whether a text holds a secret of this call."""
        return Echoes(self._sent.values()).found_in(text)

    def mask(self, text: str, *, cut: bool = False) -> str:
        """Return a server's text without secrets; `cut`: the end of the text is missing."""
        known = {*self._attempt.filled.values(), *self._met.values()} - {""}
        echoes = Echoes(known)
        masked = echoes.mask_cut(text) if cut else echoes.mask(text)
        return redactor.values(masked) if self._attempt.filled else masked
