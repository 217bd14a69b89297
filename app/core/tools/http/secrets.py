"""Secrets in calls of the http tool: filled in, masked in answers."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus, unquote, unquote_plus

from app.core.errors import NonRetryableError, SecretUnreadable
from app.core.i18n import _
from app.core.redaction import MASK, redactor
from app.core.secrets.hosts import fits, require_hosts

if TYPE_CHECKING:
    from app.core.net.urls import Url
    from app.core.policies import Allowance
    from app.core.secrets.store import SecretReader, SecretRecord
    from app.core.specs.secret_refs import Resolve

# Masks secrets in server answers, in every common encoding of an echo.

_LEAST_CORE_CHARS = 6
"""Shorter parts of base64 are found in ordinary text by chance."""


@lru_cache(maxsize=256)
def echo_forms(secret: str) -> frozenset[str]:
    """Return a secret as it is, URL-quoted, escaped for JSON, HTML and logs, in hex, and in base64."""
    escaped = json.dumps(secret)[1:-1]
    plain = {secret, quote(secret), quote(secret, safe=""), quote_plus(secret), repr(secret)[1:-1]}
    plain |= {escaped, escaped.replace("/", "\\/"), json.dumps(secret, ensure_ascii=False)[1:-1]}
    plain |= {html.escape(secret), html.escape(secret, quote=False), secret.encode().hex()}
    return frozenset(plain | _base64_cores(secret.encode()))


def _base64_cores(secret: bytes) -> set[str]:
    """Return the base64 forms of a secret inside other text, one for each of three alignments."""
    cores: set[str] = set()
    for before in range(3):
        end = (before + len(secret)) % 3
        text = base64.b64encode(bytes(before) + secret)
        core = text[(0, 2, 3)[before] : len(text) - (0, 3, 2)[end]].decode()
        if len(core) >= _LEAST_CORE_CHARS:
            cores |= {core, core.replace("+", "-").replace("/", "_")}
    return cores


@lru_cache(maxsize=256)
def _echo_pattern(secret: str) -> str:
    """Return a pattern of a secret in all its forms, each character of it quoted or not."""
    any_quoting = "".join(map(_character_pattern, secret))
    encoded = {secret.encode().hex(), *_base64_cores(secret.encode())}
    return "|".join([any_quoting, *map(re.escape, sorted(encoded, key=len, reverse=True))])


@lru_cache(maxsize=1_024)
def _character_pattern(character: str) -> str:
    if character.isascii() and character.isalnum():
        return character
    quoted = {character, quote(character, safe=""), html.escape(character), json.dumps(character)[1:-1]}
    quoted |= {
        f"\\{character}",
        f"\\u{ord(character):04x}",
        f"&#{ord(character)};",
        f"&#x{ord(character):x};",
    }
    quoted |= {repr(character)[1:-1], *({"+"} if character == " " else ())}
    return f"(?:{'|'.join(map(re.escape, sorted(quoted, key=len, reverse=True)))})"


class Echoes:
    """Finds some secrets in text, whatever its case."""

    def __init__(self, secrets: Iterable[str]) -> None:
        longest_first = sorted(secrets, key=len, reverse=True)
        self._forms = {form for secret in longest_first for form in echo_forms(secret)}
        patterns = "|".join(map(_echo_pattern, longest_first))
        self._pattern = re.compile(patterns, re.IGNORECASE) if patterns else None

    def found_in(self, text: str) -> bool:
        """Return whether a text holds one of the secrets, URL-quoted in any way or not."""
        forms = (text, unquote(text), unquote_plus(text))
        return self._pattern is not None and any(map(self._pattern.search, forms))

    def mask(self, text: str) -> str:
        """Return a text without the secrets."""
        return self._pattern.sub(MASK, text) if self._pattern else text

    def mask_cut(self, text: str) -> str:
        """Return a text without the secrets, including a secret's beginning at the cut end of the text."""
        masked = self.mask(text)
        lowered = masked.lower()
        # Some letters are longer in lower case: then only the exact case is compared.
        tail = lowered if len(lowered) == len(masked) else masked
        size = max((_overlap(tail, form) for form in self._forms), default=0)
        return masked[: len(masked) - size] + MASK if size else masked


def _overlap(text: str, form: str) -> int:
    """Return how many characters of a form's beginning the text ends with; the whole form does not count."""
    lowered = form.lower()
    sizes = range(min(len(lowered) - 1, len(text)), 0, -1)
    return next((size for size in sizes if text.endswith(lowered[:size])), 0)


class AttemptSecrets:
    """State that the calls of one attempt share: the source, the rules, the values that were filled in."""

    def __init__(self, source: SecretReader, allowance: Allowance, opened: Collection[str]) -> None:
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
                _("There is no secret {name!r}: `{command}` sets it.", name=name, command=command),
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
            # Sealed under another SECRET_KEY: this deployment cannot have sent it to any server.
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
