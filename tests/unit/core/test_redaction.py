"""Secrets are redacted from texts for people."""

from __future__ import annotations

import math
from typing import Any

import orjson
import pytest

from app.core.redaction import Redactor

TOKEN = "123456789:AAHk-canary_canary_canary_canary_can"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot***/getMe"),
        (f"token is {TOKEN}.", "token is ***."),
        (f"GET /accounts/{TOKEN.replace(':', '%3A')} 404", "GET /accounts/*** 404"),
        ("Authorization: Bearer canary.canary", "Authorization: Bearer ***"),
        ("{'Authorization': 'Basic Y2FuYXJ5'}", "{'Authorization': 'Basic ***'}"),
        ("authorization=canary", "authorization=***"),
        ("got Bearer canary-canary-canary", "got Bearer ***"),
        ("redis://user:canary@127.0.0.1:6379/0", "redis://user:***@127.0.0.1:6379/0"),
        ("redis://:canary@127.0.0.1", "redis://:***@127.0.0.1"),
        ("password=canary&x=1", "password=***&x=1"),
        ('{"api_key": "canary canary", "n": 1}', '{"api_key": ***, "n": 1}'),
        ("CLIENT_SECRET: canary", "CLIENT_SECRET: ***"),
        ("access_token=canary;", "access_token=***;"),
        (f"key mj_abcdefgh_{'x' * 43}, revoked", "key mj_abcdefgh_***, revoked"),
    ],
)
def test_redaction_masks_what_looks_like_a_credential(text: str, expected: str) -> None:
    """Tokens in addresses, headers and assignments are masked, the text around them stays."""
    assert Redactor().text(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "took 12:30 to pass: 3 of 3",
        "tokens used, password accepted",
        "http://127.0.0.1:8000/path",
        "mail to a@b.org",
        "2024-01-01T10:00:00 run job-a@1717000000000",
    ],
)
def test_redaction_leaves_ordinary_text_alone(text: str) -> None:
    """Times, addresses and words about secrets are no secrets."""
    assert Redactor().text(text) == text


def test_redaction_masks_registered_values_in_every_form() -> None:
    """A registered secret is masked as it is, URL-quoted and in JSON; the longest match wins."""
    redactor = Redactor()
    redactor.register('s3/cr"et')
    redactor.register('s3/cr"et-longer')
    assert redactor.text('a s3/cr"et b s3/cr"et-longer') == "a *** b ***"
    assert redactor.text("a=s3%2Fcr%22et") == "a=***"
    assert redactor.text(orjson.dumps({"a": 's3/cr"et'}).decode()) == '{"a":"***"}'


def test_redaction_of_an_answer_leaves_sentences_about_fields() -> None:
    """What is registered or has a credential's shape goes; `token: …` is what is wrong with a field."""
    redactor = Redactor()
    redactor.register("canary-canary")
    message = f"/secrets/token: required; unknown field 'canary-canary'; no job {TOKEN}"
    assert redactor.answer(message) == "/secrets/token: required; unknown field '***'; no job ***"


def test_redaction_ignores_values_that_are_too_short() -> None:
    """A secret of three characters would blacken ordinary words."""
    redactor = Redactor()
    redactor.register("and")
    redactor.register("")
    assert redactor.text("sand and water") == "sand and water"


def test_redaction_of_json_text_keeps_it_json() -> None:
    """Strings and names are masked, numbers stay: the result is still JSON."""
    redactor = Redactor()
    redactor.register("12345")
    masked = redactor.json('{"a": 12345, "b": ["x12345"], "12345": null}')
    assert orjson.loads(masked) == {"a": 12345, "b": ["x***"], "***": None}
    assert redactor.json('{ "untouched" : 1 }') == '{ "untouched" : 1 }'


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"password": "canary", "n": 1}, {"password": "***", "n": 1}),
        ({"api_key": ["canary"], "token": 5, "secret": None}, {"api_key": "***", "token": 5, "secret": None}),
        ({"a": [{"Authorization": "canary"}]}, {"a": [{"Authorization": "***"}]}),
        (("x", b"y"), ["x", "b'y'"]),
        ({1: 2**70}, {"1": str(2**70)}),
        ("half \ud800", "half ?"),
    ],
)
def test_redaction_of_a_tree_masks_by_name_and_yields_json(value: Any, expected: Any) -> None:
    """Fields are masked by their names too, and everything becomes what JSON can carry."""
    masked = Redactor().tree(value)
    assert masked == expected
    orjson.dumps(masked)


def test_redaction_of_an_endless_tree_ends() -> None:
    """A value that contains itself becomes text at some depth."""
    loop: list[Any] = [math.pi]
    loop.append(loop)
    assert Redactor().tree(loop)[0] == math.pi
