"""`secret:NAME` in inputs: in which fields it counts, and how a tool replaces it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from app.core.policies import Policies, TypePolicy
from app.core.registry import HandlerSpec
from app.core.specs.secret_refs import (
    filled_body,
    filled_headers,
    filled_target,
    named_secrets,
    secret_names,
    secret_problems,
)


async def _noop(_context: object, _inputs: object) -> None: ...


async def resolve(name: str) -> str:
    return f"<{name} &=>"


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("secret:a", [("a", "")]),
        ("Bearer secret:a.b-c_1", [("a.b-c_1", "")]),
        ("https://x.y/z?k=secret:a&l=1&m=secret:b#secret:c", [("a", ""), ("b", "")]),
        ("https://x.y/?k=%73ecret%3Aa", [("a", "")]),
        ({"x": ["secret:a", {"y/z": "secret:b"}]}, [("a", "/x/0"), ("b", "/x/1/y~1z")]),
        ("secret:", []),
        ("secret: a", []),
        ("secret:a b", []),
        ("two words secret:a", []),
        ("the secret:a is out", []),
        ("https://x.y/secret:a?k=1", []),
        ("https://x.y/?k=xsecret:a", []),
        ("SECRET:a", []),
        ({"secret:a": 1}, []),
        (7, []),
    ],
)
def test_secret_is_named_if_a_tool_takes_it(value: Any, found: list[tuple[str, str]]) -> None:
    """The whole of a value, behind one word, or the whole of a query's parameter; else it is text."""
    assert list(secret_names(value)) == found


async def test_headers_are_filled() -> None:
    """The word in front stays; other values are what they were."""
    headers = {"Authorization": "Bearer secret:a", "X-Key": "secret:b", "X-Note": "no secret:c here"}
    assert await filled_headers(headers, resolve) == {
        "Authorization": "Bearer <a &=>",
        "X-Key": "<b &=>",
        "X-Note": "no secret:c here",
    }


@pytest.mark.parametrize(
    ("target", "sent"),
    [
        ("/p?k=secret:a&l=x", "/p?k=%3Ca%20%26%3D%3E&l=x"),
        ("/p?k=%73ecret%3Aa", "/p?k=%3Ca%20%26%3D%3E"),
        ("/secret:a?k=v", "/secret:a?k=v"),
        ("/p?secret:a", "/p?secret:a"),
        ("/p", "/p"),
    ],
)
async def test_query_is_filled(target: str, sent: str) -> None:
    """The value is quoted, so that it stays one parameter; a path is never filled."""
    assert await filled_target(target, resolve) == sent


async def test_body_is_filled_if_it_is_json() -> None:
    """Whole texts at any depth; names, other texts, large integers and what is no JSON stay."""
    body = orjson.dumps({"a": ["secret:x", "a secret:x"], "secret:y": "Bearer secret:z"})
    assert orjson.loads(await filled_body(body, resolve)) == {
        "a": ["<x &=>", "a secret:x"],
        "secret:y": "Bearer secret:z",
    }
    huge = b'{"n":36893488147419103232,"k":"secret:x"}'
    assert await filled_body(huge, resolve) == b'{"n":36893488147419103232,"k":"<x &=>"}'
    for untouched in (b"secret:x=1", b'{"a": 1}', b"", b"\xff secret:x"):
        assert await filled_body(untouched, resolve) == untouched


def test_secrets_are_of_types_that_use_http_and_of_policies_that_name_them() -> None:
    """Without the tool the text is a text; with it, a missing permission is reported with the line to add."""
    inputs = {"text": "secret:a"}
    http = HandlerSpec("a.b", _noop, tools=("http",))
    plain = HandlerSpec("a.c", _noop, tools=("messaging",))
    allowed = TypePolicy.model_validate({"allow": {"http": {"secrets": ["a*"]}}})
    bare = TypePolicy.model_validate({"allow": {"http": {}}})
    assert named_secrets(plain, inputs) == []
    assert secret_problems(plain, inputs, Policies({"*": bare})) == []
    assert secret_problems(http, inputs, Policies({"*": allowed})) == []
    [problem] = secret_problems(http, inputs, Policies({"*": bare}))
    assert (problem.pointer, problem.code) == ("/inputs/text", "policy_denied")
    assert "types: {a.b: {allow: {http: {secrets: ['a']}}}}" in problem.message
    # If the tool itself is denied, the error points at the type.
    assert secret_problems(http, inputs, Policies()) == []
