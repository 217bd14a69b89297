"""The address of the API for commands and programs."""

from __future__ import annotations

import os
from pathlib import Path

from dotenv import dotenv_values

# The launcher of a checkout reads this file in any folder; a wheel has none there.
_OF_CHECKOUT = Path(__file__).resolve().parents[3] / ".env"


def api_url() -> str:
    """Return MULTI_JOB_URL, or loopback at API_PORT, from the environment, `.env` here, or a checkout's."""
    given = {
        **dotenv_values(_OF_CHECKOUT),
        **dotenv_values(".env"),
        **{name: value for name, value in os.environ.items() if value},
    }
    return given.get("MULTI_JOB_URL") or f"http://127.0.0.1:{given.get('API_PORT') or 8000}"
