"""The tests of `api.test_queue_routes`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_queue_routes import *  # noqa: F403
