"""JSON diffs, validation problems of pydantic, and text types for models."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from typing import Annotated, Any, Final, Literal, cast, get_args, get_origin

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from app.core.errors import FieldProblem
from app.core.i18n import Message, _, has_translation, message_of, ngettext
from app.core.text import CODE, line_problem, text_problem

# Validation problems: JSON Pointers into the request, sentences, stable codes.

_CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "value_error": "invalid",
    "assertion_error": "invalid",
}
MAX_PROBLEMS = 50
"""The number of problems in the list; one more entry has the number of the others."""
_MAX_SHOWN = 64

Location = tuple[int | str, ...]


def escape(name: str) -> str:
    """Return a name as one step of a JSON Pointer (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


_OF_PYDANTIC: Final = (
    _("Input should be a valid array"),
    _("Input should be a valid boolean"),
    _("Input should be a valid boolean, unable to interpret input"),
    _("Input should be a valid dictionary"),
    _("Input should be a valid integer"),
    _("Input should be a valid integer, unable to parse string as an integer"),
    _("Input should be a valid list"),
    _("Input should be a valid number"),
    _("Input should be a valid number, unable to parse string as a number"),
    _("Input should be a valid string"),
    _("Input should be an object"),
)
"""Pydantic's messages without values."""
_WITH_VALUES: Final = {
    "greater_than_equal": (_("Input should be greater than or equal to {limit}"), {"limit": "ge"}),
    "greater_than": (_("Input should be greater than {limit}"), {"limit": "gt"}),
    "less_than_equal": (_("Input should be less than or equal to {limit}"), {"limit": "le"}),
    "less_than": (_("Input should be less than {limit}"), {"limit": "lt"}),
}
"""Those with values of the context, by their type."""
_EXPECTED: Final = "Input should be "


def sentence_of(detail: ErrorDetails) -> str:
    """Return a problem as a message, or as pydantic has written it."""
    text, values = detail["msg"], detail.get("ctx", {})
    said = values.get("error", values.get("problem"))
    if isinstance(said, Exception):
        return message_of(said)
    if isinstance(said, Message):
        return said
    made = Message(text, text, {}) if has_translation(text) else _counted(detail["type"], values)
    if detail["type"] == "string_pattern_mismatch":
        made = _("String should match pattern {pattern}", pattern=f"'{values['pattern']}'")
    if detail["type"] in _WITH_VALUES:
        form, names = _WITH_VALUES[detail["type"]]
        made = form.fill(**{name: values.get(key, "") for name, key in names.items()})
    if made is not None and made == text:
        return made
    expected = text.removeprefix(_EXPECTED)
    return text if expected == text else _("Input should be {expected}", expected=expected)


def _counted(kind: str, values: Mapping[str, Any]) -> Message | None:
    least, most, found = values.get("min_length", 0), values.get("max_length", 0), values.get("actual_length")
    match kind:
        case "too_short":
            return ngettext(
                "List should have at least {count} item after validation, not {found}",
                "List should have at least {count} items after validation, not {found}",
                least,
                found=found,
            )
        case "too_long":
            return ngettext(
                "List should have at most {count} item after validation, not {found}",
                "List should have at most {count} items after validation, not {found}",
                most,
                found=found,
            )
        case "string_too_short":
            return ngettext(
                "String should have at least {count} character",
                "String should have at least {count} characters",
                least,
            )
        case "string_too_long":
            return ngettext(
                "String should have at most {count} character",
                "String should have at most {count} characters",
                most,
            )
        case _:
            return None


def validation_problems(
    error: ValidationError, raw: Any, model: Any, prefix: str = ""
) -> tuple[FieldProblem, ...]:
    """Return one problem per refused field of `raw`, each pointer and code once; beyond 50 their number."""
    details = error.errors(include_url=False, include_input=False)
    found: dict[tuple[str, str], tuple[ErrorDetails, Location]] = {}
    for detail, location in _of_the_nearest_branches(details, raw):
        found.setdefault((_pointer(location, prefix), _code(detail)), (detail, location))
    # Sentences are made only for the listed problems: a suggestion compares a name with every field.
    shown = [_problem(*place, model, prefix) for place in list(found.values())[:MAX_PROBLEMS]]
    return with_number_of_others(shown, len(found) - len(shown))


def with_number_of_others(shown: Sequence[FieldProblem], others: int) -> tuple[FieldProblem, ...]:
    """Return the listed problems, and one entry for the number of the others."""
    if others <= 0:
        return tuple(shown)
    text = _("{others:,} more problems are not listed", others=others)
    return (*shown, FieldProblem("", text, "more_problems"))


def _pointer(location: Location, prefix: str) -> str:
    return prefix + "".join(f"/{escape(str(part))}" for part in location)


def _code(detail: ErrorDetails) -> str:
    return _CODES.get(detail["type"], detail["type"])


def _problem(detail: ErrorDetails, location: Location, model: Any, prefix: str) -> FieldProblem:
    pointer, code = _pointer(location, prefix), _code(detail)
    message = sentence_of(detail)
    if code == "required":
        message = _("required")
    elif code == "unknown_field":
        message = unknown_field(str(location[-1]), _fields_at(model, location[:-1]))
    return FieldProblem(pointer, message, code)


def unknown_field(name: str, known: list[str]) -> str:
    """Return the sentence about a field that does not exist, with the nearest one that does."""
    # The comparison costs the product of both lengths, and no field has such a long name.
    near = get_close_matches(name, known, n=1) if len(name) <= _MAX_SHOWN else []
    hint = _("; did you mean {near!r}?", near=near[0]) if near else ""
    return _("unknown field {name!r}{hint}", name=name[:_MAX_SHOWN], hint=hint)


def _of_the_nearest_branches(details: list[ErrorDetails], raw: Any) -> list[tuple[ErrorDetails, Location]]:
    """Drop the branches of a union that the value's own shape excludes.

    A branch that fails at its root with a type error only means "not this shape". If every branch does so,
    they become one problem.
    """
    placed = [(detail, *_in_the_data(detail, raw)) for detail in details]
    # The positions of unions in which a problem lies deeper inside a branch.
    deeper = {place[:depth] for _, place, union in placed for depth in union if depth < len(place)}
    branches: dict[Location, list[ErrorDetails]] = {}
    for detail, place, union in placed:
        if union:
            branches.setdefault(place, []).append(detail)
    kept: list[tuple[ErrorDetails, Location]] = []
    named: set[Location] = set()
    for detail, place, union in placed:
        if union and union[-1] == len(place):
            if place in deeper or place in named:
                continue
            named.add(place)
            detail = _merged(detail, branches[place])  # noqa: PLW2901
        kept.append((detail, place))
    return kept


def _merged(detail: ErrorDetails, several: list[ErrorDetails]) -> ErrorDetails:
    fitting = [each for each in several if not each["type"].endswith("_type")]
    if fitting:
        return fitting[0]
    shapes = dict.fromkeys(each["msg"].removeprefix(_EXPECTED) for each in several)
    expected = ", or ".join(shapes)
    return cast("ErrorDetails", {**detail, "msg": f"{_EXPECTED}{expected}"})


def _in_the_data(detail: ErrorDetails, raw: Any) -> tuple[Location, list[int]]:
    """Return the position of a problem in the data, and the depths at which a union's branch was named."""
    place: list[int | str] = []
    union: list[int] = []
    value = raw
    location = detail["loc"]
    for index, part in enumerate(location):
        missing = detail["type"] == "missing" and index == len(location) - 1
        if isinstance(part, int) and isinstance(value, list):
            elements = cast("list[Any]", value)
            place.append(part)
            value = elements[part] if part < len(elements) else None
        elif isinstance(value, dict) and (missing or part in value):
            place.append(part)
            value = cast("dict[Any, Any]", value).get(part)
        elif part != "[key]":
            union.append(len(place))
    return tuple(place), union


def _fields_at(model: Any, location: Location) -> list[str]:
    """Return the fields of the models at a position."""
    models = _models_in(model)
    for part in location:
        found: list[type[BaseModel]] = []
        for each in models:
            field = each.model_fields.get(str(part))
            found += [] if field is None else _models_in(field.annotation)
        # A list's index stays with the models of its elements.
        models = models if isinstance(part, int) else found
    return [name for each in models for name in each.model_fields]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        return [annotation]
    if get_origin(annotation) is Literal:
        return []
    return [model for part in get_args(annotation) for model in _models_in(part)]


Change = dict[str, Any]
"""`{path, from, to}`; None means an absent field."""


def json_diff(before: Any, after: Any, pointer: str = "") -> list[Change]:
    """Return one change per field; objects are compared member by member, all other values as a whole."""
    return list(_changes(before, after, pointer))


def _changes(before: Any, after: Any, pointer: str) -> Iterator[Change]:
    if isinstance(before, dict) and isinstance(after, dict):
        old, new = cast("dict[str, Any]", before), cast("dict[str, Any]", after)
        for name in {**old, **new}:
            yield from _changes(old.get(name), new.get(name), f"{pointer}/{escape(name)}")
    elif before != after:
        yield {"path": pointer, "from": before, "to": after}


# An instant as people and programs write it; a number is refused, because its unit is unknown.

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _written(value: object) -> object:
    if isinstance(value, datetime) or (isinstance(value, str) and _DATE.match(value)):
        return value
    raise ValueError(_("an instant is a text such as 2026-01-31T07:00:00+07:00"))


Rfc3339 = Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_written)]


# Types of model fields that hold text without control characters.

_LINE_PATTERN = r"^[^\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$"


def refusal(problem: str) -> PydanticCustomError:
    """Return the error that a model raises for a text with a problem."""
    return PydanticCustomError(CODE, "{problem}", {"problem": problem})


def _checked(find_problem: Callable[[str], str | None], text: str) -> str:
    if (problem := find_problem(text)) is not None:
        raise refusal(problem)
    return text


Line = Annotated[
    str, AfterValidator(partial(_checked, line_problem)), Field(json_schema_extra={"pattern": _LINE_PATTERN})
]
"""A text of one line without control characters."""
Text = Annotated[str, AfterValidator(partial(_checked, text_problem))]
"""A text of several lines; tabs and newlines are the only control characters in it."""
