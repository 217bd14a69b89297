"""Types shared by the bodies of requests and responses."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer
from pydantic_core import core_schema

from app.core.clock import rfc3339, to_ms
from app.core.i18n import Message, for_reader, render
from app.core.models import JobSpec

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

MAX_DELAY_SEC = 366 * 86_400


def _documented_as(schema: core_schema.CoreSchema) -> dict[str, Any]:
    def document(_schema: Any, handler: Callable[[Any], Any]) -> Any:
        return handler(schema)

    return {"pydantic_js_functions": [document]}


class _Rfc3339:
    """Shows epoch milliseconds as RFC 3339 text, and reads that text too."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: GetCoreSchemaHandler) -> Any:
        text = core_schema.datetime_schema(tz_constraint="aware")
        return core_schema.union_schema(
            [core_schema.int_schema(strict=True), core_schema.no_info_after_validator_function(to_ms, text)],
            mode="left_to_right",
            serialization=core_schema.plain_serializer_function_ser_schema(
                rfc3339, return_schema=core_schema.str_schema()
            ),
            metadata=_documented_as(text),
        )


class AsStored:
    """Shows a value as it is stored, or as `show` returns it.

    Its type documents it, and checks it if it is read from JSON text.
    """

    def __init__(self, show: Callable[[Any], Any] | None = None) -> None:
        self._show = show

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        documented, stored = handler(source), core_schema.any_schema()
        if self._show is not None:
            stored = core_schema.no_info_before_validator_function(self._show, stored)
        return core_schema.json_or_python_schema(
            documented,
            stored,
            serialization=core_schema.simple_ser_schema("any"),
            metadata=_documented_as(documented),
        )


Instant = Annotated[int, _Rfc3339(), Field(examples=["2026-01-31T07:00:00.000Z"])]
AS_STORED = AsStored()


def _in_language(text: Any) -> Any:
    return for_reader(text) if isinstance(text, Message) else text


Shown = Annotated[str, BeforeValidator(_in_language)]
"""A text for people: a message of the platform in the reader's language, any other as it is written."""
EmptyAsNull = Annotated[str | None, BeforeValidator(lambda text: text or None)]
"""Text whose records have an empty one for none."""


def spec_view(spec: JobSpec) -> dict[str, Any]:
    """Return a spec as JSON; its schedule has only the fields that are set."""
    view = spec.model_dump(mode="json")
    if spec.schedule is not None:
        view["schedule"] = spec.schedule.model_dump(mode="json", exclude_none=True)
    return view


# A lambda, because an annotated return type would replace the schema.
ShownSpec = Annotated[JobSpec, PlainSerializer(lambda spec: spec_view(spec))]  # noqa: PLW0108


class Request(BaseModel):
    """A body that a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Answer(BaseModel):
    """A body that the API sends: every field is there. `model_validate` makes it from a record."""

    model_config = ConfigDict(
        extra="forbid",
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    @classmethod
    def from_record(cls, record: object, **given: Any) -> Self:
        """Return the body of a record; `given` has the fields that the record lacks or holds otherwise."""
        own = {name: getattr(record, name) for name in cls.model_fields if name not in given}
        return cls.model_validate(own | given)


class FieldProblemBody(Answer):
    """One refused field."""

    pointer: str
    message: str
    code: str


class Problem(BaseModel):
    """Problem details (RFC 9457); `errors` on 422."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    trace_id: str
    errors: list[FieldProblemBody] | None = None


class WordsBody(Answer):
    """The same in Indonesian and English."""

    id: str = Field(examples=["setiap hari pukul 07:00 (Asia/Jakarta)"])
    en: str = Field(examples=["every day at 07:00 (Asia/Jakarta)"])

    @classmethod
    def of(cls, message: Message) -> Self:
        """Return a text in both languages."""
        return cls(id=render(message, "id"), en=message)
