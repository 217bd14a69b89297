"""Chooses the language model, its key and its address, or the reason against.

The operator's key goes to the operator's address (PLANNER_AI_BASE), or to the provider that it belongs to: a
request may name a model, never an address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Final

from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.config import Settings

MODEL_ID_PATTERN: Final = r"^[A-Za-z0-9](:?[A-Za-z0-9._@+-])*(/[A-Za-z0-9](:?[A-Za-z0-9._@+-])*){0,5}$"
"""No scheme and no empty part: some providers of litellm accept a URL in place of a name."""
MAX_MODEL_ID_CHARS: Final = 128
MALICIOUS_RELEASES: Final = frozenset({"1.82.7", "1.82.8"})
PACKAGE: Final = "litellm"

_KEYLESS: Final = frozenset({"ollama", "ollama_chat", "llamafile", "lm_studio"})
# Providers that need more than one key: litellm checks if all of them are present.
_OWN_CREDENTIALS: Final = {
    "azure": ("AZURE_",),
    "bedrock": ("AWS_",),
    "sagemaker": ("AWS_",),
    "vertex_ai": ("GOOGLE_", "VERTEX", "GCLOUD_"),
}
_BY_NAME: Final = (("claude", "anthropic"), ("gemini", "gemini"), ("command-r", "cohere"))


class AiFailure(Exception):  # noqa: N818  it says what happened; the rules' plan is used
    """The model's answer is missing or unusable.

    `code` is stable, the message has the reason in both languages.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model, and the variables that its child process may see."""

    model_id: str
    """Its name at `api_base`, else litellm's name."""
    api_base: str | None
    """The server to ask by HTTP; None: litellm asks in a child process."""
    api_key: str | None = field(repr=False)
    variables: tuple[str, ...] = ()
    """Prefixes of the names of environment variables."""


def _release() -> str | None:
    try:
        return version(PACKAGE)
    except PackageNotFoundError:
        return None


def choose_model(
    settings: Settings,
    environment: Mapping[str, str],
    model_id: str | None,
    release: Callable[[], str | None] = _release,
) -> ModelChoice:
    """Return the model to ask; AiFailure gives the reason if there is none."""
    wanted = model_id or settings.planner_ai_model
    if not wanted:
        raise AiFailure("no_model", _("no model is configured: PLANNER_AI_MODEL or `model_id` names one"))
    if len(wanted) > MAX_MODEL_ID_CHARS or not re.fullmatch(MODEL_ID_PATTERN, wanted):
        raise AiFailure("bad_model", _("this is no model's name"))
    own_key = settings.planner_ai_api_key.get_secret_value()
    if settings.planner_ai_base:
        # litellm's names of models behind an OpenAI-compatible address begin with "openai/".
        return ModelChoice(wanted.removeprefix("openai/"), settings.planner_ai_base, own_key or None)
    _check_package(release())
    provider = provider_of(wanted)
    if provider in _OWN_CREDENTIALS:
        return ModelChoice(wanted, None, None, _OWN_CREDENTIALS[provider])
    name = re.sub("[^a-z0-9]", "_", provider).upper()
    owner = provider_of(settings.planner_ai_model) if settings.planner_ai_model else "openai"
    key = (own_key if owner == provider else "") or environment.get(f"{name}_API_KEY")
    if not key and provider not in _KEYLESS:
        no_key = _("there is no key for {model_id}: set {variable} or PLANNER_AI_API_KEY")
        raise AiFailure("no_key", no_key.fill(model_id=wanted, variable=f"{name}_API_KEY"))
    return ModelChoice(wanted, None, key or None, (f"{name}_API_BASE",))


def _check_package(release: str | None) -> None:
    if release is None:
        missing = _("the package {package} is not installed: pip install -e '.[ai]'", package=PACKAGE)
        raise AiFailure("package_missing", missing)
    if release in MALICIOUS_RELEASES:
        malicious = _(
            "litellm {found} is a malicious release and is not loaded: install another one, and change the "
            "keys that it could see",
            found=release,
        )
        raise AiFailure("malicious_release", malicious)


def provider_of(model_id: str) -> str:
    """Return the provider of a model, as litellm derives it from the name."""
    provider, slash, _ = model_id.partition("/")
    if slash:
        return provider.lower()
    return next((owner for start, owner in _BY_NAME if model_id.lower().startswith(start)), "openai")
