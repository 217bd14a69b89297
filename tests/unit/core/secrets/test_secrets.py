"""Secrets are sealed so that only the same deployment opens them, in the same place."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.errors import ConfigurationError, SecretUnreadable
from app.core.secret_keys import fingerprint
from app.core.secrets.sealing import SecretBox, open_box, sealing_key_of

CANARY = "123456789:AAF-canary-canary-canary"
PLACE = "telegram:bot_a01:token"


def _body(sealed: str) -> str:
    return sealed.rpartition(":")[2]


@pytest.fixture
def box() -> SecretBox:
    return SecretBox(b"a deployment's own secret")


@pytest.mark.parametrize("plain", ["", "x", CANARY, "é\n\x00日本", "y" * 100_000])
def test_secret_opens_as_it_was_sealed(box: SecretBox, plain: str) -> None:
    """Any text is restored unchanged, also by a second box with the same secret."""
    sealed = box.seal(plain, PLACE)
    assert SecretBox(b"a deployment's own secret").open(sealed, PLACE) == plain


def test_sealed_text_shows_nothing(box: SecretBox) -> None:
    """It is plain ASCII, another text each time, and holds no part of the secret."""
    first, second = box.seal(CANARY, PLACE), box.seal(CANARY, PLACE)
    assert first != second
    assert first.isascii()
    assert "canary" not in first + base64.b64decode(_body(first)).decode("latin-1")


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
    sealed = box.seal(CANARY, PLACE)
    raw = bytearray(base64.b64decode(_body(sealed)))
    raw[position] ^= 1
    changed = base64.b64encode(raw).decode()
    for text in (f"v2:{sealing_key_of(sealed)}:{changed}", f"v1:{changed}"):
        with pytest.raises(SecretUnreadable):
            box.open(text, PLACE)


@pytest.mark.parametrize(
    "sealed", ["", "v1:", "v1:!!!", "v1:AAAA", "v2:AAAA", "v2::AAAA", "v2:ab:", "v3:ab:AAAA", CANARY]
)
def test_malformed_secret_is_unreadable(box: SecretBox, sealed: str) -> None:
    """Any malformed sealed text is refused in the same way."""
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


def test_sealed_text_names_its_key(box: SecretBox) -> None:
    """Its fingerprint picks the key; another machine's error names both."""
    sealed = box.seal(CANARY, PLACE)
    assert sealing_key_of(sealed) == fingerprint(b"a deployment's own secret")
    with pytest.raises(SecretUnreadable, match=sealing_key_of(sealed)) as caught:
        SecretBox(b"another").open(sealed, PLACE)
    assert fingerprint(b"another") in str(caught.value)


def test_secret_of_an_earlier_version_opens_under_any_known_key(box: SecretBox) -> None:
    """A text without a fingerprint is tried with each key."""
    older = f"v1:{_body(box.seal(CANARY, PLACE))}"
    assert SecretBox(b"new", b"a deployment's own secret").open(older, PLACE) == CANARY
    assert sealing_key_of(older) == ""


def test_box_seals_under_the_named_key_and_opens_under_each() -> None:
    """Both keys are valid while a rotation is under way; the current one seals unless another is named."""
    both = SecretBox(b"new", b"old")
    for key_id, secret in (("", b"new"), (fingerprint(b"new"), b"new"), (fingerprint(b"old"), b"old")):
        sealed = both.seal(CANARY, PLACE, key_id)
        assert SecretBox(secret).open(sealed, PLACE) == both.open(sealed, PLACE) == CANARY
    with pytest.raises(SecretUnreadable):
        both.seal(CANARY, PLACE, "0123456789abcdef")


def test_box_loads_its_keys_again_for_an_unknown_one() -> None:
    """A process that runs during a rotation finds the new key without a restart."""
    keys = [b"old"]
    box = SecretBox(load=lambda: list(keys))
    assert box.open(box.seal(CANARY, PLACE), PLACE) == CANARY
    keys.insert(0, b"new")
    newer = SecretBox(b"new").seal(CANARY, PLACE)
    assert box.open(newer, PLACE) == CANARY
    keys.insert(0, b"newest")
    older_form = f"v1:{_body(SecretBox(b'newest').seal(CANARY, PLACE))}"
    assert box.open(older_form, PLACE) == CANARY


def test_resealed_text_is_the_same_each_time() -> None:
    """A repeated rotation changes nothing, and neither context nor text shares a nonce with another."""
    both, key_id = SecretBox(b"new", b"old"), fingerprint(b"new")
    sealed = [SecretBox(b"old").seal(CANARY, PLACE) for _ in range(2)]
    resealed = {both.reseal(text, PLACE, key_id) for text in sealed}
    assert len(resealed) == 1
    assert SecretBox(b"new").open(resealed.pop(), PLACE) == CANARY
    other = SecretBox(b"old").seal("another text", PLACE)
    nonces = {
        base64.b64decode(_body(both.reseal(text, place, key_id)))[:12]
        for text, place in ((sealed[0], PLACE), (other, PLACE), (SecretBox(b"old").seal(CANARY, "b"), "b"))
    }
    assert len(nonces) == 3
