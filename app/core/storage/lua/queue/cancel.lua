#!lua flags=allow-oom
-- queue/cancel: scheduled | queued | retrying -> cancelled at once; a running run is flagged.
-- needs: cancel, lanes
-- ARGV: run ids.
-- Keys built inside: run, ready, delayed, waiting, waiting_lines, active, holders, quarantine.
-- Returns for each CANCELLED | REQUESTED | TERMINAL | NOT_FOUND | ERROR.
local now, words = now_ms(), {}
for i, run in ipairs(ARGV) do words[i] = guarded(run, cancel_run, run, now) end
flush_writes()
flush_metrics()
return words
