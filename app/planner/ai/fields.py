"""The fields of job types that a prompt can set: as a short list, and as the JSON Schema of an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from app.planner.ai.answer import PROMPT_INPUTS, NothingReason
from app.planner.models import MAX_CHOICES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.registry import HandlerSpec, Registry
    from app.planner.ai.doubt import Doubt

MAX_TYPES: Final = 8
MAX_FIELDS: Final = 10
_MAX_ABOUT_CHARS: Final = 80
_MOST_LISTED: Final = 4
_SCALARS: Final = frozenset({"string", "integer", "number", "boolean"})
_ABOUT: Final = {
    "monitor.channel": "watch an account of a channel",
    "monitor.http": "watch a URL",
    "report.daily": "report what happened",
    "backup.export": "back up the data",
    "message.send": "send a text or a reminder",
}

Schema = dict[str, Any]


def candidates(registry: Registry, doubt: Doubt) -> list[HandlerSpec]:
    """Return the job types that a clause may ask for.

    A question or a conflict is about the types that were read. Of many other types, those come first that
    have a word of the clause in their name, description or phrases.
    """
    read = {job.type for job in doubt.draft.jobs}
    if doubt.notes and all(doubt.is_about(job) for job in doubt.draft.jobs) and not doubt.has_unread:
        found = [handler for handler in registry.specs() if handler.type in read]
        if found:
            return found
    said = frozenset(doubt.clause.casefold().split())
    ranked = sorted(registry.specs(), key=lambda each: _rank(each, said, read))
    return ranked[:MAX_TYPES]


def _rank(handler: HandlerSpec, said: frozenset[str], read: set[str]) -> tuple[bool, bool, int]:
    phrases = () if handler.phrases is None else handler.phrases.all
    words = " ".join((handler.type.replace(".", " "), handler.description, *phrases)).casefold().split()
    return handler.type not in read, handler.type not in PROMPT_INPUTS, -len(said.intersection(words))


def listed(handlers: Sequence[HandlerSpec]) -> dict[str, str]:
    """Return each type with what it does and its fields, in a few words."""
    return {handler.type: _listed(handler) for handler in handlers}


def _listed(handler: HandlerSpec) -> str:
    about = _ABOUT.get(handler.type) or handler.description.partition("\n")[0][:_MAX_ABOUT_CHARS]
    phrases = "" if handler.phrases is None else " / ".join(handler.phrases.all[:_MOST_LISTED])
    fields = ", ".join(_named(name, schema) for name, schema in fields_of(handler).items())
    return ". ".join(filter(None, (about or phrases, fields)))


def _named(name: str, schema: Schema) -> str:
    if "properties" in schema:
        return f"{name} {{{', '.join(schema['properties'])}}}"
    options = schema.get("enum", ())
    if 0 < len(options) <= _MOST_LISTED:
        return f"{name} ({'|'.join(options)})"
    return name if schema.get("type") == "string" else f"{name} ({schema.get('type')})"


def fields_of(handler: HandlerSpec) -> dict[str, Schema]:
    """Return the fields that a prompt can set, each with a simple schema; required ones first."""
    schema = handler.input_schema()
    allowed, required = PROMPT_INPUTS.get(handler.type), schema.get("required", ())
    properties = cast("dict[str, Schema]", schema.get("properties", {}))
    names = [name for name in properties if allowed is None or name in allowed]
    names.sort(key=lambda name: name not in required)
    return {name: _simple(properties[name], schema.get("$defs", {})) for name in names[:MAX_FIELDS]}


def _simple(schema: Schema, defs: Schema, depth: int = 0) -> Schema:
    """Return a schema that every server knows: a scalar, its choices, an object of scalars, a list."""
    options = cast("list[Schema]", schema.get("anyOf") or [schema])
    schema = next((each for each in options if each.get("type") != "null"), schema)
    if "$ref" in schema:
        schema = defs.get(str(schema["$ref"]).rpartition("/")[2], {})
    kind = schema.get("type")
    if kind == "string" and "enum" in schema:
        return {"type": kind, "enum": schema["enum"]}
    if kind == "object":
        inner = cast("dict[str, Schema]", {} if depth else schema.get("properties", {}))
        simple = {name: _simple(each, defs, depth + 1) for name, each in inner.items()}
        return _object(simple) if simple else {"type": kind}
    if kind == "array":
        return {"type": "array", "items": _simple(schema.get("items", {}), defs, depth + 1)}
    return {"type": kind if kind in _SCALARS else "string"}


def answer_schema(handlers: Sequence[HandlerSpec], readings: int = 0) -> Schema:
    """Return the JSON Schema of an answer with jobs of some types, for servers with structured output."""
    text = {"type": "string"}
    fields: dict[str, Schema] = {}
    for handler in handlers:
        for name, schema in fields_of(handler).items():
            same = fields.setdefault(name, schema) == schema
            fields[name] = schema if same else {"anyOf": [fields[name], schema]}
    job = {
        "type": {"enum": [handler.type for handler in handlers]},
        "words": text,
        "time": {"type": ["string", "null"]},
        "inputs": _object(fields),
        "after": {"type": "integer"},
        "outcome": {"enum": ["success", "failure"]},
        "reason": text,
    }
    choices = {"type": "array", "items": text, "maxItems": MAX_CHOICES}
    question = _object({"text": text, "choices": choices}, "text", "choices")
    reading = {"reading": {"enum": [*range(1, readings + 1), None]}} if readings else {}
    answer = {
        **reading,
        "jobs": {"type": "array", "items": _object(job, "type", "words", "time", "inputs")},
        "question": {**question, "type": ["object", "null"]},
        "nothing": {"enum": [*NothingReason, None]},
    }
    return _object(answer, *answer)


def _object(properties: Schema, *required: str) -> Schema:
    needed = {"required": list(required)} if required else {}
    return {"type": "object", "properties": properties, **needed, "additionalProperties": False}
