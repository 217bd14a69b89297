"""Keys from API_KEYS, and the keyring."""

from __future__ import annotations

import pytest

from app.core.access.api_keys import Keyring, Role, fixed_keys, key_of
from app.core.config import Settings
from app.core.errors import ConfigurationError

SECRET = "s" * 30


def settings(api_keys: str) -> Settings:
    return Settings(_env_file=None, api_keys=api_keys, secret_key="deployment")  # pyright: ignore[reportCallIssue,reportArgumentType]


def test_fixed_keys_are_read_by_name_role_and_secret() -> None:
    """A colon in the secret belongs to it."""
    keys = fixed_keys(settings(f"ci:operator:{SECRET}, me:admin:{SECRET}:x,prometheus:metrics:{SECRET}"))
    assert [(key.name, key.role) for key in keys] == [
        ("ci", Role.OPERATOR),
        ("me", Role.ADMIN),
        ("prometheus", Role.METRICS),
    ]


@pytest.mark.parametrize(
    "entry", ["x", "ci:operator", f"ci:root:{SECRET}", f":admin:{SECRET}", "ci:admin:short"]
)
def test_fixed_keys_that_cannot_be_read_are_named_by_number(entry: str) -> None:
    """The message never holds the secret."""
    with pytest.raises(ConfigurationError, match="entry 2") as refused:
        fixed_keys(settings(f"ok:viewer:{SECRET},{entry}"))
    assert "short" not in refused.value.message
    assert SECRET not in refused.value.message


@pytest.mark.parametrize("entry", ["OK", "local", "System", "cli"])
def test_fixed_keys_with_a_name_that_is_not_theirs_are_named_by_number(entry: str) -> None:
    """One that another entry has, in any case, or that the platform uses for itself."""
    with pytest.raises(ConfigurationError, match=f"entry 2: .*'{entry}'") as refused:
        fixed_keys(settings(f"ok:viewer:{SECRET},{entry}:admin:{SECRET}x"))
    assert SECRET not in refused.value.message


def test_keyring_finds_a_key_by_its_text_alone() -> None:
    """The same id with another secret is unknown."""
    token = "mj_abcdefgh_" + "A" * 43
    ring = Keyring(b"pepper", [key_of(b"pepper", "ci", Role.VIEWER, token)])
    found = ring.find(token)
    assert found is not None
    assert (found.name, found.key_id) == ("ci", "abcdefgh")
    assert ring.find("mj_abcdefgh_" + "B" * 43) is None
    assert Keyring(b"other", [found]).find(token) is None


def test_keyring_keeps_no_secret() -> None:
    """What is kept of a key is a digest."""
    assert SECRET not in repr(fixed_keys(settings(f"ci:viewer:{SECRET}")))


def test_roles_include_those_before_them() -> None:
    """Metrics < viewer < operator < admin."""
    assert [[role.covers(needed) for needed in Role] for role in Role] == [
        [True, False, False, False],
        [True, True, False, False],
        [True, True, True, False],
        [True, True, True, True],
    ]
