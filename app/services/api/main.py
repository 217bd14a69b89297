"""`python -m uvicorn app.services.api.main:app --host 127.0.0.1 --port 8000`."""

from __future__ import annotations

import gc

# What the imports make stays, so looking for garbage among it only takes time.
gc.disable()

from app.services.api.app import create_app

app = create_app()
gc.freeze()
gc.enable()
