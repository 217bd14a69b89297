"""Answers built from the OpenAPI document with a given text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import httpx

_DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).resolve().parents[3] / "docs" / "openapi.json").read_text("utf-8")
)
_PATHS: dict[str, dict[str, Any]] = _DOCUMENT["paths"]
_SCHEMAS: dict[str, Any] = _DOCUMENT["components"]["schemas"]
INSTANT = "2026-01-31T07:00:00.000Z"
_DEEPEST = 12
_OF_LOGS = {"X-Log-Truncated": "false", "X-Log-Complete": "true", "X-Next-Cursor": "1-1"}


def answering(text: str) -> httpx.MockTransport:
    """Return a transport that answers each operation as its schema says, with `text` in its strings."""
    return httpx.MockTransport(lambda request: _answer(request, text))


def _answer(request: httpx.Request, text: str) -> httpx.Response:
    operation = _operation(request.method, request.url.path)
    if operation is None:
        return httpx.Response(404, json={"title": text, "detail": text, "code": "path_not_found"})
    status = min(status for status in operation["responses"] if status.startswith("2"))
    content: dict[str, Any] = operation["responses"][status]["content"]
    if "application/json" not in content:
        return httpx.Response(int(status), text=text, headers={"Content-Type": next(iter(content))})
    value = sample(content["application/json"]["schema"], text)
    return httpx.Response(int(status), json=value, headers=_OF_LOGS)


def _operation(method: str, path: str) -> dict[str, Any] | None:
    for template in sorted(_PATHS, key=lambda each: each.count("{")):
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path):
            return _PATHS[template].get(method.lower())
    return None


def sample(schema: Mapping[str, Any], text: str, depth: int = 0) -> Any:
    """Return a value of a JSON Schema; each string without a fixed form holds `text`."""
    if "$ref" in schema:
        return sample(_SCHEMAS[schema["$ref"].rpartition("/")[2]], text, depth + 1)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            branches: list[dict[str, Any]] = schema[word]
            return sample(next(each for each in branches if each.get("type") != "null"), text, depth + 1)
    if "const" in schema or "enum" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0]
    return _of_type(schema, text, depth)


def _of_type(schema: Mapping[str, Any], text: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return _object(schema, text, depth)
    if kind == "array":
        items = cast("dict[str, Any]", schema.get("items", {}))
        return [] if depth > _DEEPEST else [sample(items, text, depth + 1)]
    if kind == "string" and schema.get("format") == "date-time":
        return INSTANT
    return {"integer": 1, "number": 1.5, "boolean": True, "null": None}.get(str(kind), f"a{text}")


def _object(schema: Mapping[str, Any], text: str, depth: int) -> dict[str, Any]:
    properties: dict[str, Any] = schema.get("properties", {})
    made = {name: sample(member, text, depth + 1) for name, member in properties.items()}
    more = schema.get("additionalProperties")
    if more and depth <= _DEEPEST:
        made[f"b{text}"] = sample(
            cast("dict[str, Any]", more) if isinstance(more, dict) else {}, text, depth + 1
        )
    return made
