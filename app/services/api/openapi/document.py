"""The OpenAPI document: what FastAPI finds by itself, the bodies that routes read, the problems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import orjson
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app import __version__
from app.core.models import JobSpec
from app.services.api.http.auth import OPEN_ON_LOOPBACK, is_open, required_role
from app.services.api.http.conditions import HEADER, MAX_CHARS
from app.services.api.http.problems import MEDIA_TYPE, error_codes
from app.services.api.openapi.examples import EXAMPLES
from app.services.api.openapi.texts import (
    ABOUT,
    HEADERS,
    LOCATED,
    PARAMETERS,
    SERVERS,
    TAGGED,
    TAGS,
    codes_of,
)
from app.services.api.schemas.access import KeyRequest, KeyRotation, SecretRequest
from app.services.api.schemas.batches import BatchRequest, BulkRequest, RerunRequest
from app.services.api.schemas.common import Problem, RunRequest
from app.services.api.schemas.connectors import AccountRequest, SendRequest
from app.services.api.schemas.dead_letters import DiscardRequest, RedriveRequest
from app.services.api.schemas.jobs import CheckRequest, PreviewRequest
from app.services.api.schemas.pauses import PauseRequest, ResumeRequest
from app.services.api.schemas.planner import ExecuteRequestBody, PlanAiRequestBody, PlanRequestBody
from app.services.api.schemas.settings import DefaultNotifyRequest

if TYPE_CHECKING:
    from fastapi import FastAPI
    from fastapi.routing import APIRoute

# The last steps of the OpenAPI document: what makes a generated client read like one that was written.

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


REQUEST_MODELS: tuple[type[BaseModel], ...] = (
    JobSpec,
    CheckRequest,
    RunRequest,
    BatchRequest,
    RerunRequest,
    BulkRequest,
    RedriveRequest,
    DiscardRequest,
    AccountRequest,
    SendRequest,
    DefaultNotifyRequest,
    KeyRequest,
    KeyRotation,
    SecretRequest,
    PlanRequestBody,
    PlanAiRequestBody,
    ExecuteRequestBody,
    PreviewRequest,
    PauseRequest,
    ResumeRequest,
    Problem,
)
_INPUT = "Input"
_ALWAYS = (401, 403, 421, 429, 500, 503)
_OF_WRITES = (413, 415)

Responses = dict[int | str, dict[str, Any]]

IDEMPOTENCY_KEY: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Sent again with the same key and body, the request changes nothing more.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_CHARS, "pattern": r"^[!-~]([ -~]*[!-~])?$"},
}
IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of the version that was read; 412 where another one is stored by now.",
    "schema": {"type": "string"},
}
_OF_SEARCHES: dict[str, Any] = {
    "X-Searched-Count": {
        "description": "Records that this call has looked at; absent if one index has the whole list.",
        "schema": {"type": "integer"},
    },
    "X-Search-Total": {
        "description": "Records from this call's cursor on to the end, those included that it has looked at.",
        "schema": {"type": "integer"},
    },
}


def operation_id(route: APIRoute) -> str:
    """Return the id of an operation: the function's name, which clients call theirs by."""
    return route.name


def problems(*statuses: int, write: bool = False) -> Responses:
    """Return the problem answers of a route, those that every route has included."""
    found = sorted({*statuses, *_ALWAYS, *(_OF_WRITES if write else ())})
    return {status: _problem_response(status) for status in found}


def takes(model: type[BaseModel], *parameters: dict[str, Any], required: bool = True) -> dict[str, Any]:
    """Return the `openapi_extra` of a route that reads its body itself."""
    schema = {"$ref": f"{_REFS}{model.__name__}{_INPUT}"}
    body = {"required": required, "content": {"application/json": {"schema": schema}}}
    return {"requestBody": body, **parameters_of(*parameters)}


def parameters_of(*parameters: dict[str, Any]) -> dict[str, Any]:
    """Return the `openapi_extra` of a route that reads headers itself."""
    return {"parameters": list(parameters)} if parameters else {}


def lists(model: type[BaseModel], *, searched: bool = False) -> Responses:
    """Return the headers of a list's answer; a list that is `searched` says how far a search has come."""
    headers = {
        "Link": {"description": 'The next page: `<…>; rel="next"`.', "schema": {"type": "string"}},
        "X-Total-Count": {
            "description": "How many there are in all, where one index answers it.",
            "schema": {"type": "integer"},
        },
        **(_OF_SEARCHES if searched else {}),
    }
    return {200: {"description": f"An array of {model.__name__}.", "headers": headers}}


def build_openapi(app: FastAPI) -> dict[str, Any]:
    """Return the document; it is the source of `docs/openapi.json` and of the dashboard's client."""
    document = get_openapi(
        title="Multi-Job Platform",
        version=__version__,
        routes=app.routes,
    )
    return polish(with_roles(_with_request_models(_without_fastapis_own_422(document), REQUEST_MODELS)))


def with_roles(document: dict[str, Any]) -> dict[str, Any]:
    """Say of each operation which role it needs (`x-required-role`) and how a key is sent."""
    document.setdefault("components", {})["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A key, as `multi-job keys create` shows it.",
        },
        "apiKey": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    }
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            operation["x-required-role"] = "none" if is_open(path) else required_role(method.upper(), path)
            # The last one: a deployment without keys serves its own machine without any.
            operation["security"] = [] if is_open(path) else [{"bearer": []}, {"apiKey": []}, {}]
            if path in OPEN_ON_LOOPBACK:
                operation["x-open-on-loopback"] = True
    return document


def openapi_json(app: FastAPI) -> str:
    """Return `docs/openapi.json`."""
    options = orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS
    return orjson.dumps(app.openapi(), option=options).decode() + "\n"


def _without_fastapis_own_422(document: dict[str, Any]) -> dict[str, Any]:
    """Drop the answer that FastAPI declares wherever there is a parameter: routes declare ours."""
    for path in document["paths"].values():
        for operation in path.values():
            responses: dict[str, Any] = operation["responses"]
            if "application/json" in responses.get("422", {}).get("content", {}):
                del responses["422"]
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    return document


def _phrase(status: int) -> str:
    # Python 3.13 took over RFC 9110's new names of these two; the document must not depend on the version.
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status) or HTTPStatus(status).phrase


def _problem_response(status: int) -> dict[str, Any]:
    schema = {"$ref": f"{_REFS}Problem{_INPUT}"}
    return {"description": _phrase(status), "content": {MEDIA_TYPE: {"schema": schema}}}


def _with_request_models(document: dict[str, Any], models: Iterable[type[BaseModel]]) -> dict[str, Any]:
    """Add models under their own names, with `Input` behind where an answer's model has the name already."""
    wanted = [(model, "validation") for model in models]
    _, made = models_json_schema(wanted, ref_template=_REFS + "{model}" + _INPUT)  # type: ignore[arg-type]
    components: dict[str, Any] = document.setdefault("components", {}).setdefault("schemas", {})
    added: dict[str, Any] = made["$defs"]
    free = [name for name, schema in added.items() if components.get(name, schema) == schema]
    components.update({name if name in free else name + _INPUT: schema for name, schema in added.items()})
    text = orjson.dumps(document).decode()
    for name in free:
        text = text.replace(f'"{_REFS}{name}{_INPUT}"', f'"{_REFS}{name}"')
    return orjson.loads(text)
