#!lua
-- specs/save: Stores a version of a spec and the job's next fire.
-- needs: specs, slots, isolation, shards/seqs, heartbeats
-- ARGV: job, spec, job_type, enabled, tags, expected, save_id, actor, origin, next_slot, next_score, key,
--   limit, keeps_fire, target, has_cooldown, calendars?, queue?
--   expected: version, '0' = must not exist, '*' = any; key: of its concurrency and of its rate, or '';
--   limit: of each; keeps_fire: '1' if the next fire does not change; target: as in `target_of`, or '';
--   has_cooldown: '1' if failures delay its slots; calendars: those that its schedule names, comma-separated;
--   queue: '' if it is `default`.
-- Keys built inside: seq, job, versions, jobs, jobs_type, jobs_tag, jobs_enabled, jobs_target,
-- jobs_calendar, jobs_queue, queues, calendars, awake, schedule, limits, limit_jobs, waiting, waiting_lines,
-- waiting_keys, holders, run, ready, isolated, ping, pings_due, monitor, monitors, monitor_ranges,
-- monitor_days, monitor_quarters, monitor_latency, pauses, incident, incidents, incidents_open,
-- incidents_due, incidents_job, incident_jobs, incident_members, incident_timeline.
-- Returns {CREATED | UPDATED | REPEAT | EXISTS | MISSING | CONFLICT | LIMIT | CALENDAR | QUEUES, version};
--   LIMIT: a key and its other limit in place of the version; CALENDAR: one that it names is gone; QUEUES:
--   its queue would be one too many, with their number in place of the version.
-- Each reclaimer walks over the four lanes of each queue.
local MOST_QUEUES = 64
local now = now_ms()
local hash = K.job .. job
local h = redis.call('HMGET', hash, 'version', 'seq', 'type', 'tags', 'save', 'key', 'created', 'enabled',
  'target', 'calendars', 'queue')
local version = tonumber(h[1] or 0)
-- guard: test_save_sent_again_makes_one_version
if h[1] and h[5] == save_id then return {'REPEAT', version} end
-- guard: test_creating_an_existing_job_is_refused
if expected == '0' and h[1] then return {'EXISTS', version} end
-- guard: test_replacing_what_does_not_exist_is_not_found
if expected ~= '0' and not h[1] then return {'MISSING', 0} end
-- guard: test_save_of_an_older_version_is_a_conflict
if expected ~= '0' and expected ~= '*' and expected ~= h[1] then return {'CONFLICT', version} end
local other = other_limit(job, key, limit)
-- guard: test_two_limits_for_one_key_are_refused
if other then return {'LIMIT', other} end
for name in (calendars or ''):gmatch('[^,]+') do
  -- guard: test_a_job_can_not_name_a_calendar_that_was_just_deleted
  if redis.call('HEXISTS', K.calendars, name) == 0 then return {'CALENDAR', 0} end
end
-- guard: test_the_number_of_queues_is_bounded
if (queue or '') ~= '' and redis.call('SISMEMBER', K.queues, queue) == 0
  and redis.call('SCARD', K.queues) >= MOST_QUEUES then
  return {'QUEUES', MOST_QUEUES}
end
if h[1] then
  unindex_job(job, h[3], h[4], h[9], h[10], h[11])
  if h[6] ~= key then remove_from_limits(job, h[6]) end
end
local old_times = h[3] == HEARTBEAT and heartbeat_job(job)
version = version + 1
local seq = h[2] or next_seq()
-- A job that is created again after its deletion continues to count, because its runs name versions.
if not h[1] then version = version + redis.call('HLEN', K.versions .. job) end
redis.call('HSET', hash, 'spec', spec, 'version', version, 'seq', seq, 'type', job_type, 'tags', tags,
  'enabled', enabled, 'save', save_id, 'key', key, 'created', h[7] or now, 'updated', now,
  'target', target or '')
redis.call('HSET', K.versions .. job, version,
  cjson.encode({at = now, actor = actor, origin = origin, spec = spec}))
if enabled == '1' then redis.call('HDEL', hash, 'off', 'off_by') end
-- guard: test_a_save_of_a_disabled_job_keeps_since_when_it_is
if enabled ~= '1' and h[8] ~= '0' then redis.call('HSET', hash, 'off', now, 'off_by', actor) end
if calendars and calendars ~= '' then
  redis.call('HSET', hash, 'calendars', calendars)
elseif h[10] then
  redis.call('HDEL', hash, 'calendars')
end
if queue and queue ~= '' then
  redis.call('HSET', hash, 'queue', queue)
elseif h[11] then
  -- guard: test_a_job_leaves_its_queue
  redis.call('HDEL', hash, 'queue')
end
-- guard: test_a_save_without_a_cooldown_ends_it
if has_cooldown ~= '1' then redis.call('HDEL', hash, 'cool_until') end
-- guard: test_a_new_version_ends_an_isolation
end_isolation(job, 'saved')
index_job(job, seq, job_type, tags, enabled, target, calendars, queue)
-- A slot that is due and not yet fired must not be lost by a save that does not change the schedule.
if keeps_fire ~= '1' or h[8] ~= enabled then set_next_fire(job, next_slot, next_score) end
if h[1] then
  change_monitor(job, h[3], h[9], job_type, target, now)
  -- guard: test_a_heartbeat_with_other_times_is_expected_by_them
  if old_times and job_type == HEARTBEAT then change_times(job, old_times, now) end
  -- guard: test_a_longer_interval_leaves_no_unknown_time
  if keeps_fire ~= '1' then expect_check(job, next_slot) end
end
add_to_limits(job, key, limit)
-- A rate that the job has no more lets those go that wait for it.
for _, name in ipairs(names_of((h[6] or '') .. ',' .. key)) do grant_slots(name) end
event(h[1] and 'job.updated' or 'job.created', job, '', seq, version, '')
return {h[1] and 'UPDATED' or 'CREATED', version}
