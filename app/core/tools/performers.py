"""What does the tools' calls in a worker process, beyond fenced scripts alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.tools.alarms import alarms_factory
from app.core.tools.files_performer import files_factory
from app.core.tools.http_performer import http_factory
from app.core.tools.messaging_performer import messaging_factory
from app.core.tools.platform_performer import platform_factory

if TYPE_CHECKING:
    from app.core.tools import ToolKit
    from app.core.tools.base import ToolFactory


def performers(kit: ToolKit) -> dict[str, ToolFactory]:
    """Return what makes each tool's performer for an attempt."""
    return {
        "alarms": alarms_factory(kit),
        "files": files_factory(kit),
        "http": http_factory(kit),
        "messaging": messaging_factory(kit),
        "platform": platform_factory(kit),
    }
