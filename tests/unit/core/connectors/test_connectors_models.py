"""The settings and secrets of channels: strict, and able to draw a form."""

from __future__ import annotations

import sys
from typing import get_args

import pytest
from pydantic import ValidationError

from app.core.config import Settings
from app.core.connectors.channels import CHANNELS, SUPPORTED, channel_schemas, load_clients
from app.core.connectors.http import retry_after_sec
from app.core.fields import validation_problems
from app.core.recipient import MessageChannel


def test_channels_are_the_supported_ones() -> None:
    """Messages of the sandbox alone go to no remote side."""
    assert get_args(MessageChannel) == SUPPORTED
    assert [name for name, kind in CHANNELS.items() if kind.connect is None] == ["sandbox"]


@pytest.mark.parametrize("channel", SUPPORTED)
def test_channel_schemas_say_what_each_field_is(channel: str) -> None:
    """A form is drawn from them, and knows what to hide."""
    schemas = channel_schemas(CHANNELS[channel])
    for part in ("settings", "secrets"):
        fields = schemas[part]["properties"]
        assert schemas[part]["additionalProperties"] is False
        assert all({"title", "description"} <= set(field) for field in fields.values())
        assert all(field.get("writeOnly", False) is (part == "secrets") for field in fields.values())


@pytest.mark.parametrize(
    "token",
    [
        "",
        "not a token",
        "123456789:short",
        "123456789:AAF/../../getMe?x=AAAAAAAAAA",
        "123456789:AAFakeTokenOfTheTests\n",
        "１２３４５:AAFakeTokenOfTheTests",
        7,
        None,
    ],
)
def test_telegram_token_that_could_change_the_path_is_refused(token: object) -> None:
    """The token is a part of the address; the refusal does not repeat it."""
    with pytest.raises(ValidationError) as refused:
        CHANNELS["telegram"].secrets.model_validate({"token": token})
    problems = validation_problems(refused.value, {"token": token}, CHANNELS["telegram"].secrets, "/secrets")
    assert [problem.pointer for problem in problems] == ["/secrets/token"]
    assert not token or str(token) not in problems[0].message


@pytest.mark.parametrize("secret", ["two words", "line\nbreak", "ünïcode-token", "abc"])
def test_whatsapp_secret_that_could_change_a_header_is_refused(secret: str) -> None:
    """The token is a header's value."""
    with pytest.raises(ValidationError):
        CHANNELS["whatsapp"].secrets.model_validate({"access_token": secret})


def test_unknown_fields_of_an_account_are_refused() -> None:
    """An address of an account's own is not taken."""
    with pytest.raises(ValidationError):
        CHANNELS["telegram"].settings.model_validate({"api_base": "http://127.0.0.1:1"})


@pytest.mark.parametrize(
    "base",
    ["ftp://x", "https://", "https://user:pass@host", "https://host/{token}", "https://host?x=1", "host", ""],
)
def test_api_base_that_is_no_plain_address_is_refused(base: str) -> None:
    """A base is a host and a path; a login, a query or an insertion has no place in it."""
    with pytest.raises(ValidationError, match="API base"):
        Settings(_env_file=None, telegram_api_base=base)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("base", ["http://127.0.0.1:8081/", "https://api.example.org/tg", "http://[::1]:80"])
def test_api_base_loses_its_last_slash(base: str) -> None:
    """Paths are appended to it."""
    settings = Settings(_env_file=None, whatsapp_api_base=base)  # pyright: ignore[reportCallIssue]
    assert settings.whatsapp_api_base == base.rstrip("/")


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        (5, 5),
        ("12", 12),
        (0, 1),
        (-3, 1),
        (None, 30),
        ("soon", 30),
        ("inf", 30),
        ("nan", 30),
        ("1e300", 604_800),
    ],
)
def test_retry_after_of_any_shape_is_a_wait(said: object, seconds: float) -> None:
    """What the remote side says may be anything; a wait is a second at least, a week at most."""
    assert retry_after_sec(said) == seconds


def test_clients_of_all_channels_can_be_loaded() -> None:
    """The connector loads each channel's client by its module name before it takes an account."""
    load_clients()
    for channel in SUPPORTED[:-1]:
        assert f"app.core.connectors.{channel}.client" in sys.modules
