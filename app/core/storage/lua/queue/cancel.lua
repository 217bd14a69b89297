#!lua flags=allow-oom
-- queue/cancel: scheduled | queued | retrying -> cancelled at once. A running run gets a flag, and its worker
-- is notified.
-- needs: cancel, lanes
-- ARGV: none.
-- ROW: run
-- Keys built inside: run, ready, delayed, waiting, waiting_lines, active, holders, quarantine.
-- Returns for each CANCELLED | REQUESTED | TERMINAL | NOT_FOUND | ERROR.
local now, words = now_ms(), {}
for i, run in ipairs(ARGV) do words[i] = guarded(run, cancel_run, run, now) end
flush_writes()
flush_metrics()
return words
