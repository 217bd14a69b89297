"""What a channel that calls our webhook is answered."""

from __future__ import annotations

from app.services.api.schemas import Answer


class WebhookTaken(Answer):
    """What the call brought is kept: `stored` updates were new, `reports` were about messages."""

    stored: int
    reports: int
