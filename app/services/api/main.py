"""`python -m uvicorn app.services.api.main:app --host 127.0.0.1 --port 8000`."""

from __future__ import annotations

from app.services.api.app import create_app

app = create_app()
