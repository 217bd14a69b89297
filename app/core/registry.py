"""The registry of job types: handlers that `@handler` records, loaded per process."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from app.core.errors import ConfigurationError, UnknownJobType
from app.core.i18n import _, concat
from app.core.models import DEFAULT_TIMEOUT_MS, JOB_TYPE_PATTERN, RetryPolicy, Schedule

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.policies import FindDestinations

SHIPPED_HANDLERS = "app.jobs.handlers"
ENTRY_POINT_GROUP = "multi_job.handlers"
MAX_TIMEOUT_MS = 86_400_000

Kind = Literal["loop", "thread", "process"]
KINDS: tuple[Kind, ...] = ("loop", "thread", "process")
RunsIn = Kind | Callable[[Any], Kind]
F = TypeVar("F", bound=Callable[..., Any])


class NoInputs(BaseModel):
    """The inputs of a type that takes none."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Slot:
    """An input field that a sentence can set: the words before its value, in both languages."""

    field: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """The words that ask for a job type in a sentence, in lower case, in Indonesian and English.

    `schedule` is that of a job whose sentence says no time; without one it runs once.
    """

    nouns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    schedule: Mapping[str, Any] | None = None

    @property
    def all(self) -> tuple[str, ...]:
        """Return every word that asks for the type."""
        return self.verbs + self.nouns


@dataclass(frozen=True)
class HandlerSpec:
    """One job type: its function `(ctx, inputs)`, the model of its inputs, its defaults."""

    type: str
    function: Callable[..., Any]
    inputs: Any = NoInputs
    timeout_ms: int = DEFAULT_TIMEOUT_MS
    retry_policy: RetryPolicy = field(default_factory=RetryPolicy)
    runs_in: RunsIn = "loop"
    tools: tuple[str, ...] = ()
    description: str = ""
    module: str = ""
    destinations: FindDestinations | None = None
    """Returns the destinations of inputs, so that a spec is refused before its first run; None for none."""
    phrases: Phrases | None = None
    """The words by which a sentence asks for a job of this type; None if no sentence does."""
    own_job_only: bool = False
    """It reads nothing of other jobs, although it has the tool `platform`: keys with a scope may use it."""
    is_async: bool = field(init=False)
    kinds: tuple[Kind, ...] = field(init=False)
    """The kinds of execution that fit the function."""
    parse: Callable[[str], Any] = field(init=False, repr=False, compare=False)
    """Validated inputs from JSON text; raises pydantic's ValidationError."""
    _adapter: TypeAdapter[Any] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        adapter: TypeAdapter[Any] = TypeAdapter(self.inputs)
        object.__setattr__(self, "_adapter", adapter)
        # The validator's own method: the adapter's wrapper around it costs as much as a small validation.
        object.__setattr__(self, "parse", adapter.validator.validate_json)
        is_async = inspect.iscoroutinefunction(self.function)
        object.__setattr__(self, "is_async", is_async)
        object.__setattr__(self, "kinds", KINDS if is_async else ("thread", "process"))
        _check(self)

    def input_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of the inputs."""
        return self._adapter.json_schema()

    def cannot_run_in(self, kind: str) -> ConfigurationError:
        """Return the error for a kind of execution that does not fit the function."""
        return ConfigurationError(
            f"job type {self.type!r} ({self.module}) cannot run in {kind!r}: choose one of "
            f"{', '.join(KINDS)}; only `async def` runs in the loop"
        )


def _check(spec: HandlerSpec) -> None:
    where = f"handler {spec.type!r} in {spec.module or spec.function.__module__}"
    if not re.fullmatch(JOB_TYPE_PATTERN, spec.type):
        raise ConfigurationError(f"{where}: a type looks like `monitor.http` ({JOB_TYPE_PATTERN})")
    if not 1 <= spec.timeout_ms <= MAX_TIMEOUT_MS:
        raise ConfigurationError(f"{where}: timeout_ms must be within 1 and {MAX_TIMEOUT_MS}")
    if isinstance(spec.runs_in, str) and spec.runs_in not in spec.kinds:
        raise spec.cannot_run_in(spec.runs_in)
    if spec.phrases is not None:
        _check_phrases(spec, spec.phrases, where)


def _check_phrases(spec: HandlerSpec, phrases: Phrases, where: str) -> None:
    words = [*phrases.all, *(word for slot in phrases.slots for word in slot.words)]
    if not phrases.all or any(word != " ".join(word.lower().split()) or not word for word in words):
        raise ConfigurationError(f"{where}: phrases need a noun or a verb, each in lower case")
    unknown = [
        slot.field for slot in phrases.slots if slot.field not in spec.input_schema().get("properties", {})
    ]
    if unknown:
        raise ConfigurationError(f"{where}: the slot {unknown[0]!r} is no input field")
    if phrases.schedule is not None:
        try:
            Schedule.model_validate(phrases.schedule)
        except ValidationError as error:
            raise ConfigurationError(f"{where}: the default schedule is not valid: {error}") from error


_recorded: dict[str, dict[str, HandlerSpec]] = {}
"""The records of `@handler`: module -> qualified name -> spec. Kept, because a module is imported once."""


def handler(
    job_type: str,
    *,
    inputs: Any = NoInputs,
    timeout_ms: int = DEFAULT_TIMEOUT_MS,
    retry_policy: RetryPolicy | None = None,
    runs_in: RunsIn = "loop",
    tools: tuple[str, ...] = (),
    description: str = "",
    destinations: FindDestinations | None = None,
    phrases: Phrases | None = None,
    own_job_only: bool = False,
) -> Callable[[F], F]:
    """Record a function `(ctx, inputs)` as the handler of a job type and return it unchanged.

    `runs_in` is a value or a function of the validated inputs; a plain `def` runs in a thread or a process.
    `tools` are those that the function may use, if the policy allows them too; `destinations` returns the
    places that the inputs lead to; `phrases` are the words by which a sentence asks for a job. `own_job_only`
    says that a handler with the tool `platform` reads nothing of other jobs.
    """

    def record(function: F) -> F:
        spec = HandlerSpec(
            type=job_type,
            function=function,
            inputs=inputs,
            timeout_ms=timeout_ms,
            retry_policy=retry_policy or RetryPolicy(),
            runs_in=runs_in,
            tools=tools,
            description=description or inspect.cleandoc(function.__doc__ or "").partition("\n")[0],
            module=function.__module__,
            destinations=destinations,
            phrases=phrases,
            own_job_only=own_job_only,
        )
        _recorded.setdefault(function.__module__, {})[f"{function.__qualname__} {job_type}"] = spec
        return function

    return record


class Registry:
    """The job types of this process."""

    def __init__(self, specs: Iterable[HandlerSpec] = ()) -> None:
        self._specs: dict[str, HandlerSpec] = {}
        for spec in specs:
            known = self._specs.setdefault(spec.type, spec)
            if known != spec:
                raise ConfigurationError(
                    f"job type {spec.type!r} is defined twice: in {known.module} and in {spec.module}"
                )
        self.find = self._specs.get
        """`find(job_type)` returns the spec or None, as cheaply as a dict does."""

    def get(self, job_type: str) -> HandlerSpec:
        """Return the spec of a type; raises UnknownJobType, which names the nearest known one."""
        spec = self._specs.get(job_type)
        if spec is None:
            known = self.types()
            nearest = difflib.get_close_matches(job_type, known, n=1)
            raise UnknownJobType(job_type, known, nearest[0] if nearest else None)
        return spec

    def types(self) -> tuple[str, ...]:
        """Return all types in alphabetical order."""
        return tuple(sorted(self._specs))

    def specs(self) -> tuple[HandlerSpec, ...]:
        """Return all specs by type."""
        return tuple(self._specs[job_type] for job_type in self.types())


def load_handlers(settings: Settings) -> Registry:
    """Import the shipped handlers, those of entry points, and HANDLER_MODULES; return their specs."""
    names = [SHIPPED_HANDLERS, *(point.module for point in entry_points(group=ENTRY_POINT_GROUP))]
    names += settings.handler_modules
    if settings.handler_modules and (here := str(Path.cwd())) not in sys.path:
        # Last, so that a file of the deployment's folder hides no package.
        sys.path.append(here)
    for name in names:
        _import_tree(name)
    found = Registry(spec for name in dict.fromkeys(names) for spec in recorded_specs(name))
    for spec in found.specs():
        _check_tools(spec)
    return found


def _check_tools(spec: HandlerSpec) -> None:
    """Raise ConfigurationError for a tool that neither the platform nor an installed package has."""
    # Loaded here: the policies import what a module with handlers does not need.
    policies = importlib.import_module("app.core.policies")
    for tool in spec.tools:
        if tool in policies.BUILT_IN_TOOLS:
            continue
        known: list[str] = policies.tool_names()
        if tool not in known:
            near = difflib.get_close_matches(tool, known, n=1)
            hint = f"Did you mean {near[0]!r}? " if near else ""
            raise ConfigurationError(
                f"handler {spec.type!r} in {spec.module}: there is no tool {tool!r}. {hint}"
                f"Known are {', '.join(known)}. A tool of your own is an entry point of an installed package."
            )


def recorded_specs(module: str) -> list[HandlerSpec]:
    """Return the specs of an imported module or package, in the order of their definition."""
    inside = [name for name in _recorded if name == module or name.startswith(f"{module}.")]
    return [spec for name in inside for spec in _recorded[name].values()]


def _import_tree(name: str) -> None:
    try:
        module = importlib.import_module(name)
        for found in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{name}."):
            importlib.import_module(found.name)
    except ConfigurationError:
        raise
    except Exception as error:
        raise ConfigurationError(
            _(
                "handler module {name!r} (entry point or HANDLER_MODULES) cannot be imported: {error}",
                name=name,
                error=_reason(error),
            )
        ) from error


def _reason(error: Exception) -> str:
    """Return the error; that of an import from `app`, as in a checkout, with the module to import from."""
    found = f"{type(error).__name__}: {error}"
    is_of_app = isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] == "app"
    if not is_of_app or SHIPPED_HANDLERS.startswith("app."):
        return found
    return concat(found, ". ", _("Import the parts of the platform from `multi_job`."))
