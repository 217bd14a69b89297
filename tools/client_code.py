"""The code of `multi_job/client/generated/`, from the OpenAPI document: types, operations, remedies."""

from __future__ import annotations

import functools
import json
import keyword
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from typing import Any, cast

from app.services.api.app import create_app
from app.services.api.openapi.document import openapi_json
from tools.settings_table import ROOT

FOLDER = "multi_job/client/generated"

Json = dict[str, Any]
_HEAD = '"""{title}: generated from docs/openapi.json by `python -m tools.generate_docs`; do not edit."""\n'
_REFS = "#/components/schemas/"
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_KEY = "Idempotency-Key"
# Headers that are parameters of a method; the client sends the others itself, or has no use for them.
_HEADERS = {
    "If-Match": "if_match",
    "X-Telegram-Bot-Api-Secret-Token": "telegram_secret",
    "X-Hub-Signature-256": "hub_signature",
}
# It never ends: `events.follow` reads it.
_BY_HAND = frozenset({"stream_events"})


def files() -> dict[str, str]:
    """Return the text of each generated file by its path below the root."""
    texts = {"types.py": _types(), "operations.py": _operations(), "problems.py": _problems()}
    return {f"{FOLDER}/{name}": text for name, text in texts.items()}


@functools.cache
def _document() -> Json:
    return json.loads(openapi_json(create_app()))


def _formatted(text: str) -> str:
    command = [sys.executable, "-m", "ruff", "format", "--stdin-filename", f"{FOLDER}/types.py", "-"]
    return subprocess.run(command, input=text, text=True, capture_output=True, check=True, cwd=ROOT).stdout  # noqa: S603


# Types.


def type_of(schema: Json, prefix: str = "") -> str:
    """Return the annotation of a schema; `prefix` is the module of named types."""
    if "$ref" in schema:
        return prefix + schema["$ref"].removeprefix(_REFS)
    kind: Any = schema.get("type", "")
    alternatives: list[Json] = schema.get("anyOf") or schema.get("oneOf") or []
    if isinstance(kind, list):
        alternatives = [{**schema, "type": each} for each in cast("list[str]", kind)]
    if alternatives:
        return " | ".join(dict.fromkeys(type_of(each, prefix) for each in alternatives))
    if "enum" in schema or "const" in schema:
        return f"Literal[{', '.join(map(repr, schema.get('enum', [schema.get('const')])))}]"
    if kind == "array":
        return f"list[{type_of(schema.get('items', {}), prefix)}]"
    if kind == "object":
        # Without a schema of its values, `true` or nothing is there.
        extra = schema.get("additionalProperties")
        return f"dict[str, {type_of({} if isinstance(extra, bool | None) else extra, prefix)}]"
    return _PLAIN.get(str(kind), "Any")  # pyright: ignore[reportUnknownArgumentType]


def _types() -> str:
    """Return `types.py`: a TypedDict for each object, an alias for each other schema."""
    schemas: Json = _document()["components"]["schemas"]
    parts = [_alias(name, each) for name, each in schemas.items() if not _is_object(each)]
    parts += [_typed_dict(name, each) for name, each in schemas.items() if _is_object(each)]
    parts.append(_typed_dict("JobSpecChanges", _changes(schemas["JobSpecInput"])))
    imports = """
from __future__ import annotations

from typing import Any, Literal, NotRequired, TypeAlias, TypedDict

"""
    return _formatted(_HEAD.format(title="The bodies of the API") + imports + "\n\n".join(parts))


def _changes(schema: Json) -> Json:
    """Return the schema of some fields of a job: the id stays."""
    fields = {name: each for name, each in schema["properties"].items() if name != "job_id"}
    return {"description": "Fields of a job that change; the others stay.", "properties": fields}


def _is_object(schema: Json) -> bool:
    return "properties" in schema


def _alias(name: str, schema: Json) -> str:
    text = f'{name}: TypeAlias = "{type_of(schema)}"' if "enum" not in schema else _literal(name, schema)
    return text + _doc(schema.get("description"))


def _literal(name: str, schema: Json) -> str:
    return f"{name}: TypeAlias = {type_of(schema)}"


def _typed_dict(name: str, schema: Json) -> str:
    fields = {key: _field(key, each, schema) for key, each in schema["properties"].items()}
    if all(_is_name(key) for key in fields):
        lines = [f"    {key}: {text}" + _doc(_of(schema, key), 4) for key, text in fields.items()]
        return "\n".join([f"class {name}(TypedDict):" + _doc(schema.get("description", name), 4), *lines])
    # The other syntax, for a field that is a keyword of Python.
    items = ", ".join(f"{key!r}: {text!r}" for key, text in fields.items())
    return f"{name} = TypedDict({name!r}, {{{items}}})" + _doc(schema.get("description"))


def _of(schema: Json, key: str) -> str | None:
    return schema["properties"][key].get("description")


def _field(key: str, schema: Json, whole: Json) -> str:
    text = type_of(schema)
    return text if key in whole.get("required", ()) else f"NotRequired[{text}]"


def _doc(text: str | None, indent: int = 0) -> str:
    return "" if not text else "\n" + _docstring(text, " " * indent)


def _docstring(text: str, margin: str) -> str:
    """Return a docstring of one paragraph, or of the summary and the rest."""
    paragraphs = [" ".join(each.split()) for each in text.replace("\\", "\\\\").split("\n\n")]
    lines: list[str] = []
    for number, paragraph in enumerate(paragraphs):
        lines += [""] * bool(number) + _wrapped(paragraph, 104 - len(margin))
    body = f"\n{margin}".join(lines).replace(f"{margin}\n", "\n")
    closing = f"\n{margin}" if len(lines) > 1 else ""
    # A quote at the end would join the closing ones.
    return f'{margin}"""{body}{" " if body.endswith(chr(34)) else ""}{closing}"""'


def _wrapped(text: str, width: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return lines


# Operations.


def _operations() -> str:
    """Return `operations.py`: a function for each operation, which returns the call to send."""
    document = _document()
    parts = [
        _operation(path, method, each)
        for path, methods in document["paths"].items()
        for method, each in methods.items()
        if each["operationId"] not in _BY_HAND
    ]
    imports = """
from __future__ import annotations

from typing import Any, Literal, Unpack

from multi_job.client.calls import Listing, Operation, path_of
from multi_job.client.generated import types as t

"""
    return _formatted(
        _HEAD.format(title="The operations of the API") + imports + "\n\n" + "\n\n\n".join(parts)
    )


def _operation(path: str, method: str, operation: Json) -> str:
    parameters = operation.get("parameters", [])
    inside = [each for each in parameters if each["in"] == "path"]
    query = [each for each in parameters if each["in"] == "query"]
    headers = [each for each in parameters if each["in"] == "header" and each["name"] in _HEADERS]
    keyed = any(each["name"] == _KEY for each in parameters)
    body_type, body_way = _body_of(operation, {_python_name(each["name"]) for each in inside})
    positional = [f"{each['name']}: {type_of(each['schema'], 't.')}" for each in inside]
    positional += [f"body: {body_type}"] * (body_way == "whole")
    named = [f"{_python_name(each['name'])}: {_optional(each)}" for each in query]
    named += [f"{_HEADERS[each['name']]}: str | None = None" for each in headers]
    named += ["idempotency_key: str | None = None"] * keyed
    content = _success(operation)
    accepts = [each for each in content if each != "application/json"]
    named += [f"accept: str = {next(iter(content))!r}"] * (len(content) > 1)
    signature = [*positional, *(["*"] if named else []), *named]
    signature += [f"**body: Unpack[{body_type}]"] * (body_way == "fields")
    made = [repr(method.upper()), _path_text(path, inside)]
    made += [f"query={_mapping((each['name'], _python_name(each['name'])) for each in query)}"] * bool(query)
    made += ["body=body"] * (body_way == "whole") + ["body={**body}"] * (body_way == "fields")
    made += [f"headers={_mapping((each['name'], _HEADERS[each['name']]) for each in headers)}"] * bool(
        headers
    )
    made += ["key=idempotency_key", "is_keyed=True"] * keyed
    if accepts:
        made.append("accept=accept" if len(content) > 1 else f"accept={accepts[0]!r}")
    kind, answer = _answer(operation, content, query)
    text = _docstring(operation["description"], "    ")
    name = operation["operationId"]
    head = f"def {name}({', '.join(signature)}) -> {kind}[{answer}]:"
    return f"{head}\n{text}\n    return {kind}({', '.join(made)})"


def _body_of(operation: Json, taken: set[str]) -> tuple[str, str]:
    """Return the type of the body, and how it is given: as named `fields`, as a `whole`, or `none`."""
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return "", "none"
    schema = content["application/json"]["schema"]
    schemas: Json = _document()["components"]["schemas"]
    named = schemas.get(schema.get("$ref", "").removeprefix(_REFS), {})
    fields = named.get("properties")
    can_unpack = fields is not None and all(_is_name(key) for key in fields) and not taken & fields.keys()
    return type_of(schema, "t."), "fields" if can_unpack else "whole"


def _success(operation: Json) -> Json:
    return next(each for status, each in operation["responses"].items() if status.startswith("2"))["content"]


def _answer(operation: Json, content: Json, query: Iterable[Json]) -> tuple[str, str]:
    """Return the class of the call, and the type of its answer."""
    names = {each["name"] for each in query}
    schema = next(iter(content.values()))["schema"]
    success = next(each for status, each in operation["responses"].items() if status.startswith("2"))
    if "Link" in success.get("headers", {}) and "limit" in names and operation["operationId"] != "get_logs":
        return "Listing", type_of(schema["items"], "t.")
    types = [_content_type(media, each["schema"]) for media, each in content.items()]
    return "Operation", " | ".join(dict.fromkeys(types))


def _content_type(media: str, schema: Json) -> str:
    if media == "application/json":
        return type_of(schema, "t.")
    return "str" if media.startswith("text/") or media.endswith("+xml") else "bytes"


def _optional(parameter: Json) -> str:
    annotation = type_of(parameter["schema"], "t.")
    return f"{annotation} | None = None" if "None" not in annotation.split(" | ") else f"{annotation} = None"


def _path_text(path: str, inside: Sequence[Json]) -> str:
    names = ", ".join(f"{each['name']}={each['name']}" for each in inside)
    return f"path_of({path!r}, {names})" if inside else repr(path)


def _mapping(pairs: Iterable[tuple[str, str]]) -> str:
    return "{" + ", ".join(f"{name!r}: {value}" for name, value in pairs) + "}"


def _python_name(name: str) -> str:
    plain = re.sub(r"\W", "_", name)
    return f"{plain}_" if keyword.iskeyword(plain) else plain


def _is_name(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name)


def _problems() -> str:
    """Return `problems.py`: what a caller can do about each code."""
    remedies = _document()["components"]["schemas"]["ProblemCode"]["x-remedies"]
    rows = "\n".join(f"    {code!r}: {text!r}," for code, text in remedies.items())
    head = _HEAD.format(title="The remedies of problems")
    return _formatted(f"{head}\nREMEDIES: dict[str, str] = {{\n{rows}\n}}\n")
