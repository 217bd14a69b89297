"""The OpenAPI document: FastAPI's own, with request bodies, problems, roles, texts and examples."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.services.api.http.auth import is_open, required_role
from app.services.api.http.body import REQUEST_MODELS
from app.services.api.http.problems import MEDIA_TYPE, error_codes
from app.services.api.http.router import HEADERS, RAISES
from app.services.api.openapi.texts import (
    ABOUT,
    COMPONENT_HEADERS,
    EXAMPLES,
    PARAMETERS,
    SECURITY_SCHEMES,
    SERVERS,
    TAGS,
)
from app.services.api.schemas.common import Problem

if TYPE_CHECKING:
    from fastapi import FastAPI

_REFS = "#/components/schemas/"
_HEADER_REFS = "#/components/headers/"
_SENTENCE_END = re.compile(r"\.?\s*\n\n|; |\.(?:\s|$)")
_INPUT = "Input"
_RETRY = frozenset({"429", "503", "507"})
_STATUS = {code: str(kind.status) for code, kind in error_codes().items()}

# Codes that follow from the path, the method and the parameters; routes name the others (`raises`).
_OF_ALL = (
    *("wrong_host", "foreign_origin", "rate_limited", "internal", "configuration"),
    *("unavailable", "redis_unavailable"),
)
_OF_KEYS = ("unauthorized", "too_many_wrong_keys", "role_too_low")
_OF_WRITES = ("redis_full", "not_durable", "body_too_large", "unsupported_media_type")
_OF_BODIES = ("malformed_json", "invalid_json", "invalid_request")
_OF_QUERIES = ("invalid_request",)

Json = dict[str, Any]


def _polish(document: Json) -> Json:
    """Add words, roles, examples, headers and codes to a whole document, and name what has no name."""
    document["info"]["description"] = ABOUT
    document["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    document["servers"] = SERVERS
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    components = document["components"]
    components["headers"] = dict(COMPONENT_HEADERS)
    components["securitySchemes"] = dict(SECURITY_SCHEMES)
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    _enumerate_codes(components["schemas"])
    for path, method, operation in operations_of(document):
        _add_role(operation, path, method)
        _describe(operation)
        _show(operation)
        _add_problems(operation, method, is_open=is_open(path))
        _add_headers(operation)
        _name_answers(operation, components["schemas"])
    return document


def operations_of(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield path, method and operation of all operations."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def _enumerate_codes(schemas: Json) -> None:
    kinds = dict(sorted(error_codes().items()))
    codes: Json = {"type": "string", "enum": list(kinds), "description": "docs/errors.md has each."}
    # What a caller can do about each, for clients that show it.
    schemas["ProblemCode"] = {**codes, "x-remedies": {code: kind.remedy for code, kind in kinds.items()}}
    schemas["Problem"]["properties"]["code"] = {"$ref": f"{_REFS}ProblemCode"}


def _add_role(operation: Json, path: str, method: str) -> None:
    """Say which role an operation needs and how a key is sent."""
    operation["x-required-role"] = "none" if is_open(path) else required_role(method.upper(), path)
    # The last one: a deployment without keys serves its own machine without any.
    operation["security"] = [] if is_open(path) else [{"bearer": []}, {"apiKey": []}, {}]


def _describe(operation: Json) -> None:
    """Take the first sentence for the summary, and give each parameter its words."""
    operation["summary"] = _SENTENCE_END.split(operation["description"], maxsplit=1)[0]
    for each in operation.get("parameters", []):
        if "description" not in each:
            each["description"] = PARAMETERS[f"{each['in']} {each['name']}"]


def _show(operation: Json) -> None:
    content: Json = operation.get("requestBody", {}).get("content", {})
    for media in content.values():
        name = media["schema"].get("$ref", "").rpartition("/")[2].removesuffix("Input")
        if name in EXAMPLES:
            media["examples"] = {key: each._asdict() for key, each in EXAMPLES[name].items()}


def _add_problems(operation: Json, method: str, *, is_open: bool) -> None:
    """Add a refusal for each status of the codes that this operation can answer with (`x-problem-codes`)."""
    codes = {*_OF_ALL, *operation.pop(RAISES, ())}
    if not is_open:
        codes.update(_OF_KEYS)
    if method != "get":
        codes.update(_OF_WRITES)
    if "requestBody" in operation:
        codes.update(_OF_BODIES)
    queries = [each["schema"] for each in operation.get("parameters", []) if each["in"] == "query"]
    # Any text fits a plain string.
    if any(schema != {"type": "string"} for schema in queries):
        codes.update(_OF_QUERIES)
    # The response that FastAPI declares for every route with parameters; ours follows from the codes.
    operation["responses"].pop("422", None)
    by_status: dict[str, list[str]] = {}
    for code in sorted(codes):
        by_status.setdefault(_STATUS[code], []).append(code)
    # A probe answers 503 with its own body.
    refused = sorted(by_status.keys() - operation["responses"].keys())
    operation["responses"] |= {status: _problem_response(int(status)) for status in refused}
    operation["x-problem-codes"] = {status: by_status[status] for status in refused}


def _add_headers(operation: Json) -> None:
    of_success: Json = operation.pop(HEADERS, {})
    for status, answer in operation["responses"].items():
        headers: Json = answer.setdefault("headers", {})
        if status.startswith("2"):
            headers.update(of_success)
        headers["X-Trace-Id"] = {"$ref": f"{_HEADER_REFS}TraceId"}
        if status in _RETRY:
            headers["Retry-After"] = {"$ref": f"{_HEADER_REFS}RetryAfter"}
        if status == "401":
            headers["WWW-Authenticate"] = {"$ref": f"{_HEADER_REFS}Authenticate"}


def _name_answers(operation: Json, schemas: Json) -> None:
    """Move answers without a name among the named schemas, and name the items of arrays."""
    name = "".join(part.title() for part in operation["operationId"].split("_")) + "Answer"
    for status, answer in operation["responses"].items():
        content: Json = answer.get("content", {})
        media = content.get("application/json", {})
        schema: Json = media.get("schema", {})
        if "$ref" in schema.get("items", {}):
            answer["description"] = f"An array of {schema['items']['$ref'].removeprefix(_REFS)}."
        if status.startswith("2") and ("anyOf" in schema or schema.get("type") == "object"):
            schemas[name] = {**schema, "title": name}
            media["schema"] = {"$ref": _REFS + name}


def build_openapi(app: FastAPI) -> dict[str, Any]:
    """Return the document; it is the source of `docs/openapi.json` and of the dashboard's client."""
    document = get_openapi(title=app.title, version=app.version, routes=app.routes)
    return _polish(_with_request_models(document, (*REQUEST_MODELS.values(), Problem)))


def openapi_json(app: FastAPI) -> str:
    """Return `docs/openapi.json`."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    return orjson.dumps(app.openapi(), option=options).decode() + "\n"


def _phrase(status: int) -> str:
    # Python 3.13 took over RFC 9110's new names of these two; the document must not depend on the version.
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


def _problem_response(status: int) -> dict[str, Any]:
    schema = {"$ref": f"{_REFS}Problem"}
    return {"description": _phrase(status), "content": {MEDIA_TYPE: {"schema": schema}}}


def _with_request_models(document: dict[str, Any], models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """Add models under their own names, with the suffix `Input` if a response model has the name already.

    Their title is their name here: generated clients name a class by its title.
    """
    wanted = [(model, "validation") for model in models]
    _, made = models_json_schema(wanted, ref_template=_REFS + "{model}" + _INPUT)  # type: ignore[arg-type]
    components: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    added: dict[str, Any] = made["$defs"]
    free = [name for name, schema in added.items() if components.get(name, schema) == schema]
    components.update({name: added[name] for name in free})
    renamed = {name + _INPUT: schema for name, schema in added.items() if name not in free}
    components.update({name: {**schema, "title": name} for name, schema in renamed.items()})
    text = orjson.dumps(document).decode()
    for name in free:
        text = text.replace(f'"{_REFS}{name}{_INPUT}"', f'"{_REFS}{name}"')
    return orjson.loads(text)
