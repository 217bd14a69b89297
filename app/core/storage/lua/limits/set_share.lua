#!lua flags=allow-oom
-- limits/set_share: Changes this shard's part of a limit, if it is still as the caller read it, and starts
-- what a larger one lets start.
-- needs: slots
-- ARGV: name, share, seen
--   share: `number|version` or '' to remove it; seen: the one that the caller read, or ''.
-- Keys built inside: limits, limit_shares, holders, starts, waiting, waiting_lines, waiting_keys, rate_wakes,
-- run, ready.
-- Returns {OK | STALE, use}. Runs that use more than a smaller share go on to their end.
local known = redis.call('HGET', K.limit_shares, name) or ''
-- guard: test_a_share_that_has_changed_stays
if known ~= seen and known ~= share then return {'STALE', use_of(name)} end
if share == '' then
  redis.call('HDEL', K.limit_shares, name)
else
  redis.call('HSET', K.limit_shares, name, share)
end
for _, waited in ipairs(redis.call('SMEMBERS', K.waiting_keys)) do
  if waited:match('^[^/]+') == name then
    -- guard: test_a_larger_share_starts_what_waits
    grant_slots(waited)
    if is_rate(waited) then plan_wake(waited, now_ms()) end
  end
end
return {'OK', use_of(name)}
