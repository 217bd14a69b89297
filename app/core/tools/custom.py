"""Tools of other packages: classes in the entry point group `multi_job.tools`."""

from __future__ import annotations

import asyncio
import inspect
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, cast, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError, to_jsonable_python

from app.core.errors import ConfigurationError, InvalidInput
from app.core.i18n import _
from app.core.policies import ToolLimits, custom_tool
from app.core.tools.parameters import model_of, parameters_of, place_of, values_of

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.policies import Allowance, Places

Rules = TypeVar("Rules", bound=ToolLimits)


class Tool(Generic[Rules]):
    """The base of a tool: its public methods are what handlers call as `ctx.tools.<name>.<method>`.

    `class StockTool(Tool[StockRules])` declares the model of its rules, a subclass of `ToolLimits`; an
    allowance in the policies file is checked against it when a service starts. Each public method has a
    docstring, and types for its parameters and its result: JSON values, dates, dataclasses or pydantic
    models. A plain `def` runs in a thread. The methods run in the worker, also for a handler in a child
    process. There is one instance for each attempt that uses the tool. A method raises `RetryableError` or
    `NonRetryableError` for a failure of the outside, and `PolicyDenied` for a call that the rules forbid.
    """

    policy_schema: ClassVar[type[ToolLimits]] = ToolLimits

    def __init__(self, allowance: Allowance, run: ClaimedRun) -> None:
        self._allowance = allowance
        self._run = run

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for base in cls.__dict__.get("__orig_bases__", ()):
            if get_origin(base) is Tool and inspect.isclass(get_args(base)[0]):
                cls.policy_schema = get_args(base)[0]
        for name, function in _public_functions(cls).items():
            # An override has the contract of the method that it replaces.
            if not any(name in vars(base) for base in cls.__mro__[1:]):
                _check_signature(function)

    @property
    def rules(self) -> Rules:
        """Return the rules that the policies allow this job type."""
        return cast("Rules", self._allowance.limits)

    @property
    def run_id(self) -> str:
        """Return the run that calls."""
        return self._run.run_id

    @property
    def job_id(self) -> str:
        """Return the job whose run calls."""
        return self._run.job_id

    @property
    def fencing_token(self) -> int:
        """Return a number that rises with every claim; external systems refuse smaller ones."""
        return self._run.fencing_token

    def require(self, places: Places, value: str) -> None:
        """Raise PolicyDenied unless the rules allow a place of `hosts`, `channels`, `paths` or `secrets`."""
        self._allowance.require(places, value)

    def close(self) -> None:
        """Release what the instance holds; called in the event loop when the attempt has ended."""


@dataclass(frozen=True, slots=True)
class ToolMethod:
    """One public method of a tool."""

    function: Callable[..., Any]
    signature: inspect.Signature
    arguments: type[BaseModel]
    result: TypeAdapter[Any]
    is_async: bool


@cache
def methods_of(tool: type[Tool[Any]]) -> Mapping[str, ToolMethod]:
    """Return the public methods of a tool; raises ConfigurationError, which names one that cannot work."""
    functions = {
        name: each for base in reversed(tool.__mro__) for name, each in _public_functions(base).items()
    }
    if not functions:
        raise ConfigurationError(f"tool {tool.__module__}.{tool.__qualname__} has no public method")
    return {name: _method(tool, name, function) for name, function in functions.items()}


def _public_functions(cls: type[Any]) -> dict[str, Callable[..., Any]]:
    """Return the public methods that a class defines itself; none for `Tool`."""
    if cls is Tool:
        return {}
    found = {name: each for name, each in vars(cls).items() if inspect.isfunction(each)}
    return {name: each for name, each in found.items() if not name.startswith("_") and name not in vars(Tool)}


def _check_signature(function: Callable[..., Any]) -> None:
    place = place_of(function)
    if not inspect.getdoc(function):
        raise ConfigurationError(f"{place}: a method of a tool has a docstring: contract, units, errors")
    if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
        raise ConfigurationError(f"{place}: a method of a tool returns one value; it cannot be a generator")
    if "return" not in function.__annotations__:
        raise ConfigurationError(f"{place}: a method of a tool declares its result; write `-> …`")


def _method(tool: type[Tool[Any]], name: str, function: Callable[..., Any]) -> ToolMethod:
    return ToolMethod(
        function=function,
        signature=inspect.signature(function),
        arguments=model_of(f"{tool.__name__}{name.title()}Arguments", function, parameters_of(function)),
        result=TypeAdapter(typing.get_type_hints(function, include_extras=True)["return"]),
        is_async=inspect.iscoroutinefunction(function),
    )


class CustomToolFacade:
    """A tool of another package as handlers see it: every method is awaited."""

    __slots__ = ("_call", "_methods", "_name")

    def __init__(self, name: str, tool: type[Tool[Any]], call: Callable[..., Any]) -> None:
        self._name = name
        self._methods = methods_of(tool)
        self._call = call

    def __getattr__(self, op: str) -> Callable[..., Any]:
        method = self._methods.get(op)
        if method is None:
            raise AttributeError(f"tool {self._name!r} has no method {op!r}: {', '.join(self._methods)}")

        async def call(*args: Any, **kwargs: Any) -> Any:
            bound = method.signature.bind(self, *args, **kwargs)
            values = {name: _json(value) for name, value in list(bound.arguments.items())[1:]}
            return method.result.validate_python(await self._call(self._name, op, values))

        return call


class CustomToolPerformer:
    """Performs the calls on an instance of the tool's class."""

    def __init__(self, name: str, tool: Tool[Any]) -> None:
        self._name = name
        self._tool = tool
        self._methods = methods_of(type(tool))

    async def perform(self, op: str, args: tuple[Any, ...]) -> Any:
        method = self._methods.get(op)
        if method is None or len(args) != 1:
            raise InvalidInput(f"{self._name}.{op} does not take these {len(args)} arguments")
        try:
            values = values_of(method.arguments.model_validate(args[0]))
        except ValidationError as error:
            raise InvalidInput(_refused(f"{self._name}.{op}", error)) from error
        if method.is_async:
            return _json(await method.function(self._tool, **values))
        return _json(await asyncio.to_thread(method.function, self._tool, **values))

    def close(self) -> None:
        self._tool.close()


def custom_factory(name: str) -> Callable[..., CustomToolPerformer] | None:
    """Return the factory of a tool of another package; None if no package has it."""
    tool = custom_tool(name)
    if tool is None:
        return None
    methods_of(tool)

    def make(attempt: Any, _scripts: Any, allowance: Allowance) -> CustomToolPerformer:
        return CustomToolPerformer(name, tool(allowance, attempt.run))

    return make


def custom_facade(name: str, call: Callable[..., Any]) -> CustomToolFacade | None:
    """Return what handlers call; None if no package has such a tool."""
    tool = custom_tool(name)
    return None if tool is None else CustomToolFacade(name, tool, call)


def _json(value: Any) -> Any:
    """Return a value as JSON values, as it crosses the pipe of a child process."""
    try:
        return to_jsonable_python(value)
    except PydanticSerializationError as error:
        raise InvalidInput(_("a tool takes and returns JSON values: {error}.", error=error)) from error


def _refused(place: str, error: ValidationError) -> str:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    return f"{place}: " + "; ".join(f"{'.'.join(map(str, p['loc']))}: {p['msg']}" for p in problems)
