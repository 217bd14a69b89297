"""The strict reader of JSON bodies.

An accepted body has the same value for every later reader. A body that is not JSON is a 400. JSON that
readers interpret differently is a 422 with a pointer: a name twice, numbers that are not finite, integers
beyond 64 bits, lone surrogates, more than 64 levels. So is JSON that takes long to check: an object of more
than 1,000 members, a body of more than 10,000 values.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

from pydantic import BaseModel, RootModel, ValidationError

from app.core.errors import FieldProblem
from app.core.fields import escape, validation_problems
from app.core.i18n import _
from app.services.api.http.problems import HttpProblem
from app.services.api.http.router import Documented, context_of, from_request

MAX_DEPTH = 64
MAX_MEMBERS = 1_000
MAX_VALUES = 10_000
_MAX_INT_DIGITS = 20
_LOWEST, _HIGHEST = -(2**63), 2**64 - 1

Model = TypeVar("Model", bound=BaseModel)
_Path = tuple[Any, ...]


class _TwiceNamed:
    """Marks an object that names the same member twice."""

    def __init__(self, name: str) -> None:
        self.name = name


class _TooManyMembers:
    """Replaces an object that has more members than are read."""


class _HugeInteger:
    """Marks an integer with more digits than 64 bits can have."""


def read_json(body: bytes) -> Any:
    """Return the one JSON value of a body."""
    try:
        value = _DECODER.decode(body.decode("utf-8"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        detail = _("The body is not JSON: {error}.", error=_reason(error))
        raise HttpProblem("malformed_json", detail) from error
    except RecursionError as error:
        raise _refuse((), "too_deep", f"more than {MAX_DEPTH} levels") from error
    _Check().look(value)
    return value


def read_object(body: bytes, *, optional: bool = False) -> dict[str, Any]:
    """Return the JSON object of a body; an empty body is `{}` if it is optional."""
    if optional and not body.strip():
        return {}
    value = read_json(body)
    if not isinstance(value, dict):
        raise _refuse((), "object_required", _("an object is required"))
    return cast("dict[str, Any]", value)


def read_model(model: type[Model], body: bytes, *, optional: bool = False) -> Model:
    """Return the body as a model; 422 names every field that does not fit."""
    is_root = issubclass(model, RootModel)
    return model_of(model, read_json(body) if is_root else read_object(body, optional=optional))


def model_of(model: type[Model], raw: Any) -> Model:
    """Return a JSON value as a model; 422 names every field that does not fit."""
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        raise _misfit(error, raw, model) from error


def _read_as_json(model: type[Model], body: bytes) -> Model:
    """Return the body as a model whose parts are read as strictly as a stored spec: 5 is no instant there."""
    raw = read_object(body)
    try:
        return model.model_validate_json(json.dumps(raw), strict=True)
    except ValidationError as error:
        raise _misfit(error, raw, model) from error


def _misfit(error: ValidationError, raw: Any, model: type[BaseModel]) -> HttpProblem:
    return HttpProblem("invalid_request", _("The body does not fit."), validation_problems(error, raw, model))


# Bodies as parameters of a route: `body: StrictBody[KeyRequest]`.

REQUEST_MODELS: dict[str, type[BaseModel]] = {}
"""The models of all bodies by name, for the OpenAPI document."""


def documented_body(
    model: type[BaseModel], read: Callable[[bytes], Any] = read_json, *, required: bool = True
) -> Documented:
    """Return a dependency that reads the body; the document says that it is the model."""
    REQUEST_MODELS[model.__name__] = model
    schema = {"$ref": f"#/components/schemas/{model.__name__}Input"}
    content = {"application/json": {"schema": schema}}
    operation = {"requestBody": {"required": required, "content": content}}
    return from_request(lambda request: read(context_of(request).body), operation)


if TYPE_CHECKING:
    type_of = TypeVar("type_of")
    StrictBody = Annotated[type_of, ...]
    OptionalBody = Annotated[type_of, ...]
    SpecBody = Annotated[type_of, ...]
else:

    class _BodyType:
        def __init__(self, read: Callable[..., Any], *, required: bool = True) -> None:
            self._read, self._required = read, required

        def __getitem__(self, model: type[BaseModel]) -> Any:
            read = partial(self._read, model)
            return Annotated[model, documented_body(model, read, required=self._required)]

    StrictBody = _BodyType(read_model)
    # No body at all is `{}`.
    OptionalBody = _BodyType(partial(read_model, optional=True), required=False)
    # The model holds parts of a job's spec.
    SpecBody = _BodyType(_read_as_json)


def _pairs(pairs: list[tuple[str, Any]]) -> Any:
    if len(pairs) > MAX_MEMBERS:
        return _TooManyMembers()
    found = dict(pairs)
    return found if len(found) == len(pairs) else _TwiceNamed(_first_repeated(pairs))


def _first_repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _rest in pairs:
        if name in seen:
            return name
        seen.add(name)
    raise AssertionError("no name is repeated")


def _integer(digits: str) -> Any:
    return int(digits) if len(digits) <= _MAX_INT_DIGITS else _HugeInteger()


# `NaN` and `Infinity` are not JSON; they are parsed here so that the refusal can name their position.
_DECODER = json.JSONDecoder(object_pairs_hook=_pairs, parse_int=_integer)


class _Check:
    """Looks at every value of a body once, up to MAX_VALUES of them."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def look(self, item: Any, path: _Path = (), depth: int = 0) -> None:
        """Raise HttpProblem 422 at the first value that is refused."""
        self._left -= 1
        if self._left < 0:
            raise _refuse(path, "too_many_values", f"more than {MAX_VALUES:,} values in the body")
        if not isinstance(item, (dict, list)):
            _check_scalar(item, path)
            return
        if depth >= MAX_DEPTH:
            raise _refuse(path, "too_deep", f"more than {MAX_DEPTH} levels")
        if isinstance(item, list):
            for index, element in enumerate(cast("list[Any]", item)):
                self.look(element, (path, index), depth + 1)
            return
        for name, member in cast("dict[str, Any]", item).items():
            if not name.isascii():
                _check_text(name, path)
            self.look(member, (path, name), depth + 1)


def _check_scalar(item: Any, path: _Path) -> None:
    if isinstance(item, str):
        if not item.isascii():
            _check_text(item, path)
    elif item.__class__ is int:
        if not _LOWEST <= item <= _HIGHEST:
            raise _refuse(path, "integer_too_large", "the integer does not fit into 64 bits")
    elif isinstance(item, float):
        if not isfinite(item):
            raise _refuse(path, "not_finite", _("a finite number is required"))
    elif isinstance(item, _TwiceNamed):
        raise _refuse((path, item.name), "duplicate_key", "this name stands twice in its object")
    elif isinstance(item, _TooManyMembers):
        raise _refuse(path, "too_many_members", f"more than {MAX_MEMBERS:,} members in an object")
    elif isinstance(item, _HugeInteger):
        raise _refuse(path, "integer_too_large", "the integer does not fit into 64 bits")


def _check_text(text: str, path: _Path) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _refuse(path, "lone_surrogate", "the text holds half of a surrogate pair") from error


def _refuse(path: _Path, code: str, message: str) -> HttpProblem:
    pointer = _pointer(path)
    return HttpProblem(
        "invalid_json", f"{pointer or 'The body'}: {message}.", [FieldProblem(pointer, message, code)]
    )


def _pointer(path: _Path) -> str:
    names: list[str] = []
    while path:
        path, name = path
        names.append(escape(str(name)))
    return "".join(f"/{name}" for name in reversed(names))


def _reason(error: json.JSONDecodeError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"invalid UTF-8 at byte {error.start}"
    return f"{error.msg} at line {error.lineno}, column {error.colno}"
