"""Texts of records in the replies of a chat."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from app.core.connectors.updates import Update
from app.core.i18n import _
from app.core.monitors.models import MonitorBrief
from app.services.connector.commands.handlers import _monitor_line  # pyright: ignore[reportPrivateUsage]
from app.services.connector.commands.incidents import incident_lines
from app.services.connector.commands.messages import CommandRequest
from tests.support.incident_samples import incident

ZONE = "Asia/Jakarta"
REQUEST = CommandRequest("telegram:bot", Update("1", "42", sent_at=1, text="/incidents", language="id"))


def test_messages_are_in_the_language_of_the_chat_and_texts_of_handlers_as_written() -> None:
    """Also if both are equal in English."""
    context: Any = SimpleNamespace(timezone=ZONE)
    for text, shown in (
        (_("no ping came in time"), "ping tidak datang tepat waktu"),
        ("no ping came in time", "no ping came in time"),
    ):
        (line,) = incident_lines(context, REQUEST, [incident(cause=text)])
        assert line.endswith(f": {shown}")
        brief = MonitorBrief("down", 1, "silent", None, text, None, 1)
        assert _monitor_line(brief, ZONE, REQUEST).endswith(f": {shown}")
