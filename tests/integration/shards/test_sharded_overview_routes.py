"""The tests of `api.test_overview_routes`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_overview_routes import *  # noqa: F403

# Retention and promotion work in each shard, and each takes the round trips of one.
del test_platform_is_read_in_two_round_trips  # noqa: F821
del test_platform_shows_its_own_memory_by_kind  # noqa: F821
del test_counts_say_that_runs_were_removed  # noqa: F821
del test_counts_are_those_of_the_lists  # noqa: F821
