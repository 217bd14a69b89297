"""The tests of `api.test_api_routes`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_api_routes import *  # noqa: F403
