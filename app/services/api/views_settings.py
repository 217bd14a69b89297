"""Settings of a deployment as the API shows them: the shapes of `schemas_settings.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.account_names import SANDBOX_CHANNEL
from app.services.api.reply import instant

if TYPE_CHECKING:
    from app.core.account_names import Recipient
    from app.core.default_notify import StoredDefault


def default_notify_view(
    environment: Recipient | None, stored: StoredDefault | None, *, usable: bool
) -> dict[str, Any]:
    shown = None if environment is not None or stored is None else stored
    recipient = environment or (shown and shown.recipient)
    source = "environment" if environment is not None else "none" if shown is None else "stored"
    return {
        "value": recipient and f"{recipient.account}:{recipient.to}",
        "source": source,
        "channel": recipient and recipient.channel,
        "account_id": recipient and recipient.account_id,
        "to": recipient and recipient.to,
        "sandbox": recipient is None or recipient.channel == SANDBOX_CHANNEL,
        "usable": usable,
        "updated_at": instant(shown and shown.updated_at),
        "updated_by": shown and shown.updated_by,
    }
