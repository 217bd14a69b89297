"""The decorator `@job`: a job type from a function with plain typed parameters."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar, cast

from app.core.errors import ConfigurationError
from app.core.execution.context import RunContext
from app.core.models import DEFAULT_TIMEOUT_MS, RetryPolicy
from app.core.registry import NoInputs, handler
from app.core.tools.parameters import is_model, model_of, parameters_of, place_of, values_of

if TYPE_CHECKING:
    from app.core.policies import FindDestinations
    from app.core.registry import Phrases, RunsIn

F = TypeVar("F", bound=Callable[..., Any])


def job(
    job_type: str,
    *,
    retry: int | RetryPolicy | None = None,
    timeout: float | timedelta | None = None,
    runs_in: RunsIn | None = None,
    tools: tuple[str, ...] = (),
    phrases: Phrases | None = None,
    description: str = "",
    destinations: FindDestinations | None = None,
    own_job_only: bool = False,
) -> Callable[[F], F]:
    """Record a function `(ctx, …)` as the handler of a job type, and return it unchanged.

    The parameters after `ctx` are the inputs of the type: each has a type, and may have a default and
    `Annotated[…, Field(…)]`; unknown inputs are refused. One parameter that is a pydantic model, or is
    named `inputs`, is the whole of the inputs instead. `ctx` is the `RunContext`.

    `retry` is how often a failed run is tried again, or a `RetryPolicy`; 3 times by default. `timeout` is in
    seconds, or a `timedelta`; 60 s by default. `runs_in` is `loop`, `thread` or `process`, or a function of
    the inputs that returns one; `async def` runs in the loop by default, a plain `def` in a thread. `tools`
    are the names of the tools that the function uses; a policy must allow them too. `phrases` are the words
    by which a sentence asks for a job. `destinations` returns the places that inputs lead to, so that a job
    that may not reach them is refused when it is saved. `own_job_only` says that a function with the tool
    `platform` reads nothing of other jobs: then keys with a scope may use the type. The description is the
    docstring's first line.

    Raises ConfigurationError, which names the function and the parameter, if the definition cannot work.
    """
    if not isinstance(cast("object", job_type), str):
        raise ConfigurationError('a job type needs its name: write `@job("shop.hello")`')

    def record(function: F) -> F:
        inputs, called = _adapted(job_type, function)
        is_async = inspect.iscoroutinefunction(function)
        handler(
            job_type,
            inputs=inputs,
            timeout_ms=_timeout_ms(timeout, function),
            retry_policy=RetryPolicy(max_retry=retry) if isinstance(retry, int) else retry,
            runs_in=runs_in or ("loop" if is_async else "thread"),
            tools=tools,
            phrases=phrases,
            description=description,
            destinations=destinations,
            own_job_only=own_job_only,
        )(called)
        return function

    return record


def _adapted(job_type: str, function: Callable[..., Any]) -> tuple[Any, Callable[..., Any]]:
    """Return the type of the inputs, and the function as the registry calls it: `(ctx, inputs)`."""
    _check_context(function)
    parameters = parameters_of(function)
    if len(parameters) == 1 and (is_model(parameters[0].annotation) or parameters[0].name == "inputs"):
        return parameters[0].annotation, _by_keyword(function, lambda inputs: {parameters[0].name: inputs})
    if not parameters:
        return NoInputs, _by_keyword(function, lambda _inputs: {})
    words = [word.capitalize() for part in job_type.split(".") for word in part.split("_")]
    return model_of(f"{''.join(words)}Inputs", function, parameters), _by_keyword(function, values_of)


def _by_keyword(function: Callable[..., Any], values: Callable[[Any], dict[str, Any]]) -> Callable[..., Any]:
    @functools.wraps(function)
    def called(ctx: RunContext, inputs: Any) -> Any:
        return function(ctx, **values(inputs))

    @functools.wraps(function)
    async def awaited(ctx: RunContext, inputs: Any) -> Any:
        return await function(ctx, **values(inputs))

    return awaited if inspect.iscoroutinefunction(function) else called


def _check_context(function: Callable[..., Any]) -> None:
    """Refuse an input as the first parameter; without an annotation it is the context."""
    first = next(iter(inspect.signature(function).parameters.values()), None)
    if first is None or first.annotation in (first.empty, Any, RunContext):
        return
    name = (
        first.annotation if isinstance(first.annotation, str) else getattr(first.annotation, "__name__", "")
    )
    if name.rpartition(".")[2] not in {"RunContext", "Any"}:
        raise ConfigurationError(
            f"{place_of(function)}: the first parameter is the run's context; "
            f"write `ctx` before `{first.name}`"
        )


def _timeout_ms(timeout: float | timedelta | None, function: Callable[..., Any]) -> int:
    if timeout is None:
        return DEFAULT_TIMEOUT_MS
    seconds = timeout.total_seconds() if isinstance(timeout, timedelta) else timeout
    if not 0.001 <= seconds <= 86_400:  # noqa: PLR2004  a millisecond to a day, as the registry says
        raise ConfigurationError(f"{place_of(function)}: timeout={timeout!r} is in seconds, 0.001 to 86,400")
    return round(seconds * 1000)
