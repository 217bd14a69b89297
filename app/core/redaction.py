"""Redacts secrets from texts: registered values, and forms of credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast
from urllib.parse import quote

import orjson

# The known forms of credentials.
#
# They are tokens of services, names of fields and assignments in text. `redaction.py` masks them, and
# `literal_credentials.py` refuses specs with them.

_TELEGRAM = r"(?:\bbot|\b)\d{6,12}(?::|%3[Aa])[A-Za-z0-9_-]{30,}"
# Each form has a prefix or a structure of its own: text, ids and hashes do not look like it. A text without
# any of the hints is not searched: a log line costs a few microseconds.
_FORMS: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("a key or session of this platform", ("mj_", "mjs_"), r"\bmjs?_[a-z2-7]{8,16}_[A-Za-z0-9_-]{20,}"),
    (
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        r"\bgh[pousr]_[A-Za-z0-9]{30,}|\bgithub_pat_[A-Za-z0-9_]{30,}",
    ),
    (
        "a GitLab token",
        ("glpat-", "glrt-", "gldt-", "glptt-", "glsoat-", "glcbt-"),
        r"\bgl(?:pat|rt|dt|ptt|soat|cbt)-[A-Za-z0-9_-]{20,}",
    ),
    (
        "a Slack token",
        ("xox", "xapp-"),
        r"\bxox[abeoprs](?:\.xox[a-z])?-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{10,}",
    ),
    ("an AWS key", ("AKIA", "ASIA"), r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    (
        "a Google key",
        ("AIza", "ya29.", "GOCSPX-"),
        r"\bAIza[A-Za-z0-9_-]{35}|\bya29\.[A-Za-z0-9_-]{20,}|\bGOCSPX-[A-Za-z0-9_-]{20,}",
    ),
    (
        "a Stripe key",
        ("k_live_", "k_test_", "whsec_"),
        r"\b[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|\bwhsec_[A-Za-z0-9+/]{24,}",
    ),
    (
        "a key of a model provider",
        ("sk-", "hf_"),
        (
            r"\bsk-(?=[A-Za-z0-9_-]{0,40}\d)(?:(?:proj|svcacct|admin|ant-(?:api|admin)\d\d|or-v1)-"
            r"[A-Za-z0-9_-]{20,}|[A-Za-z0-9]{32,})|\bhf_[A-Za-z0-9]{30,}"
        ),
    ),
    ("a JWT", ("eyJ",), r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    (
        # Up to its end, which may be missing in a text that was cut.
        "a private key",
        ("PRIVATE KEY",),
        (
            r"-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----"
            r"(?s:.{0,10000}?(?:-----END [A-Z0-9 ]{1,40}-----|\Z))?"
        ),
    ),
    ("a Meta access token", ("EAA",), r"\bEAA(?=[A-Za-z]{0,60}\d)[A-Za-z0-9]{30,}"),
    ("a SendGrid key", ("SG.",), r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{32,}"),
    (
        "a package registry's token",
        ("npm_", "pypi-", "dckr_pat_"),
        r"\bnpm_[A-Za-z0-9]{36}|\bpypi-AgE[A-Za-z0-9_-]{40,}|\bdckr_pat_[A-Za-z0-9_-]{20,}",
    ),
    (
        "a cloud provider's token",
        ("_v1_", "shpat_", "shpca_", "shppa_", "shpss_", "hvs.", "AGE-SECRET-KEY-1", "AccountKey="),
        (
            r"\bdo[opr]_v1_[a-f0-9]{64}|\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|\bhvs\.[A-Za-z0-9_-]{24,}"
            r"|\bAGE-SECRET-KEY-1[A-Z0-9]{50,}|\bAccountKey=[A-Za-z0-9+/]{40,}={0,2}"
        ),
    ),
)
_COMPILED = tuple((kind, hints, re.compile(form)) for kind, hints, form in _FORMS)
_LEAST_TOKEN_CHARS = 15
"""The shortest token of Slack has so many; those of all other forms are longer."""
_TELEGRAM_TOKEN = re.compile(_TELEGRAM)

# The forms that masking keeps a part of, so that a person can tell two of them apart.
SHOWN_IN_PART: tuple[tuple[re.Pattern[str], str], ...] = (
    # Telegram: the token is the path of every request, `bot<digits>:<35 characters>`; our own log quotes it.
    (re.compile(r"\b(bot)?\d{6,12}(?::|%3[Aa])[A-Za-z0-9_-]{30,}"), r"\1***"),
    # Ours: `mj_<id>_<secret>`, of a session `mjs_…`; the id names the key in lists.
    (re.compile(r"\b(mjs?_[a-z2-7]{8,16}_)[A-Za-z0-9_-]{20,}"), r"\1***"),
)

FIELD_WORDS = r"(?:pass(?:word|wd|phrase)|pwd|secret|token|(?:api|access|private)[_-]?key|credentials?)"
"""Names of fields end in one of these."""

_OTHER_NAMES = frozenset(
    {
        *("authorization", "proxy-authorization", "authentication", "auth", "cookie", "set-cookie", "bearer"),
        *("x-auth-key", "x-vault-key", "secret-key", "auth-key", "subscription-key", "functions-key", "jwt"),
        *("ocp-apim-subscription-key", "x-functions-key", "x-rapidapi-key", "x-master-key", "pass"),
        *("signing-key", "encryption-key", "account-key", "shared-key", "master-key", "pin", "otp"),
    }
)
# These tokens name a position in a list or an action. They give no access.
_HARMLESS = frozenset(
    {
        *("page-token", "next-page-token", "next-token", "continuation-token", "sync-token", "cursor-token"),
        *("csrf-token", "xsrf-token", "idempotency-token", "stop-token", "max-token", "pad-token"),
        *("eos-token", "unk-token", "fencing-token", "resume-token", "start-token"),
    }
)
_NAME_END = re.compile(rf"(?:^|-){FIELD_WORDS}$|(?:apikey|accesskey|accesstoken|authtoken)$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_SEPARATORS = re.compile(r"[\s_.\[\]-]+")
_MAX_NAME_CHARS = 100


def token_kind(text: str) -> str | None:
    """Return the kind of the token in a text; None if there is none."""
    if len(text) < _LEAST_TOKEN_CHARS:
        return None
    if (":" in text or "%3" in text) and _TELEGRAM_TOKEN.search(text):
        return "a Telegram bot token"
    return next((kind for kind, form in _hinted(text) if form.search(text)), None)


def without_tokens(text: str, mask: str) -> str:
    """Return a text with a mask in the place of each token."""
    for _, form in _hinted(text):
        text = form.sub(mask, text)
    return text


def _hinted(text: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(kind, form) for kind, hints, form in _COMPILED for hint in hints if hint in text]


# The same few fields are named in every spec, run and log line.
@lru_cache(maxsize=2_048)
def is_secret_name(name: str) -> bool:
    """Return whether a field, header or parameter of this name holds a credential: `X-Auth-Token`."""
    if len(name) > _MAX_NAME_CHARS:
        return False
    plain = _SEPARATORS.sub("-", _CAMEL.sub("-", name)).strip("-").lower()
    return plain in _OTHER_NAMES or (_NAME_END.search(plain) is not None and plain not in _HARMLESS)


MASK = "***"
_MIN_SECRET_CHARS = 4
"""Shorter values occur in ordinary text by chance, and would mask parts of every line."""
_MAX_DEPTH = 20
_INT_LIMIT = 2**63
"""JSON encoders refuse larger numbers."""

_SECRET_NAME = re.compile(rf"{FIELD_WORDS}$|^authorization$|^cookie$", re.IGNORECASE)
_IS = r"[\"']?\s*[:=]\s*"
_SCHEME = r"(?:bearer|basic|token|digest)"
_Rules = tuple[tuple[re.Pattern[str], str], ...]
_SHAPES: _Rules = (
    *SHOWN_IN_PART,
    (re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}"), rf"\1{MASK}"),
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+(@)"), rf"\1{MASK}\2"),
)
_ASSIGNED: _Rules = (
    (re.compile(rf"(?i)(authorization{_IS}[\"']?(?:{_SCHEME}\s+)?)[^\s\"',;]+"), rf"\1{MASK}"),
    (re.compile(rf"(?i)({FIELD_WORDS}{_IS})(\"[^\"]*\"|'[^']*'|[^\s&,;\"'}})\]]+)"), rf"\1{MASK}"),
)


class Redactor:
    """Replaces secrets by `***`. Values may be registered at any time and from any thread."""

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None

    def register(self, secret: str) -> None:
        """Redact a value from every text from now on, as it is, URL-quoted, and escaped in JSON."""
        if len(secret) < _MIN_SECRET_CHARS or secret in self._values:
            return
        forms = {secret, quote(secret, safe=""), orjson.dumps(secret).decode()[1:-1]}
        self._values |= forms
        longest_first = sorted(self._values, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(value) for value in longest_first))

    def values(self, text: str) -> str:
        """Return a text without registered values; nothing is guessed."""
        pattern = self._pattern
        return pattern.sub(MASK, text) if pattern else text

    def text(self, text: str) -> str:
        """Return a text without registered values and credentials of known forms."""
        # A lone surrogate has no bytes: every later encoder would refuse a log line with one.
        text = self.answer(text if text.isascii() else text.encode(errors="replace").decode())
        return _replaced(text, _ASSIGNED)

    def answer(self, text: str) -> str:
        """Return an error text for a caller, redacted; `/secrets/token: required` stays as it is."""
        return without_tokens(_replaced(self.values(text), _SHAPES), MASK)

    def tree(self, value: Any, depth: int = 0) -> Any:
        """Return a JSON-like value, redacted; values of other types become text."""
        if _is_plain(value):
            return value
        if depth < _MAX_DEPTH and isinstance(value, Mapping):
            entries = cast("Mapping[Any, Any]", value).items()
            return {
                self.text(safe_str(key)): self._entry(safe_str(key), item, depth) for key, item in entries
            }
        if depth < _MAX_DEPTH and isinstance(value, (list, tuple, set, frozenset)):
            return [self.tree(item, depth + 1) for item in cast("list[Any]", value)]
        return self.text(safe_str(value))

    def _entry(self, key: str, item: Any, depth: int) -> Any:
        return MASK if not _is_plain(item) and _SECRET_NAME.search(key) else self.tree(item, depth + 1)

    def json(self, text: str) -> str:
        """Return JSON text without registered values; it stays valid JSON."""
        pattern = self._pattern
        if pattern is None or not pattern.search(text):
            return text
        return orjson.dumps(self._strings(orjson.loads(text))).decode()

    def _strings(self, value: Any) -> Any:
        # Only strings are touched: a mask inside a number would not be JSON any more.
        if isinstance(value, str):
            return self.values(value)
        if isinstance(value, dict):
            entries = cast("dict[str, Any]", value).items()
            return {self.values(key): self._strings(item) for key, item in entries}
        if isinstance(value, list):
            return [self._strings(item) for item in cast("list[Any]", value)]
        return value


def _replaced(text: str, rules: _Rules) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _is_plain(value: Any) -> bool:
    if isinstance(value, int):
        return -_INT_LIMIT <= value < _INT_LIMIT
    return value is None or isinstance(value, float)


def safe_str(value: Any) -> str:
    """Return `str(value)`, or a note if the object's own method fails."""
    try:
        return value if isinstance(value, str) else str(value)
    except Exception as error:  # noqa: BLE001 - a broken __str__ must not hide what is being reported
        return f"<{type(value).__name__}: its text failed with {type(error).__name__}>"


redactor = Redactor()
"""The redactor of this process: secrets are registered here when they are read."""
