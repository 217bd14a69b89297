#!lua
-- queue/receive_chained: Creates runs that ended runs of another shard have triggered. Their entries still
-- exist, so each may come again. The runs are remembered: one may end and be removed before its entry.
-- needs: create, lanes
-- ARGV: none.
-- ROW: RUN
-- Keys built inside: chained, run, runs, runs_job, active, runs_status, ready, quarantine.
-- Returns for each OK | DUPLICATE | ERROR.
local HOUR_MS, KEPT_MS = 3600000, 40 * 86400000
local now, words = now_ms(), {}

local function receive(at)
  local run = ARGV[at + RUN.run_id]
  -- guard: test_a_chained_run_that_was_removed_is_not_made_again
  if redis.call('ZSCORE', K.chained, run) then return 'DUPLICATE' end
  local word = create_row(at, now, '')
  redis.call('ZADD', K.chained, now + KEPT_MS, run)
  return word
end

for at = ROW.start, #ARGV - 1, ROW.width do
  words[#words + 1] = guarded(ARGV[at + RUN.run_id], receive, at)
end
redis.call('ZREMRANGEBYSCORE', K.chained, '-inf', now - HOUR_MS)
flush_writes()
flush_metrics()
return words
