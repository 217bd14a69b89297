"""The strength of SECRET_KEY: random keys pass, everything else is named."""

from __future__ import annotations

import base64
import os
import random
import secrets
from typing import TYPE_CHECKING

import pytest

from app.cli.main import app
from app.core.i18n import render
from app.core.secret_keys import new_key, weakness

if TYPE_CHECKING:
    from collections.abc import Callable

WEAK = {
    "short": "short",
    "31 bytes": base64.urlsafe_b64encode(bytes(range(7, 255, 8))).decode().rstrip("="),
    "62 hex digits": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978879aa5b4c3d2e",
    "one letter": "k" * 64,
    "few letters": "abcabdabcaadbbcdabdcabdacbdabdcabdcabdacbdabdcabdc",
    "pattern": "Zx81-Qp47-Lm" * 5,
    "digits in order": "0123456789" * 8,
    "words": "my-very-secret-password-for-this-multi-job-platform",
    "a sentence": "this is the production deployment of the company and its key is private",
    "common words and digits": "Password2024-Secret2025-Admin2026-Jakarta2027-Default2028",
    "an alphabet": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    "repeated blocks": "aaaaaaaaaaaabbbbbbbbbbbbccccccccccccddddddddddddeeeeeeeeeeee1234",
}
STRONG: dict[str, Callable[[], str]] = {
    "the command": new_key,
    "hexadecimal": lambda: secrets.token_hex(32),
    "base64 with padding": lambda: base64.b64encode(os.urandom(32)).decode(),
    "base32": lambda: base64.b32encode(os.urandom(32)).decode(),
    "digits": lambda: str(random.SystemRandom().getrandbits(270)).zfill(82),
    "64 bytes": lambda: secrets.token_urlsafe(64),
}


@pytest.mark.parametrize("key", WEAK.values(), ids=WEAK.keys())
def test_weak_key_is_named(key: str) -> None:
    """The reason comes in both languages and holds nothing of the key."""
    why = weakness(key)
    assert why is not None
    assert render(why, "id") != why
    assert key not in why


@pytest.mark.parametrize("make", STRONG.values(), ids=STRONG.keys())
def test_random_key_is_strong(make: Callable[[], str]) -> None:
    """Of 2,000 random keys of each form none is refused."""
    assert [key for key in (make() for _ in range(2_000)) if weakness(key)] == []


def test_new_key_command_prints_a_strong_key(capsys: pytest.CaptureFixture[str]) -> None:
    """The key alone, so that it fits into `.env`."""
    app(["secrets", "new-key"], standalone_mode=False)
    key = capsys.readouterr().out.strip()
    assert len(key) == 43
    assert weakness(key) is None
