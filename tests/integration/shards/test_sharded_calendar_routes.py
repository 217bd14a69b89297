"""The tests of `api.test_calendar_routes`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_calendar_routes import *  # noqa: F403
