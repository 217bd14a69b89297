"""`@job`: a job type from a function with typed parameters."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

import orjson
import pytest
from pydantic import BaseModel, Field, ValidationError

from app.core.errors import ConfigurationError
from app.core.registry import HandlerSpec, recorded_specs
from multi_job import Phrases, RetryPolicy, Slot, job

if TYPE_CHECKING:
    from multi_job import RunContext


class Order(BaseModel):
    """A model of the developer's own."""

    number: int
    items: list[str] = []


class Late(BaseModel):
    """Another one."""

    kind: Literal["late"]


def spec_of(job_type: str) -> HandlerSpec:
    return {spec.type: spec for spec in recorded_specs(__name__)}[job_type]


NUMBERS = itertools.count()


def made(function: Callable[..., Any], **options: Any) -> HandlerSpec:
    """Make a job type of its own: the records of other tests stay in this module."""
    job_type = f"made.up{next(NUMBERS)}"
    job(job_type, **options)(function)
    return spec_of(job_type)


def called(function: Callable[..., Any], inputs: dict[str, Any]) -> Any:
    """Call a handler as a worker does, with inputs as JSON."""
    spec = made(function)
    return asyncio.run(spec.function("the context", spec.parse(orjson.dumps(inputs).decode())))


def test_plain_parameters_become_the_inputs() -> None:
    """Each parameter is an input with its type, its default and its rules."""

    async def hello(
        ctx: RunContext, name: Annotated[str, Field(min_length=2, description="who")], times: int = 1
    ) -> list[str]:
        return [f"{ctx} {name}"] * times

    assert called(hello, {"name": "Budi", "times": 2}) == ["the context Budi", "the context Budi"]
    schema = made(hello).input_schema()
    assert schema["required"] == ["name"]
    assert schema["properties"]["name"]["description"] == "who"
    assert schema["properties"]["times"]["default"] == 1


@pytest.mark.parametrize(
    "inputs", [{}, {"name": "B"}, {"name": "Budi", "x": 1}, {"name": "Budi", "times": "a"}]
)
def test_inputs_that_do_not_fit_are_refused(inputs: dict[str, Any]) -> None:
    """A missing, an unknown and a wrong input never reach the function."""

    async def hello(ctx: Any, name: Annotated[str, Field(min_length=2)], times: int = 1) -> None: ...

    with pytest.raises(ValidationError):
        made(hello).parse(orjson.dumps(inputs).decode())


def test_one_model_is_the_whole_of_the_inputs() -> None:
    """A single parameter that is a model takes all inputs, under any name."""

    async def take(ctx: RunContext, order: Order) -> Order:
        return order

    assert called(take, {"number": 4, "items": ["a"]}) == Order(number=4, items=["a"])
    assert "number" in made(take).input_schema()["properties"]


def test_a_parameter_named_inputs_takes_any_type() -> None:
    """A union of models is possible, as for the shipped types."""

    async def take(ctx: RunContext, inputs: Order | Late) -> Order | Late:
        return inputs

    assert called(take, {"kind": "late"}) == Late(kind="late")


def test_a_model_among_others_is_one_input() -> None:
    """Two parameters are two inputs, models or not."""

    async def take(ctx: RunContext, order: Order, note: str = "") -> tuple[Order, str]:
        return order, note

    assert called(take, {"order": {"number": 1}}) == (Order(number=1), "")


def test_no_parameters_take_no_inputs() -> None:
    """Without parameters, any input is refused."""

    async def tick(ctx: RunContext) -> str:
        return "tick"

    assert called(tick, {}) == "tick"
    with pytest.raises(ValidationError):
        made(tick).parse('{"x": 1}')


def test_names_of_model_methods_are_ordinary_inputs() -> None:
    """`json` and `schema` are no special names for the developer."""

    async def send(ctx: RunContext, json: str, schema: int = 2) -> tuple[str, int]:
        return json, schema

    assert called(send, {"json": "a"}) == ("a", 2)


def test_the_function_stays_what_it_was() -> None:
    """The decorated function is called directly, as a test does."""

    @job("direct.call")
    async def hello(ctx: Any, name: str = "dunia") -> str:
        return f"halo {name}"

    assert asyncio.run(hello(None, name="Budi")) == "halo Budi"


def test_a_plain_function_runs_in_a_thread() -> None:
    """A plain `def` needs no word about it."""

    def count(ctx: RunContext, limit: int = 3) -> int:
        """Counts.

        More about it.
        """
        return limit

    spec = made(count)
    assert (spec.runs_in, spec.is_async, spec.description) == ("thread", False, "Counts.")
    assert spec.function(None, spec.parse("{}")) == 3


def test_options_reach_the_registry() -> None:
    """Seconds become milliseconds, a number of retries a policy."""

    async def do(ctx: Any, shop: str) -> None: ...

    words = Phrases(nouns=("faktur",), slots=(Slot("shop", ("toko",)),))
    spec = made(
        do, retry=5, timeout=1.5, tools=("kv",), phrases=words, runs_in="process", description="Does."
    )
    assert (spec.retry_policy.max_retry, spec.timeout_ms, spec.tools) == (5, 1_500, ("kv",))
    assert (spec.phrases, spec.runs_in, spec.description) == (words, "process", "Does.")
    policy = RetryPolicy(max_retry=1, backoff_sec=[2])
    spec = made(do, retry=policy, timeout=timedelta(minutes=2))
    assert (spec.retry_policy, spec.timeout_ms) == (policy, 120_000)
    assert (made(do).retry_policy, made(do).timeout_ms) == (RetryPolicy(), 60_000)
    assert made(do, retry=0).retry_policy.max_retry == 0


async def _no_type(ctx: Any, name: Any) -> None: ...


del _no_type.__annotations__["name"]


async def _stars(ctx: Any, *names: str) -> None: ...


async def _double_stars(ctx: Any, **names: str) -> None: ...


async def _no_context() -> None: ...


async def _context_left_out(name: str) -> None: ...


async def _positional(ctx: Any, name: str, /) -> None: ...


async def _hidden(ctx: Any, _name: str) -> None: ...


async def _unknown(ctx: Any, name: RunContext) -> None: ...


async def _field(ctx: Any, name: str = Field(default="x")) -> None: ...


async def _no_schema(ctx: Any, name: object = None, callback: asyncio.Event | None = None) -> None: ...


async def _model_name(ctx: Any, model_fields: str) -> None: ...


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (_no_type, "parameter `name` has no type"),
        (_stars, r"`\*names` is no input"),
        (_double_stars, r"`\*\*names` is no input"),
        (_no_context, "write `ctx` before the inputs"),
        (_context_left_out, "write `ctx` before `name`"),
        (_positional, "`name` is passed by name"),
        (_hidden, "cannot be named `_name`"),
        (_unknown, "the type of `name` is not known"),
        (_field, r"`name: Annotated\[…, Field\(…\)\] = …`"),
        (_no_schema, "asyncio.locks.Event"),
        (_model_name, "cannot be named `model_fields`"),
    ],
)
def test_a_definition_that_cannot_work_names_the_parameter(function: Callable[..., Any], said: str) -> None:
    """The error names the function and the parameter, and the change that helps."""
    with pytest.raises(ConfigurationError, match=said) as refused:
        job("refused.type")(function)
    assert function.__name__ in str(refused.value)


def test_a_timeout_out_of_range_says_its_unit() -> None:
    """Milliseconds by mistake are refused with the unit."""

    async def do(ctx: Any) -> None: ...

    with pytest.raises(ConfigurationError, match="is in seconds"):
        job("late.type", timeout=90_000)(do)


def test_a_name_left_out_is_explained() -> None:
    """`@job` without its name says how it is written."""
    with pytest.raises(ConfigurationError, match=r"shop\.hello"):
        job(test_a_name_left_out_is_explained)  # pyright: ignore[reportArgumentType]
