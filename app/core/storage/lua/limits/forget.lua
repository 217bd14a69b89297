#!lua flags=allow-oom
-- limits/forget: Removes, from the first shard, the grants of a key that no job names, once none is left.
-- ARGV: name
-- Keys built inside: limit_grants.
-- Returns OK | USED.
for _, grant in ipairs(redis.call('HVALS', K.limit_grants .. name)) do
  -- guard: test_grants_in_use_are_not_forgotten
  if grant:match('^%d+') ~= '0' then return 'USED' end
end
redis.call('DEL', K.limit_grants .. name)
return 'OK'
