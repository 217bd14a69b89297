"""Writes `docs/configuration.md`: every setting with default, range and explanation."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from annotated_types import Ge, Gt, Le

from app.core.config import Settings
from tools.settings_table import Setting, grouped

# Read by programs that do not read `.env`.
OUTSIDE = (
    Setting(
        "MULTI_JOB_URL",
        "",
        "Address of the API for `multi-job`, the Python client and MCP. Unset: that of `multi-job login`, "
        "else loopback at API_PORT.",
    ),
    Setting("MULTI_JOB_API_KEY", "", "API key for them. Unset: that of `multi-job login`, at its address."),
    Setting("MULTI_JOB_ALLOW_HTTP", "", "1 lets them send a key over plain http to another machine."),
    Setting(
        "MULTI_JOB_BACKUP_PASSPHRASE",
        "",
        "Passphrase of full backups, for `multi-job export --full` and `restore`.",
    ),
    Setting("API_BASE_URL", "http://127.0.0.1:8000", "Address of the API for a dashboard started by hand."),
)
_HEAD = """\
# Configuration

Generated from `app/core/config.py`; do not edit.

Settings are environment variables, or lines in the file `.env` of the project's folder; the environment wins.
`.env.example` has all of them, commented out with their defaults: copy it to `.env`. A value that does not
fit stops the start with a message that names the setting. In a list, values are separated by commas. An empty
default means: none, or made as the text says.

The texts explain one setting each. How they work together: [Operations](operations.md),
[Security](security.md), [Guarantees](guarantees.md).
"""


def configuration_markdown() -> str:
    """Return the page: a table for each group of settings."""
    groups = [*grouped(), ("The command line, and a dashboard started by hand", list(OUTSIDE))]
    return "\n".join([_HEAD, *(_group(heading, members) for heading, members in groups)])


def _group(heading: str, members: list[Setting]) -> str:
    rows = "".join(
        f"| `{each.name}` | {_code(each.default)} | {_values(each.name)} | {_cell(each.text)} |\n"
        for each in members
    )
    return f"## {heading}\n\n| setting | default | values | meaning |\n| --- | --- | --- | --- |\n{rows}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _values(name: str) -> str:
    """Return the range or the allowed words of a setting; '' if it declares none."""
    field = Settings.model_fields.get(name.lower())
    if field is None:
        return ""
    if isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum):
        return ", ".join(f"`{word}`" for word in field.annotation)
    low, high = _bound(field.metadata, Ge, "ge"), _bound(field.metadata, Le, "le")
    above = _bound(field.metadata, Gt, "gt")
    if above:
        return f"above {above}, to {high}"
    if low and high:
        return f"{low} to {high}"
    return f"{low} or more" if low else ""


def _bound(metadata: list[Any], kind: type, name: str) -> str:
    found = next((getattr(each, name) for each in metadata if isinstance(each, kind)), None)
    return "" if found is None else f"{found:,}"
