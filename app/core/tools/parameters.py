"""A function's typed parameters as a pydantic model."""

from __future__ import annotations

import inspect
import typing
import warnings
from collections.abc import Callable, Sequence
from typing import Any, get_origin

from pydantic import BaseModel, ConfigDict, create_model
from pydantic.errors import PydanticUndefinedAnnotation, PydanticUserError
from pydantic.fields import FieldInfo

from app.core.errors import ConfigurationError

_FIELDS = ConfigDict(extra="forbid", arbitrary_types_allowed=False, protected_namespaces=())
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def place_of(function: Callable[..., Any]) -> str:
    """Return `module.function`, for an error about a definition."""
    return f"{function.__module__}.{function.__qualname__}"


def parameters_of(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """Return the parameters of a function with their annotations resolved, except the first one.

    Raises ConfigurationError, which names the parameter, if one cannot be a named input.
    """
    parameters = list(inspect.signature(function).parameters.values())
    if not parameters or parameters[0].kind not in _POSITIONAL:
        raise ConfigurationError(
            f"{place_of(function)} has no first parameter: write `ctx` before the inputs"
        )
    return [each.replace(annotation=_annotation(function, each)) for each in parameters[1:]]


def model_of(name: str, function: Callable[..., Any], parameters: Sequence[inspect.Parameter]) -> Any:
    """Return a model with one field for each parameter; unknown fields are refused.

    Defaults and `Annotated[…, Field(…)]` are those of the signature.
    """
    fields: dict[str, Any] = {}
    for each in parameters:
        _check_default(function, each)
        fields[each.name] = (each.annotation, ... if each.default is each.empty else each.default)
    with warnings.catch_warnings():
        # A field may have the name of a method of BaseModel, such as `json`: fields are read by name.
        warnings.filterwarnings("ignore", message="Field name .* shadows an attribute", category=UserWarning)
        try:
            model = create_model(name, __config__=_FIELDS, **fields)
        except PydanticUserError as error:
            raise ConfigurationError(f"{place_of(function)}: {error.message}") from error
    return model


def values_of(instance: BaseModel) -> dict[str, Any]:
    """Return the values of a model's fields by name, as they are."""
    return dict(instance.__dict__)


def _annotation(function: Callable[..., Any], parameter: inspect.Parameter) -> Any:
    name, place = parameter.name, place_of(function)
    if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD}:
        stars = "*" if parameter.kind is parameter.VAR_POSITIONAL else "**"
        raise ConfigurationError(f"{place}: `{stars}{name}` is no input; name each parameter with its type")
    if parameter.kind is parameter.POSITIONAL_ONLY:
        raise ConfigurationError(f"{place}: `{name}` is passed by name; move it behind the `/`")
    if name.startswith("_") or (name.startswith("model_") and hasattr(BaseModel, name)):
        raise ConfigurationError(f"{place}: an input cannot be named `{name}`; choose another name")
    if parameter.annotation is parameter.empty:
        raise ConfigurationError(f"{place}: parameter `{name}` has no type; write for example `{name}: str`")
    # Alone: the annotations of `ctx` and of the result may be imported for type checkers only.
    holder = type(
        name, (), {"__annotations__": {name: parameter.annotation}, "__module__": function.__module__}
    )
    scope = getattr(inspect.unwrap(function), "__globals__", {})
    try:
        return typing.get_type_hints(holder, globalns=scope, include_extras=True)[name]
    except (NameError, PydanticUndefinedAnnotation) as error:
        raise ConfigurationError(
            f"{place}: the type of `{name}` is not known when the module is imported ({error}); "
            "import it outside of `if TYPE_CHECKING:`"
        ) from error


def _check_default(function: Callable[..., Any], parameter: inspect.Parameter) -> None:
    if isinstance(parameter.default, FieldInfo):
        name, place = parameter.name, place_of(function)
        raise ConfigurationError(
            f"{place}: `{name}` has `Field(…)` as its default; write `{name}: Annotated[…, Field(…)] = …`"
        )


def is_model(annotation: Any) -> bool:
    """True if an annotation is a pydantic model."""
    return (
        inspect.isclass(annotation) and get_origin(annotation) is None and issubclass(annotation, BaseModel)
    )
