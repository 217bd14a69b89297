#!lua flags=allow-oom
-- deployment/claim_task: claims a chore for one scheduler for a limited time. The holder may renew or release
-- the claim.
-- ARGV: chore, scheduler, lifetime in ms (0: release), then fields of `meta` to set: the progress of the
-- chore.
-- Keys built inside: chore, meta.
-- Returns YES | NO.
local key = K.chore .. ARGV[1]
local holder = redis.call('GET', key)
-- guard: test_a_chore_has_one_scheduler_at_a_time
if holder and holder ~= ARGV[2] then return 'NO' end
if ARGV[3] == '0' then
  redis.call('DEL', key)
  return 'NO'
end
redis.call('SET', key, ARGV[2], 'PX', ARGV[3])
if ARGV[4] then redis.call('HSET', K.meta, unpack(ARGV, 4)) end
return 'YES'
