"""The address of the API for commands and programs."""

from __future__ import annotations

import os

from dotenv import dotenv_values


def api_url() -> str:
    """Return MULTI_JOB_URL, or loopback at API_PORT, from the environment or `.env` here."""
    given = {**dotenv_values(".env"), **{name: value for name, value in os.environ.items() if value}}
    return given.get("MULTI_JOB_URL") or f"http://127.0.0.1:{given.get('API_PORT') or 8000}"
