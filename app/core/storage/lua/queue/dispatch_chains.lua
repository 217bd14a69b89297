#!lua
-- queue/dispatch_chains: what ended runs have started becomes runs; an entry goes with its run, in the same
-- call.
-- needs: create, lanes
-- ARGV, for each 19: entry, job and run that it comes from, why it makes no run (JSON) or '', then the run's
-- 15 values (lib/create.lua).
-- Keys built inside: chains, run, runs, runs_job, active, runs_status, ready, quarantine.
-- Returns for each OK | DUPLICATE | GONE (somebody else was first) | DROPPED | ERROR.
local now, WIDTH, words = now_ms(), 19, {}

local function drop_entry(at, why)
  event('chain.dropped', ARGV[at + 2], ARGV[at + 3], 0, 0, why)
  count('chain_dropped')
end

local function dispatch(at)
  -- guard: test_an_entry_becomes_a_run_by_one_scheduler
  if redis.call('XDEL', K.chains, ARGV[at + 1]) == 0 then return 'GONE' end
  if ARGV[at + 4] ~= '' then
    drop_entry(at, ARGV[at + 4])
    return 'DROPPED'
  end
  return (create_run(at + 4, now, ''))
end

for i = 0, #ARGV / WIDTH - 1 do
  local at = i * WIDTH
  words[i + 1] = guarded(ARGV[at + 3], dispatch, at)
  if words[i + 1] == 'ERROR' then
    drop_entry(at, cjson.encode({target = ARGV[at + 6], reason = 'damaged'}))
  end
end
flush_writes()
flush_metrics()
return words
