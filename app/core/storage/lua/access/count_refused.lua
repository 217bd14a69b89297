#!lua
-- access/count_refused: Adds to the counts of requests that a process has refused. Safe to send again.
-- ARGV: instance
-- ROW: reason, acknowledged, total
--   acknowledged: the total that was confirmed before. 32 rows at most.
-- Keys built inside: instance, metrics.
-- Returns OK | SILENT (the process has no hash: it sent no heartbeat, or its hash has expired).
local hash = K.instance .. instance
-- guard: test_refusals_wait_for_the_heartbeat
if redis.call('EXISTS', hash) == 0 then return 'SILENT' end
for at = ROW.start, #ARGV - 1, ROW.width do
  local reason, total = ARGV[at + ROW.reason], tonumber(ARGV[at + ROW.total])
  local field, seen = 'refused:' .. reason, tonumber(ARGV[at + ROW.acknowledged])
  -- The greater of the two: an answer may be lost, and the hash may have expired meanwhile.
  -- guard: test_refusals_sent_again_count_once
  seen = math.max(seen, tonumber(redis.call('HGET', hash, field) or 0))
  if total > seen then redis.call('HINCRBY', K.metrics, 'refused|' .. reason, total - seen) end
  redis.call('HSET', hash, field, total)
end
return 'OK'
