#!lua
-- queue/dispatch_chains: Creates the runs that ended runs have triggered. An entry is deleted in the same
-- call that creates its run.
-- needs: create, lanes
-- ARGV: none.
-- ROW: entry, parent_job, parent_run, problem, RUN
--   problem: why the entry creates no run (JSON), or ''.
-- Keys built inside: chains, run, runs, runs_job, active, runs_status, ready, quarantine.
-- Returns for each OK | DUPLICATE | GONE (another scheduler was first) | DROPPED | ERROR.
local now, words = now_ms(), {}

local function drop_entry(at, why)
  event('chain.dropped', ARGV[at + ROW.parent_job], ARGV[at + ROW.parent_run], 0, 0, why)
  count('chain_dropped')
end

local function dispatch(at)
  local problem = ARGV[at + ROW.problem]
  -- guard: test_an_entry_becomes_a_run_by_one_scheduler
  if redis.call('XDEL', K.chains, ARGV[at + ROW.entry]) == 0 then return 'GONE' end
  if problem ~= '' then
    drop_entry(at, problem)
    return 'DROPPED'
  end
  return (create_row(at + ROW.RUN, now, ''))
end

for at = ROW.start, #ARGV - 1, ROW.width do
  local word = guarded(ARGV[at + ROW.parent_run], dispatch, at)
  if word == 'ERROR' then
    drop_entry(at, cjson.encode({target = ARGV[at + ROW.RUN + RUN.KIND + KIND.job_id], reason = 'damaged'}))
  end
  words[#words + 1] = word
end
flush_writes()
flush_metrics()
return words
