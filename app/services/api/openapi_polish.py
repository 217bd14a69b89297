"""The last steps of the OpenAPI document: what makes a generated client read like one that was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from app.services.api.auth import is_open
from app.services.api.openapi_examples import EXAMPLES
from app.services.api.openapi_problems import codes_of
from app.services.api.openapi_words import ABOUT, HEADERS, LOCATED, PARAMETERS, SERVERS, TAGGED, TAGS
from app.services.api.problems import error_codes

_REFS = "#/components/schemas/"
_HEADER_REFS = "#/components/headers/"
_SENTENCE_END = re.compile(r"\.?\s*\n\n|; |\.(?:\s|$)")
_RETRY = frozenset({"429", "503", "507"})

Json = dict[str, Any]


def polish(document: Json) -> Json:
    """Add words, examples, headers and codes to a whole document, and name what has no name."""
    document["info"]["description"] = ABOUT
    document["info"]["license"] = {"name": "MIT", "identifier": "MIT"}
    document["servers"] = SERVERS
    document["tags"] = [{"name": name, "description": text} for name, text in TAGS.items()]
    components = document["components"]
    components["headers"] = dict(HEADERS)
    _enumerate_codes(components["schemas"])
    for path, method, operation in operations_of(document):
        if is_open(path):
            # No key is asked for there.
            operation["responses"].pop("401", None)
        _describe(operation)
        _show(operation)
        _add_headers(operation)
        _name_answers(operation, components["schemas"])
        operation["x-problem-codes"] = codes_of(operation, method, is_open=is_open(path))
    return document


def operations_of(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield path, method and operation of all operations."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield path, method, operation


def _enumerate_codes(schemas: Json) -> None:
    codes: Json = {"type": "string", "enum": sorted(error_codes()), "description": "docs/errors.md has each."}
    schemas["ProblemCode"] = codes
    schemas["Problem"]["properties"]["code"] = {"$ref": f"{_REFS}ProblemCode"}


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


def _add_headers(operation: Json) -> None:
    name = operation["operationId"]
    for status, answer in operation["responses"].items():
        headers: Json = answer.setdefault("headers", {})
        headers["X-Trace-Id"] = {"$ref": f"{_HEADER_REFS}TraceId"}
        if status in _RETRY:
            headers["Retry-After"] = {"$ref": f"{_HEADER_REFS}RetryAfter"}
        if status == "401":
            headers["WWW-Authenticate"] = {"$ref": f"{_HEADER_REFS}Authenticate"}
        if status.startswith("2") and name in LOCATED:
            headers["Location"] = {"$ref": f"{_HEADER_REFS}Location"}
        if status.startswith("2") and name in TAGGED:
            headers["ETag"] = {"$ref": f"{_HEADER_REFS}VersionTag"}


def _name_answers(operation: Json, schemas: Json) -> None:
    """Move answers that are objects or alternatives among the named schemas."""
    name = "".join(part.title() for part in operation["operationId"].split("_")) + "Answer"
    for status, answer in operation["responses"].items():
        content: Json = answer.get("content", {})
        media = content.get("application/json", {})
        schema: Json = media.get("schema", {})
        if status.startswith("2") and ("anyOf" in schema or schema.get("type") == "object"):
            schemas[name] = {**schema, "title": name}
            media["schema"] = {"$ref": _REFS + name}
