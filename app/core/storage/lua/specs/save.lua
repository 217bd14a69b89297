#!lua
-- specs/save: writes a version of a spec and the job's next fire.
-- needs: specs, slots, isolation
-- ARGV: job, spec JSON, type, enabled, tags, expected version ('0' = must not exist, '*' = any), save id,
-- actor, origin, next slot or '', next score, key or '', limit, '1' where the next fire stays what it is,
-- what the job is about (job_target.py), '1' where failures of it hold its slots back for a while.
-- Keys built inside: seq, job, versions, jobs, jobs_type, jobs_tag, jobs_enabled, jobs_target, schedule,
-- limits, limit_jobs, waiting, waiting_lines, waiting_keys, holders, run, ready, isolated.
-- Returns {CREATED | UPDATED | REPEAT | EXISTS | MISSING | CONFLICT | LIMIT, version or limit}.
local now, job = now_ms(), ARGV[1]
local hash, expected, key, limit = K.job .. job, ARGV[6], ARGV[12], ARGV[13]
local h = redis.call('HMGET', hash, 'version', 'seq', 'type', 'tags', 'save', 'key', 'created', 'enabled',
  'target')
local version = tonumber(h[1] or 0)
-- guard: test_save_sent_again_makes_one_version
if h[1] and h[5] == ARGV[7] then return {'REPEAT', version} end
-- guard: test_creating_an_existing_job_is_refused
if expected == '0' and h[1] then return {'EXISTS', version} end
-- guard: test_replacing_what_does_not_exist_is_not_found
if expected ~= '0' and not h[1] then return {'MISSING', 0} end
-- guard: test_save_of_an_older_version_is_a_conflict
if expected ~= '0' and expected ~= '*' and expected ~= h[1] then return {'CONFLICT', version} end
if key ~= '' then
  local stored = redis.call('HGET', K.limits, key)
  local others = redis.call('SCARD', K.limit_jobs .. key) - redis.call('SISMEMBER', K.limit_jobs .. key, job)
  -- guard: test_two_limits_for_one_key_are_refused
  if stored and stored ~= limit and others > 0 then return {'LIMIT', tonumber(stored)} end
end
if h[1] then
  unindex_job(job, h[3], h[4], h[9])
  if h[6] ~= key then remove_from_limit(job, h[6]) end
end
version = version + 1
local seq = h[2] or redis.call('INCR', K.seq)
-- A job made again after its deletion goes on counting: its runs name versions.
if not h[1] then version = version + redis.call('HLEN', K.versions .. job) end
redis.call('HSET', hash, 'spec', ARGV[2], 'version', version, 'seq', seq, 'type', ARGV[3], 'tags', ARGV[5],
  'enabled', ARGV[4], 'save', ARGV[7], 'key', key, 'created', h[7] or now, 'updated', now,
  'target', ARGV[15] or '')
redis.call('HSET', K.versions .. job, version,
  cjson.encode({at = now, actor = ARGV[8], origin = ARGV[9], spec = ARGV[2]}))
if ARGV[4] == '1' then redis.call('HDEL', hash, 'off', 'off_by') end
-- guard: test_a_save_of_a_disabled_job_keeps_since_when_it_is
if ARGV[4] ~= '1' and h[8] ~= '0' then redis.call('HSET', hash, 'off', now, 'off_by', ARGV[8]) end
-- guard: test_a_save_without_a_cooldown_ends_it
if ARGV[16] ~= '1' then redis.call('HDEL', hash, 'cool_until') end
-- guard: test_a_new_version_ends_an_isolation
end_isolation(job, 'saved')
index_job(job, seq, ARGV[3], ARGV[5], ARGV[4], ARGV[15])
-- A slot that is due and not yet fired must not get lost by a save that has nothing to do with it.
if ARGV[14] ~= '1' or h[8] ~= ARGV[4] then set_next_fire(job, ARGV[10], ARGV[11]) end
if key ~= '' then
  redis.call('HSET', K.limits, key, limit)
  redis.call('SADD', K.limit_jobs .. key, job)
  grant_slots(key)
end
event(h[1] and 'job.updated' or 'job.created', job, '', seq, version, '')
return {h[1] and 'UPDATED' or 'CREATED', version}
