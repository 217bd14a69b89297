"""Finds literal credentials in specs, inputs and sentences for the planner."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any, cast
from urllib.parse import unquote

from app.core.errors import FieldProblem
from app.core.fields import escape
from app.core.i18n import _
from app.core.redaction import FIELD_WORDS, is_secret_name, token_kind

CODE = "literal_credential"
MAX_PROBLEMS = 50
_MAX_DEPTH = 64
_LEAST_CHARS = 6
"""Shorter texts are checked by their name only."""
_MAX_READ_CHARS = 65_536
"""The limit of all texts together for URLs and assignments; tokens are searched in all of the text."""
_LEAST_PARAMETER_CHARS = 20
_MAX_NAME_CHARS = 64

# As `secret_refs.py` reads them: the whole value, behind one word, or the whole value of a parameter.
_REFERENCE = re.compile(r"(?:[A-Za-z][A-Za-z0-9-]{0,31} )?secret:[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_URL = re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,20})://([^\s/?#\"'<>]*)([^\s\"'<>]*)")
_PARAMETER = re.compile(r"[?&#;]([^=&#;?\s]{1,100})=([^&#;\s]*)")
_FORM = re.compile(r"[A-Za-z][\w.\[\]-]{0,99}=[^\s=]*(?:&[A-Za-z][\w.\[\]-]{0,99}=[^\s=&]*)*")
# Of these names only a long value is a credential.
_SIGNATURES = frozenset({"sig", "signature", "x-amz-signature", "x-goog-signature", "appid", "app_id", "key"})
_SCHEME = re.compile(r"(?i)\b(?:bearer|token|apikey)\s+([A-Za-z0-9._~+/=-]{16,})")
_BASIC = re.compile(r"(?i)\bbasic\s+([A-Za-z0-9+/]{6,}={0,2})(?![\w+/=])")
_ASSIGNED = re.compile(
    rf"(?i)({FIELD_WORDS}|authorization|cookie|kata sandi)[\"']?(?:\s{{0,4}}(=|:)|\s{{1,4}}(?:is|adalah)\b)"
    r"\s{0,4}[\"']?(?:(?:bearer|basic|token|digest)\s{1,4})?([^\s\"',;&)]{6,200})"
)
_SCHEMES = ("bearer", "token", "apikey")
_ASSIGNED_WORDS = ("pass", "pwd", "secret", "token", "key", "credential", "authorization", "cookie", "sandi")
_JSON_PAIR = re.compile(r'"([^"\\]{1,100})"\s{0,4}:\s{0,4}\[?\s{0,4}"([^"\\]{1,200})')
_CURL_USER = re.compile(r"(?:^|\s)(?:-u|--user)[\s=]+[\"']?[^\s:\"']+:[^\s\"']{3,}")
_STRONG_CHARS = 16
_WITHOUT_TEXT = frozenset({int, float, bool, type(None)})
_MASKS = frozenset("*•.<>{}$")


def literal_problems(value: Any, pointer: str = "") -> list[FieldProblem]:
    """Return one problem for each place of a JSON value that holds a credential; no message quotes it."""
    found = list(islice(_Search().found(value, pointer, ""), MAX_PROBLEMS))
    host = next(_hosts(value), "HOST") if found else ""
    return [FieldProblem(place, _message(kind, host), CODE) for place, kind in found]


def text_problem(text: str, pointer: str) -> FieldProblem | None:
    """Return the problem of a text that a person wrote, such as a sentence for the planner."""
    kind = _Search().of_text(text)
    return None if kind is None else FieldProblem(pointer, _message(kind, next(_hosts(text), "HOST")), CODE)


def _message(kind: str, host: str) -> str:
    command = f"multi-job secrets set NAME --host {host}"
    return _(
        "this holds {kind}; credentials are not stored in plain text: store it with "
        "`{command}` and write `secret:NAME` in its place (a header, a parameter of a URL or a "
        "text of a JSON body)",
        kind=kind,
        command=command,
    )


class _Search:
    """One search through a JSON value."""

    def __init__(self) -> None:
        self._left_chars = _MAX_READ_CHARS

    def found(self, value: Any, pointer: str, name: str, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Yield the pointer and the kind of each credential; `name` is that of the field."""
        if isinstance(value, str):
            kind = _of_field(name, value) or self.of_text(value)
            if kind is not None:
                yield pointer, kind
        elif depth == _MAX_DEPTH:
            return
        elif isinstance(value, dict):
            for key, item in cast("dict[Any, Any]", value).items():
                text = str(key)
                # A name that is a credential itself must not come back within a pointer.
                kind = _kind_of_name(text) if len(text) <= _MAX_NAME_CHARS else self.of_text(text)
                if kind is not None:
                    yield pointer, kind
                elif item.__class__ not in _WITHOUT_TEXT:
                    yield from self.found(item, f"{pointer}/{escape(text)}", text, depth + 1)
        elif isinstance(value, (list, tuple)):
            for index, item in enumerate(cast("list[Any]", value)):
                yield from self.found(item, f"{pointer}/{index}", name, depth + 1)

    def of_text(self, text: str) -> str | None:
        """Return the kind of credential that a text holds, None if there is none."""
        if len(text) < _LEAST_CHARS:
            return None
        kind = token_kind(text)
        if kind is not None or self._left_chars <= 0:
            return kind
        read = text[: self._left_chars]
        self._left_chars -= len(read)
        return _of_urls(read) or _of_assignments(read) or _of_prose(read)


# Runs by hand name the same few fields many times a second.
@lru_cache(maxsize=2_048)
def _kind_of_name(name: str) -> str | None:
    return _Search().of_text(name)


def _of_field(name: str, value: str) -> str | None:
    is_named = bool(name) and is_secret_name(name)
    return f"the value of `{name}`" if is_named and _is_literal(value) else None


def _of_urls(text: str) -> str | None:
    for scheme, authority, rest in _URL.findall(text):
        user, at, _ = authority.rpartition("@")
        if at and (":" in user or scheme.lower() in {"http", "https"}):
            return "a user name or password within a URL"
        if (kind := _of_parameters(rest)) is not None:
            return kind
    return None


def _of_parameters(text: str) -> str | None:
    for raw_name, raw_value in _PARAMETER.findall(text):
        name, value = unquote(raw_name), unquote(raw_value)
        is_long = name.lower() in _SIGNATURES and len(value) >= _LEAST_PARAMETER_CHARS and _is_mixed(value)
        if _is_literal(value) and (is_secret_name(name) or is_long):
            return f"the value of the parameter `{name}`"
    return None


def _of_assignments(text: str) -> str | None:
    """Look at a whole form (`a=b&password=c`) and at pairs of JSON within a text."""
    if "=" in text and _FORM.fullmatch(text):
        return _of_parameters(f"?{text}")
    pairs = _JSON_PAIR.findall(text) if '"' in text and ":" in text else []
    return next((kind for name, value in pairs if (kind := _of_field(name, value)) is not None), None)


def _of_prose(text: str) -> str | None:
    lowered = text.lower()
    if any(word in lowered for word in _SCHEMES) and any(map(_is_mixed, _SCHEME.findall(text))):
        return "a token behind its scheme"
    if "basic" in lowered and any(map(_is_login, _BASIC.findall(text))):
        return "a user name with its password"
    if "-u" in lowered and ":" in text and _CURL_USER.search(text):
        return "a user name with its password"
    if not any(word in lowered for word in _ASSIGNED_WORDS):
        return None
    for name, sign, value in _ASSIGNED.findall(text):
        if _is_literal(value) and (_is_mixed(value) if sign == "=" else _is_strong(value)):
            return f"the value of `{name.lower()}`"
    return None


def _is_literal(value: str) -> bool:
    """Return whether a value is literal: no `secret:NAME`, not empty, no mask or placeholder."""
    plain = unquote(value.strip())
    if not plain or _REFERENCE.fullmatch(plain) or set(plain.lower()) <= _MASKS:
        return False
    return not (plain.startswith(("${", "{{", "<")) and plain.endswith(("}", ">")))


def _is_mixed(value: str) -> bool:
    return any(map(str.isdigit, value)) and any(map(str.isalpha, value)) and "://" not in value


def _is_strong(value: str) -> bool:
    """True if a word of a sentence looks like a password and not like a word, a date or a version."""
    if not _is_mixed(value):
        return False
    cases = any(map(str.isupper, value)) and any(map(str.islower, value))
    return cases or any(char in "!@#$%^&*" for char in value) or len(value) >= _STRONG_CHARS


def _is_login(text: str) -> bool:
    try:
        return b":" in base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except binascii.Error:
        return False


def _hosts(value: Any) -> Iterator[str]:
    """Yield the hosts of the URLs in a JSON value, without user names."""
    if isinstance(value, str):
        if found := re.match(r"(?i)https?://(?:[^\s/?#]*@)?([a-z0-9.-]+(?::\d{1,5})?)(?=[/?#]|$)", value):
            yield found[1].lower()
    elif isinstance(value, Mapping):
        for item in cast("Mapping[Any, Any]", value).values():
            yield from _hosts(item)
    elif isinstance(value, (list, tuple)):
        for item in cast("list[Any]", value):
            yield from _hosts(item)
