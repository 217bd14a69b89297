"""The tests of `api.test_status_pages`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_status_pages import *  # noqa: F403
