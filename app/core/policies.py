"""Tool policies: which job type may use which tool, limits, and allowed places.

Everything that is not allowed is denied.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, ValidationError, field_validator

from app.core.errors import ConfigurationError, FieldProblem, PolicyDenied, UrlRefused
from app.core.hosts import host_matches, shortest_place
from app.core.i18n import _
from app.core.net.urls import Url, check_url
from app.core.yaml_reader import read_yaml

if TYPE_CHECKING:
    from app.core.config import Settings

SHIPPED_FILE = Path(__file__).resolve().parents[1] / "jobs" / "policies.yaml"

TOOL_GROUP = "multi_job.tools"
"""The entry point group of tools of other packages."""
BUILT_IN_TOOLS = frozenset({"alarms", "files", "http", "kv", "messaging", "metrics", "platform"})

Places = Literal["hosts", "channels", "paths", "secrets"]
Patterns = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=255)], ...], Field(max_length=200)]
_NO_RULES: dict[str, Any] = {}
_TYPE_PATTERN = r"^([a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*(\.\*)?|\*)$"
_TOOL_PATTERN = r"^[a-z][a-z0-9_]{0,31}$"
ToolName = Annotated[str, Field(pattern=_TOOL_PATTERN)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ToolLimits(_Strict):
    """Limits of one attempt on a tool. An absent limit does not limit; absent places allow none."""

    calls: Annotated[int, Field(ge=1, strict=True)] | None = None
    bytes: Annotated[int, Field(ge=1, strict=True)] | None = None
    hosts: Patterns = ()
    channels: Patterns = ()
    paths: Patterns = ()
    secrets: Patterns = ()


class DeniedPlaces(_Strict):
    """Places that are denied even if a rule allows them; without places, the whole tool is denied."""

    hosts: Patterns = ()
    channels: Patterns = ()
    paths: Patterns = ()
    secrets: Patterns = ()

    @property
    def whole_tool(self) -> bool:
        """True if no place is named."""
        return not (self.hosts or self.channels or self.paths or self.secrets)


added_tools: dict[str, Any] = {}
"""Tools of this process alone, by name: the test kit adds those of packages that are not installed."""


def custom_tool(name: str) -> Any:
    """Return the class of a tool of another package; None if no package has it.

    Raises ConfigurationError if the name is taken, or if the class cannot be imported.
    """
    return added_tools.get(name) or installed_tool(name)


def tool_names() -> list[str]:
    """Return the names of all tools: the platform's, those of installed packages, those of this process."""
    installed = {point.name for point in entry_points(group=TOOL_GROUP)}
    return sorted(BUILT_IN_TOOLS | installed | added_tools.keys())


@cache
def installed_tool(name: str) -> Any:
    """Return the class of an installed tool, by its entry point; None if no package has it."""
    found = {point.value: point for point in entry_points(group=TOOL_GROUP, name=name)}
    if not found:
        return None
    if name in BUILT_IN_TOOLS or len(found) > 1:
        others = "the platform" if name in BUILT_IN_TOOLS else "another package"
        raise ConfigurationError(
            f"tool {name!r} of {', '.join(sorted(found))}: {others} has a tool of this name"
        )
    [point] = found.values()
    try:
        tool = point.load()
    except Exception as error:
        raise ConfigurationError(
            f"tool {name!r} (entry point {point.value}) cannot be imported: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(getattr(tool, "policy_schema", None), type):
        raise ConfigurationError(
            f"tool {name!r} (entry point {point.value}) is no subclass of multi_job.Tool"
        )
    return tool


class TypePolicy(_Strict):
    """The rules of one job type, or of all that match a wildcard."""

    allow: dict[ToolName, SerializeAsAny[ToolLimits]] = Field(default_factory=dict[str, ToolLimits])
    deny: dict[ToolName, DeniedPlaces] = Field(default_factory=dict[str, DeniedPlaces])

    @field_validator("allow", "deny", mode="before")
    @classmethod
    def _names_alone(cls, value: Any) -> Any:
        """Accept a list of names, and `kv:` without a value, for tools without further rules."""
        if isinstance(value, list):
            return dict.fromkeys(cast("list[str]", value), _NO_RULES)
        if isinstance(value, dict):
            rules = cast("dict[str, Any]", value)
            return {name: _NO_RULES if rule is None else rule for name, rule in rules.items()}
        return _NO_RULES if value is None else value

    @field_validator("allow", mode="before")
    @classmethod
    def _rules_of_other_packages(cls, value: Any) -> Any:
        """Read the rules of a tool of another package by its own model."""
        if not isinstance(value, dict):
            return value
        rules = cast("dict[str, Any]", value)
        return {name: _custom_rules(name, rule) for name, rule in rules.items()}


def _custom_rules(name: str, rule: Any) -> Any:
    tool = None if name in BUILT_IN_TOOLS or isinstance(rule, ToolLimits) else custom_tool(name)
    if tool is None:
        return rule
    try:
        return tool.policy_schema.model_validate(rule)
    except ValidationError as error:
        found = "; ".join(f"{'/'.join(map(str, (name, *p['loc'])))}: {p['msg']}" for p in error.errors())
        raise ValueError(found) from error


class PolicyFile(_Strict):
    """A whole file."""

    types: dict[Annotated[str, Field(pattern=_TYPE_PATTERN)], TypePolicy]


@dataclass(frozen=True, slots=True)
class Allowance:
    """The rights of a job type on one tool, after allow and deny."""

    job_type: str
    tool: str
    limits: ToolLimits
    denied: tuple[DeniedPlaces, ...] = ()

    @property
    def calls(self) -> int | None:
        """Return how many calls an attempt may make; None if unlimited."""
        return self.limits.calls

    @property
    def bytes(self) -> int | None:
        """Return how many bytes an attempt may move; None if unlimited."""
        return self.limits.bytes

    @property
    def own_rules(self) -> dict[str, Any]:
        """Return the rules that only a tool of another package has, as JSON values."""
        return self.limits.model_dump(mode="json", exclude=set(ToolLimits.model_fields))

    def allows(self, places: Places, value: str) -> bool:
        """True if a host (`name` or `name:port`), channel, path or secret is allowed and not denied.

        Only paths and secrets are case-sensitive. `host_patterns` defines the port of a host.
        """
        return _matches(value, getattr(self.limits, places), places) and not self.denies(places, value)

    def denies(self, places: Places, value: str) -> bool:
        """True if a rule denies a place by name, even if another allows it."""
        return any(_matches(value, getattr(rule, places), places, denial=True) for rule in self.denied)

    def require(self, places: Places, value: str) -> None:
        """Raise PolicyDenied unless the place is allowed; the message names the line to add."""
        if not self.allows(places, value):
            value = shortest_place(value) if places == "hosts" else value
            line = f"types: {{{self.job_type}: {{allow: {{{self.tool}: {{{places}: [{value!r}]}}}}}}}}"
            raise PolicyDenied(
                _(
                    "{job_type!r} may not use {tool} with {places} {value!r}; to allow it, "
                    "POLICIES_FILE needs `{line}`.",
                    job_type=self.job_type,
                    tool=self.tool,
                    places=places[:-1],
                    value=value,
                    line=line,
                )
            )


def _matches(text: str, patterns: Iterable[str], places: Places, *, denial: bool = False) -> bool:
    match places:
        case "hosts":
            return any(host_matches(text, pattern, any_port=denial) for pattern in patterns)
        case "channels":
            return any(fnmatchcase(text.lower(), pattern.lower()) for pattern in patterns)
        case "paths" | "secrets":
            return any(fnmatchcase(text, pattern) for pattern in patterns)


class Policies:
    """The rules of a deployment.

    The most specific pattern (the type itself, else the longest wildcard) decides what is allowed. The
    denials of every matching pattern count, and win.
    """

    def __init__(
        self,
        types: Mapping[str, TypePolicy] | None = None,
        opened: Iterable[str] = (),
        sources: Mapping[str, str] | None = None,
    ) -> None:
        self._types = dict(types or {})
        self._sources = dict(sources or {})
        self.opened = frozenset(opened)
        """Private `host:port` that the operator has opened to jobs (HTTP_ALLOW_PRIVATE)."""
        self.allowance = cache(self._allowance)
        """`allowance(job_type, tool)` returns the Allowance, or None if nothing is allowed."""

    @property
    def types(self) -> Mapping[str, TypePolicy]:
        """Return the rules as written, by type or wildcard."""
        return self._types

    def rule_of(self, job_type: str) -> tuple[str, str] | None:
        """Return the pattern that applies to a type and the name of its file; None without one."""
        matching = self._matching(job_type)
        return (matching[0], self._sources.get(matching[0], "")) if matching else None

    def _matching(self, job_type: str) -> list[str]:
        """Return the patterns that cover a type, the most specific first."""
        covering = (pattern for pattern in self._types if _covers(pattern, job_type))
        return sorted(covering, key=_precedence, reverse=True)

    def check_tools(self, job_type: str, needed: Iterable[str]) -> list[Allowance]:
        """Return the allowance of each tool; PolicyDenied names the line to add if one is not allowed."""
        found = {tool: self.allowance(job_type, tool) for tool in needed}
        missing = [tool for tool, allowance in found.items() if allowance is None]
        if missing:
            line = f"types: {{{job_type}: {{allow: [{', '.join(missing)}]}}}}"
            raise PolicyDenied(
                _(
                    "{job_type!r} may not use {missing}; to allow it, POLICIES_FILE needs `{line}` "
                    "and no `deny` of it.",
                    job_type=job_type,
                    missing=", ".join(missing),
                    line=line,
                )
            )
        return [allowance for allowance in found.values() if allowance is not None]

    def _allowance(self, job_type: str, tool: str) -> Allowance | None:
        matching = [self._types[pattern] for pattern in self._matching(job_type)]
        if not matching:
            return None
        denied = tuple(d for rules in matching if (d := rules.deny.get(tool)) is not None)
        limits = matching[0].allow.get(tool)
        if limits is None or any(rule.whole_tool for rule in denied):
            return None
        return Allowance(job_type, tool, limits, denied)


def _covers(pattern: str, job_type: str) -> bool:
    if pattern == "*":
        return True
    return job_type.startswith(pattern[:-1]) if pattern.endswith(".*") else pattern == job_type


def _precedence(pattern: str) -> tuple[bool, int]:
    return (not pattern.endswith("*"), len(pattern))


def load_policies(settings: Settings) -> Policies:
    """Return the shipped rules, replaced type by type by POLICIES_FILE; raises ConfigurationError."""
    files = [SHIPPED_FILE, *([] if settings.policies_file is None else [settings.policies_file])]
    types: dict[str, TypePolicy] = {}
    sources: dict[str, str] = {}
    for file in files:
        found = read_policy_file(file).types
        types.update(found)
        sources.update(dict.fromkeys(found, file.name))
    return Policies(types, settings.http_allow_private, sources)


def read_policy_file(path: Path) -> PolicyFile:
    """Return a file's rules; a ConfigurationError names the file and the place in it."""
    try:
        raw = read_yaml(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(_("policy file {path}: {error}", path=path, error=error)) from error
    try:
        return PolicyFile.model_validate(raw)
    except ValidationError as error:
        found = "; ".join(f"{_place(p['loc'])}: {p['msg']}" for p in error.errors())
        raise ConfigurationError(_("policy file {path}: {error}", path=path, error=found)) from error


def _place(location: tuple[int | str, ...]) -> str:
    return "/" + "/".join(str(part) for part in location if part != "[key]")


# The destinations of a job, from its inputs: checked when a spec is stored, not only at its first run.


@dataclass(frozen=True, slots=True)
class Destination:
    """A place that a tool will use: a URL for `hosts`, else the channel or path itself.

    `pointer` is the path of the input that has it (`/url`).
    """

    tool: str
    places: Places
    value: str
    pointer: str


FindDestinations = Callable[[Any], Iterable[Destination]]
"""Returns the destinations of a job type, from its validated inputs."""


def require_url(allowance: Allowance, url: Url, opened: Collection[str]) -> None:
    """Raise PolicyDenied; a port that the operator opened for this host needs no second rule."""
    if url.place in opened and not allowance.denies("hosts", url.place):
        allowance.require("hosts", url.bracketed)
    else:
        allowance.require("hosts", url.place)


def destination_problems(
    job_type: str, destinations: Iterable[Destination], policies: Policies
) -> list[FieldProblem]:
    """Return problems for destinations out of reach; a denied tool as a whole is reported elsewhere."""
    problems: list[FieldProblem] = []
    for destination in destinations:
        allowance = policies.allowance(job_type, destination.tool)
        if allowance is None:
            continue
        try:
            _require(allowance, destination, policies.opened)
        except (PolicyDenied, UrlRefused) as refused:
            problems.append(FieldProblem(f"/inputs{destination.pointer}", refused.message, refused.code))
    return problems


def _require(allowance: Allowance, destination: Destination, opened: Collection[str]) -> None:
    if destination.places == "hosts":
        require_url(allowance, check_url(destination.value, opened), opened)
    else:
        allowance.require(destination.places, destination.value)
