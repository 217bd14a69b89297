"""References to secrets (`secret:NAME`) in job inputs: valid places and substitution.

Only the tool `http` resolves them. A reference may be the whole value of a header or follow one word (`Bearer
secret:NAME`), be the whole value of a query's parameter, or be a whole text of a JSON body. Anywhere else it
is ordinary text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote, unquote

from app.core.errors import FieldProblem, PolicyDenied
from app.core.fields import escape
from app.core.secrets.store import SECRET_NAME_PATTERN

if TYPE_CHECKING:
    from app.core.policies import Policies
    from app.core.registry import HandlerSpec

TOOL = "http"
_WORD = r"(?:[A-Za-z][A-Za-z0-9-]{0,31} )?"
_VALUE = re.compile(rf"({_WORD})secret:({SECRET_NAME_PATTERN})")
_WHOLE = re.compile(rf"secret:({SECRET_NAME_PATTERN})")
_MARK = b"secret:"

Resolve = Callable[[str], Awaitable[str]]


def secret_names(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the secrets that inputs name, each with the JSON Pointer of its place."""
    if isinstance(value, str):
        for name in _names_in(value):
            yield name, pointer
    elif isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            yield from secret_names(item, f"{pointer}/{escape(name)}")
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(cast("list[Any]", value)):
            yield from secret_names(item, f"{pointer}/{index}")


def _names_in(text: str) -> list[str]:
    if "secret:" not in unquote(text):
        return []
    if found := _VALUE.fullmatch(text):
        return [found[2]]
    _, mark, query = text.partition("?")
    values = (_of_parameter(part)[1] for part in query.partition("#")[0].split("&")) if mark else ()
    return [found[1] for value in values if (found := _WHOLE.fullmatch(unquote(value)))]


def secret_problems(
    handler: HandlerSpec, inputs: Mapping[str, Any], policies: Policies
) -> list[FieldProblem]:
    """Return problems for secrets in the inputs that the policy denies to this type."""
    allowance = policies.allowance(handler.type, TOOL)
    problems: list[FieldProblem] = []
    for name, pointer in named_secrets(handler, inputs):
        if allowance is None:
            break  # a tool that is denied as a whole is reported elsewhere
        try:
            allowance.require("secrets", name)
        except PolicyDenied as refused:
            problems.append(FieldProblem(pointer, refused.message, refused.code))
    return problems


def named_secrets(handler: HandlerSpec, inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the secrets that runs with these inputs will need, each with its place."""
    return list(secret_names(dict(inputs), "/inputs")) if TOOL in handler.tools else []


async def filled_headers(headers: Mapping[str, str], resolve: Resolve) -> dict[str, str]:
    """Return headers with the secrets that their values name."""
    filled: dict[str, str] = {}
    for name, value in headers.items():
        found = _VALUE.fullmatch(value)
        filled[name] = value if found is None else found[1] + await resolve(found[2])
    return filled


async def filled_target(target: str, resolve: Resolve) -> str:
    """Return a path with its query, with the secrets that values of parameters name."""
    path, mark, query = target.partition("?")
    if not mark or "secret:" not in unquote(query):
        return target
    parts: list[str] = []
    for part in query.split("&"):
        name, value = _of_parameter(part)
        found = _WHOLE.fullmatch(unquote(value))
        parts.append(part if found is None else f"{name}={quote(await resolve(found[1]), safe='')}")
    return f"{path}?{'&'.join(parts)}"


async def filled_body(body: bytes, resolve: Resolve) -> bytes:
    """Return a body with the secrets that whole texts of its JSON name; a body without JSON is unchanged."""
    if _MARK not in body:
        return body
    try:
        value = json.loads(body)
    except ValueError:
        return body
    # Not orjson: it would turn integers beyond 64 bits into floats.
    return json.dumps(await _filled(value, resolve), ensure_ascii=False, separators=(",", ":")).encode()


async def _filled(value: Any, resolve: Resolve) -> Any:
    if isinstance(value, str):
        found = _WHOLE.fullmatch(value)
        return value if found is None else await resolve(found[1])
    if isinstance(value, dict):
        return {name: await _filled(item, resolve) for name, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [await _filled(item, resolve) for item in cast("list[Any]", value)]
    return value


def _of_parameter(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return name, value
