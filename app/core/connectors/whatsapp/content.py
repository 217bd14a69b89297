"""The content of WhatsApp messages: text, buttons, and the approved template."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from app.core.connectors.base import ChannelRejected
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.connectors.messages import Button, OutgoingMessage
    from app.core.connectors.whatsapp.models import WhatsAppSettings

TEMPLATE_NEEDED: Final = 131047
"""Meta's code: the recipient has not written for 24 hours."""
MAX_PARAMETER_CHARS: Final = 800
"""A template's body has 1,024 characters at most with its parameters."""
MAX_TITLE_CHARS: Final = 120
_MAX_REPLIES, _MAX_REPLY_CHARS = 3, 20
_MAX_ROWS, _MAX_ROW_CHARS, _MAX_DESCRIPTION_CHARS = 10, 24, 72
_PLACES = re.compile(r"\{(text|title)\}")


class TemplateNeeded(ChannelRejected):
    """The recipient takes no free text at present."""

    code = "template_needed"


def template_needed_words(account_id: str) -> str:
    """Return what Meta's refusal of free text means, and what mends it."""
    return _(
        "the recipient has not written to this number for 24 hours, so WhatsApp takes only an approved "
        "template (131047): multi-job connect whatsapp {account_id} --set template_name=NAME",
        account_id=account_id,
    )


def free_content(message: OutgoingMessage) -> dict[str, Any]:
    """Return a message as text, with its buttons if it has any."""
    if message.buttons:
        return {"type": "interactive", "interactive": _interactive(message.text, message.buttons)}
    return {"type": "text", "text": {"preview_url": False, "body": message.text}}


def template_content(settings: WhatsAppSettings, message: OutgoingMessage) -> dict[str, Any] | None:
    """Return a message as the account's template; None if the account has none."""
    if settings.template_name is None:
        return None
    values = {"text": _one_line(message.text), "title": _one_line(message.title(MAX_TITLE_CHARS))}
    parameters = [
        {"type": "text", "text": _cut(_PLACES.sub(lambda place: values[place[1]], each), MAX_PARAMETER_CHARS)}
        for each in settings.template_parameters
    ]
    template: dict[str, Any] = {
        "name": settings.template_name,
        "language": {"code": settings.template_language},
    }
    if parameters:
        template["components"] = [{"type": "body", "parameters": parameters}]
    return {"type": "template", "template": template}


def _one_line(text: str) -> str:
    """Return a text as a parameter takes it: Meta refuses line breaks and wide gaps in one."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return " · ".join(line for line in lines if line)


def _interactive(text: str, buttons: Sequence[Button]) -> dict[str, Any]:
    """Return up to three short buttons as such, others as the rows of a list."""
    titles = {button.text for button in buttons}
    is_short = max(map(len, titles)) <= _MAX_REPLY_CHARS
    if len(buttons) <= _MAX_REPLIES and len(titles) == len(buttons) and is_short:
        replies = [
            {"type": "reply", "reply": {"id": button.data, "title": button.text}} for button in buttons
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": replies}}
    rows = [_row(button) for button in buttons[:_MAX_ROWS]]
    action = {"button": "Menu", "sections": [{"rows": rows}]}
    return {"type": "list", "body": {"text": text}, "action": action}


def _row(button: Button) -> dict[str, str]:
    row = {"id": button.data, "title": _cut(button.text, _MAX_ROW_CHARS)}
    if len(button.text) > _MAX_ROW_CHARS:
        row["description"] = _cut(button.text, _MAX_DESCRIPTION_CHARS)
    return row


def _cut(text: str, max_chars: int) -> str:
    return text if len(text) <= max_chars else f"{text[: max_chars - 1]}…"
