#!lua flags=allow-oom
-- queue/remove_consumers: forgets consumers that hold nothing; one that still has entries stays until they
-- are reclaimed.
-- ARGV: lane, then consumers; none: all that were idle for the first number of milliseconds.
-- Keys built inside: ready.
-- Returns how many were forgotten.
local gone, KEPT = 0, {reclaim = true, heal = true}
local ok, consumers = pcall(redis.call, 'XINFO', 'CONSUMERS', K.ready .. ARGV[1], GROUP)
if not ok then return 0 end
for _, c in ipairs(consumers) do
  local name, pending, idle = c[2], c[4], c[6]
  local meant = name == ARGV[3] or (ARGV[3] == nil and idle > tonumber(ARGV[2]))
  -- guard: test_the_mark_of_a_lane_is_not_forgotten
  if KEPT[name] then meant = false end
  -- guard: test_a_consumer_with_entries_is_not_forgotten
  if pending > 0 then meant = false end
  if meant then
    redis.call('XGROUP', 'DELCONSUMER', K.ready .. ARGV[1], GROUP, name)
    gone = gone + 1
  end
end
return gone
