"""The tests of `api.test_monitor_states`, on three shards."""

from __future__ import annotations

from tests.integration.api.test_monitor_states import *  # noqa: F403

# Each shard takes the round trips of one.
del test_a_list_of_monitors_takes_few_round_trips  # noqa: F821
del test_states_cost_a_list_one_round_trip  # noqa: F821
