"""Checks that `group_by` of a spec names an input of its type with a plain value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.errors import FieldProblem
from app.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from app.core.models import JobSpec
    from app.core.registry import HandlerSpec

_PLAIN = frozenset({"string", "integer", "number", "boolean"})
_SHOWN = 10
Schema = dict[str, Any]


def group_problems(handler: HandlerSpec, spec: JobSpec) -> Iterator[FieldProblem]:
    """Yield a problem for each `group_by` that names no input, or one with more than a single value."""
    limits = (("concurrency", spec.concurrency), ("rate", spec.rate))
    found = [(field, limit.group_by) for field, limit in limits if limit and limit.group_by]
    schema = handler.input_schema() if found else {}
    for field, path in found:
        if not any(_is_plain(each) for each in _at(path, schema)):
            names = ", ".join(f"inputs.{name}" for name in sorted(_plain_inputs(schema))[:_SHOWN])
            message = (
                _(
                    "{path!r} names no input with a single value; this type has {names}",
                    path=path,
                    names=names,
                )
                if names
                else _("{path!r} names no input: this type has none with a single value", path=path)
            )
            yield FieldProblem(f"/{field}/group_by", message, "unknown_input")


def _plain_inputs(schema: Schema) -> Iterator[str]:
    for each in _resolved(schema, schema):
        for name, member in each.get("properties", {}).items():
            if any(_is_plain(form) for form in _resolved(member, schema)):
                yield name


def _at(path: str, root: Schema) -> list[Schema]:
    """Return the schemas at a path; empty if the inputs have no such place."""
    found = _resolved(root, root)
    for name in path.split(".")[1:]:
        members = [member for each in found if (member := _member(each, name)) is not None]
        found = [form for member in members for form in _resolved(member, root)]
    return found


def _member(schema: Schema, name: str) -> Schema | None:
    further = schema.get("additionalProperties", False)
    known: Mapping[str, Schema] = schema.get("properties", {})
    if name in known:
        return known[name]
    # `{}` allows any value.
    return {} if further is True else further or None


def _resolved(schema: Schema, root: Schema) -> list[Schema]:
    """Return the forms that a schema allows: its reference, and each of its alternatives."""
    if reference := schema.get("$ref"):
        return _resolved(root["$defs"][reference.rpartition("/")[2]], root)
    parts = [*schema.get("anyOf", ()), *schema.get("oneOf", ())]
    return [form for part in parts for form in _resolved(part, root)] if parts else [schema]


def _is_plain(schema: Schema) -> bool:
    kinds = schema.get("type", ())
    kinds = ({kinds} if isinstance(kinds, str) else set(kinds)) - {"null"}
    return not schema or "enum" in schema or "const" in schema or (bool(kinds) and kinds <= _PLAIN)
