"""The tests of `api.test_alerting_routes`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_alerting_routes import *  # noqa: F403
