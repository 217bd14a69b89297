"""Secrets are sealed so that only the same deployment opens them, in the same place."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.errors import ConfigurationError, SecretUnreadable
from app.core.secrets import SecretBox, open_box

CANARY = "123456789:AAF-canary-canary-canary"
PLACE = "telegram:bot_a01:token"


@pytest.fixture
def box() -> SecretBox:
    return SecretBox(b"a deployment's own secret")


@pytest.mark.parametrize("plain", ["", "x", CANARY, "é\n\x00日本", "y" * 100_000])
def test_secret_opens_as_it_was_sealed(box: SecretBox, plain: str) -> None:
    """Any text comes back unchanged, from a box made anew of the same secret too."""
    sealed = box.seal(plain, PLACE)
    assert SecretBox(b"a deployment's own secret").open(sealed, PLACE) == plain


def test_sealed_text_shows_nothing(box: SecretBox) -> None:
    """It is plain ASCII, another text each time, and holds no part of the secret."""
    first, second = box.seal(CANARY, PLACE), box.seal(CANARY, PLACE)
    assert first != second
    assert first.isascii()
    assert "canary" not in first + base64.b64decode(first.removeprefix("v1:")).decode("latin-1")


def test_secret_of_another_key_is_unreadable(box: SecretBox) -> None:
    """With another SECRET_KEY nothing opens, and the error says what to do without a secret in it."""
    with pytest.raises(SecretUnreadable, match="SECRET_KEY") as caught:
        SecretBox(b"another").open(box.seal(CANARY, PLACE), PLACE)
    assert isinstance(caught.value, ConfigurationError)
    assert "canary" not in str(caught.value)


def test_secret_moved_to_another_place_is_unreadable(box: SecretBox) -> None:
    """What one account has sealed does not open as another's."""
    with pytest.raises(SecretUnreadable):
        box.open(box.seal(CANARY, PLACE), "telegram:bot_b02:token")


@pytest.mark.parametrize("position", [3, 20, 40, -1])
def test_changed_secret_is_unreadable(box: SecretBox, position: int) -> None:
    """One changed bit anywhere is found."""
    raw = bytearray(base64.b64decode(box.seal(CANARY, PLACE).removeprefix("v1:")))
    raw[position] ^= 1
    with pytest.raises(SecretUnreadable):
        box.open("v1:" + base64.b64encode(raw).decode(), PLACE)


@pytest.mark.parametrize("sealed", ["", "v1:", "v1:!!!", "v1:AAAA", "v2:AAAA", CANARY])
def test_malformed_secret_is_unreadable(box: SecretBox, sealed: str) -> None:
    """Whatever stands in the place of a sealed text is refused in the same way."""
    with pytest.raises(SecretUnreadable):
        box.open(sealed, PLACE)


def test_deployment_opens_its_own_secrets(tmp_path: Path) -> None:
    """Without SECRET_KEY the key is made once for all processes; another SECRET_KEY is another box."""
    settings = Settings(_env_file=None, multi_job_home=tmp_path)  # pyright: ignore[reportCallIssue]
    sealed = open_box(settings).seal(CANARY, PLACE)
    assert open_box(settings).open(sealed, PLACE) == CANARY
    other = Settings(_env_file=None, secret_key="another")  # pyright: ignore[reportCallIssue, reportArgumentType]
    with pytest.raises(SecretUnreadable):
        open_box(other).open(sealed, PLACE)
