"""The tests of `api.test_bulk_runs`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_bulk_runs import *  # noqa: F403
