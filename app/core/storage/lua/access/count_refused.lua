#!lua
-- access/count_refused: adds what a process has refused since its last report; safe to send again.
-- ARGV: instance, then (reason, its count that was acknowledged before, its count now) each; 32 at most.
-- Keys built inside: instance, metrics.
-- Returns OK | SILENT (the process has no hash: it sent no heartbeat, or its hash has expired).
local mine = K.instance .. ARGV[1]
-- guard: test_refusals_wait_for_the_heartbeat
if redis.call('EXISTS', mine) == 0 then return 'SILENT' end
for i = 2, #ARGV, 3 do
  local field, seen, now = 'refused:' .. ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2])
  -- The greater of the two: an answer may be lost, and the hash may have expired meanwhile.
  -- guard: test_refusals_sent_again_count_once
  seen = math.max(seen, tonumber(redis.call('HGET', mine, field) or 0))
  if now > seen then redis.call('HINCRBY', K.metrics, 'refused|' .. ARGV[i], now - seen) end
  redis.call('HSET', mine, field, now)
end
return 'OK'
