"""The OpenAPI document is good enough to make a client from: valid, named, described, with true examples."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, cast

import jsonschema_rs
import pytest
import schemathesis
from fastapi.routing import APIRoute

from app.core.access.api_keys import Role
from app.services.api.app import create_app
from app.services.api.http.problems import error_codes
from app.services.api.http.router import RAISES
from app.services.api.openapi.document import openapi_json, operations_of
from app.services.api.openapi.texts import EXAMPLES

APP = create_app()
DOCUMENT: dict[str, Any] = json.loads(openapi_json(APP))
RAISED: dict[str, list[str]] = {
    route.name: (route.openapi_extra or {})[RAISES]
    for route in APP.routes
    if isinstance(route, APIRoute) and route.include_in_schema
}
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS = list(operations_of(DOCUMENT))
BY_ID: dict[str, dict[str, Any]] = {each["operationId"]: each for _, _, each in OPERATIONS}
HARD_WORDS = re.compile(r"\b(?:where|nobody|told|anew|beside|lately|stands|whoever)\b", re.IGNORECASE)
DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SHOWN = [
    pytest.param(media["schema"], example["value"], id=f"{operation['operationId']}-{name}")
    for _, _, operation in OPERATIONS
    for media in operation.get("requestBody", {}).get("content", {}).values()
    for name, example in media.get("examples", {}).items()
]


def whole(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema that can be read without the document around it."""
    return {"$schema": DIALECT, **schema, "components": DOCUMENT["components"]}


def test_openapi_document_is_valid() -> None:
    """It fits the schema of OpenAPI 3.1 documents."""
    assert DOCUMENT["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(DOCUMENT).validate()


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_openapi_schema_is_json_schema(name: str) -> None:
    """Every named schema is one of draft 2020-12, with a name that every language can have."""
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)
    jsonschema_rs.meta.validate(whole(SCHEMAS[name]))


@pytest.mark.parametrize(("schema", "value"), _SHOWN)
def test_openapi_example_fits_its_schema(schema: dict[str, Any], value: Any) -> None:
    """What the document shows as a body is one."""
    jsonschema_rs.validator_for(whole(schema)).validate(value)


def test_openapi_bodies_have_examples() -> None:
    """Each body has one, but those that channels send; and no example is without its body."""
    bodies = {name: each for name, each in BY_ID.items() if "requestBody" in each}
    without = {
        name
        for name, each in bodies.items()
        if not each["requestBody"]["content"]["application/json"].get("examples")
    }
    assert without == {"take_webhook"}
    assert EXAMPLES.keys() <= SCHEMAS.keys()


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_openapi_operation_is_described(name: str) -> None:
    """Name, tag, summary, description, role and parameters say what a reader needs."""
    operation = BY_ID[name]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
    assert operation["summary"]
    assert len(operation["summary"]) <= 110
    assert operation["description"]
    assert set(operation["tags"]) <= {tag["name"] for tag in DOCUMENT["tags"]}
    assert operation["x-required-role"] in {"none", *Role}
    for parameter in operation.get("parameters", []):
        assert parameter["description"], parameter["name"]


def _descriptions(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, item in cast("dict[str, Any]", value).items():
            if name in {"description", "summary"} and isinstance(item, str):
                yield item
            yield from _descriptions(item)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            yield from _descriptions(item)


def test_openapi_is_described_in_plain_words() -> None:
    """The words that comments and messages avoid; a condition begins with "if"."""
    found = [text for text in _descriptions(DOCUMENT) if HARD_WORDS.search(text)]
    assert found == []


def test_openapi_titles_are_unique() -> None:
    """A schema's title is its name: generators name a class by its title, and leave out a second one."""
    assert {name: schema.get("title", name) for name, schema in SCHEMAS.items()} == {
        name: name for name in SCHEMAS
    }


def test_openapi_names_are_unique() -> None:
    """No two operations share a name, and no parameter comes twice in one."""
    assert len(BY_ID) == len(OPERATIONS)
    for name, operation in BY_ID.items():
        parameters = [(each["in"], each["name"]) for each in operation.get("parameters", [])]
        assert len(parameters) == len(set(parameters)), name


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_openapi_operation_says_which_problems(name: str) -> None:
    """Each declared refusal has codes, and each code of a route is listed under its status."""
    operation = BY_ID[name]
    documented: dict[str, list[str]] = operation["x-problem-codes"]
    assert all(documented.values()), documented
    known = error_codes()
    assert {code for codes in documented.values() for code in codes} >= set(RAISED[name])
    assert all(known[code].status == int(status) for status, codes in documented.items() for code in codes)


def test_openapi_has_an_operation_for_each_route() -> None:
    """Each route is documented, and what it raises is known to the table of problems."""
    assert RAISED.keys() == BY_ID.keys()
    assert {code for codes in RAISED.values() for code in codes} <= error_codes().keys()


@pytest.mark.parametrize("name", sorted(BY_ID))
def test_openapi_answer_has_a_name(name: str) -> None:
    """JSON answers are named schemas or arrays of them: a client has no `Response200`."""
    for status, answer in BY_ID[name]["responses"].items():
        assert answer["description"], status
        for media_type, media in answer.get("content", {}).items():
            schema = media["schema"]
            if media_type in {"application/json", "application/problem+json"}:
                assert "$ref" in schema.get("items", schema), (name, status)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_openapi_schema_nests_no_object_without_a_name(name: str) -> None:
    """An object inside of another one has a name of its own, unless its members are anybody's."""
    for field, schema in SCHEMAS[name].get("properties", {}).items():
        for each in (schema, *schema.get("anyOf", []), schema.get("items", {})):
            assert "properties" not in each, f"{name}.{field}"


def test_openapi_has_servers_and_authentication() -> None:
    """Servers, both ways to send a key, and the stream's media type are declared."""
    assert DOCUMENT["servers"]
    assert set(DOCUMENT["components"]["securitySchemes"]) == {"bearer", "apiKey"}
    assert list(BY_ID["stream_events"]["responses"]["200"]["content"]) == ["text/event-stream"]
    assert SCHEMAS["ProblemCode"]["enum"] == sorted(error_codes())
