#!lua flags=allow-oom
-- queue/remove_consumers: Removes consumers that hold no entries. One that still has entries stays until they
-- are reclaimed.
-- ARGV: lane, idle_ms, consumer?
--   consumer: the one to remove; without it, all that were idle for `idle_ms`.
-- Keys built inside: ready.
-- Returns how many were removed.
local removed, KEPT = 0, {reclaim = true, heal = true}
local ok, consumers = pcall(redis.call, 'XINFO', 'CONSUMERS', K.ready .. lane, GROUP)
if not ok then return 0 end
for _, c in ipairs(consumers) do
  local name, pending, idle = c[2], c[4], c[6]
  local is_meant = name == consumer or (consumer == nil and idle > tonumber(idle_ms))
  -- guard: test_the_mark_of_a_lane_is_not_forgotten
  if KEPT[name] then is_meant = false end
  -- guard: test_a_consumer_with_entries_is_not_forgotten
  if pending > 0 then is_meant = false end
  if is_meant then
    redis.call('XGROUP', 'DELCONSUMER', K.ready .. lane, GROUP, name)
    removed = removed + 1
  end
end
return removed
