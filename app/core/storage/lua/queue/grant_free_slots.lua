#!lua flags=allow-oom
-- queue/grant_free_slots: Grants free slots of concurrency keys to waiting runs: after a limit was raised, or
-- as a safety net.
-- needs: finalize
-- ARGV: max_keys, worker_slots?
--   worker_slots: of all live workers, the default for all runs of a key with groups.
-- Keys built inside: meta, waiting_keys, waiting, waiting_lines, holders, run, ready.
-- Returns how many keys were looked at.
if worker_slots then redis.call('HSET', K.meta, 'worker_slots', worker_slots) end
local names = redis.call('SRANDMEMBER', K.waiting_keys, max_keys)
for _, name in ipairs(names) do
  -- A holder whose run has ended or gone (purged by hand, restored) would block the key for ever.
  for _, run in ipairs(redis.call('SRANDMEMBER', K.holders .. name, 64)) do
    local ok, status = pcall(redis.call, 'HGET', K.run .. run, 'status')
    if not ok or (status ~= 'running' and status ~= 'queued') then
      redis.call('SREM', K.holders .. name, run)
    end
  end
  grant_slots(name)
  if is_rate(name) then plan_wake(name, now_ms()) end
end
return #names
