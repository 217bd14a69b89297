"""Writes events as the scripts do: those of a batch share entries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.core.activity.events import events_of
from app.core.storage.scripts import compose

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

_WRITE = """#!lua
-- needs: batch
local number = tonumber(ARGV[1])
for i = 2, #ARGV do
  if ARGV[i] == 'at once' then
    event('job.updated', 'job-' .. number % 3, '', number + 1, 1, '')
    number = number + 1
  else
    for _ = 1, tonumber(ARGV[i]) do
      batch_event('run.queued', 'job-' .. number % 3, 'R' .. number, number + 1, 1, '')
      number = number + 1
    end
    if i % 2 == 0 then flush_writes() end
  end
end
flush_writes()
return number
"""
AT_ONCE = "at once"


def compose_writer(keys: Keys) -> str:
    """Return the script of `write_batches`."""
    return compose("any", keys, _WRITE)


async def write_batches(
    link: RedisLink, keys: Keys, batches: Iterable[int | str], first: int = 0
) -> list[str]:
    """Write events with the seqs `first + 1`, …; return the ids of all that the stream has.

    A number is a batch of so many events; each second one is written together with the next. AT_ONCE is one
    event that a script writes at once, behind a batch that it still keeps.
    """
    await link.call("EVAL", compose_writer(keys), 1, keys.seq, first, *batches)
    return [event_id for event_id, _ in events_of(await link.call("XRANGE", keys.events, "-", "+"))]
