#!lua
-- restore/incident: Restores incidents with jobs, members, messages and timeline. It makes no message due:
-- the people who had to hear of them have.
-- needs: restore
-- ARGV: mode, owner
-- ITEM: incident, fields
--   Behind the fields: jobs with the instants of their first failures, members with '', deliveries by their
--   places, each like the fields, then the entries of the timeline.
-- Keys built inside: restore_lock, incident, incidents, incidents_open, incidents_due, incidents_job,
-- incident_jobs, incident_members, incident_timeline, incident_deliveries.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: the stored incident
-- has gone on since, or its cause has another open one.
local function skip(name) return name == 'seq' end

local function remove_stored(id, stored)
  for _, job in ipairs(redis.call('ZRANGE', K.incident_jobs .. id, 0, -1)) do
    redis.call('ZREM', K.incidents_job .. job, id)
  end
  if redis.call('HGET', K.incidents_open, stored.key) == id then
    redis.call('HDEL', K.incidents_open, stored.key)
  end
  for _, state in ipairs({'open', 'closed'}) do redis.call('ZREM', K.incidents .. state, id) end
  redis.call('ZREM', K.incidents_due, id)
  redis.call('DEL', K.incident .. id, K.incident_jobs .. id, K.incident_members .. id,
    K.incident_timeline .. id, K.incident_deliveries .. id)
end

local function add_indexes(id, given)
  local state = given.closed and 'closed' or 'open'
  redis.call('ZADD', K.incidents .. state, given.seq, id)
  if not given.closed then redis.call('HSET', K.incidents_open, given.key, id) end
end

local function restore(at, last)
  local id = ARGV[at + ITEM.incident]
  local given, behind = read_fields(at + ITEM.fields)
  local jobs, members, deliveries
  jobs, behind = read_fields(behind)
  members, behind = read_fields(behind)
  deliveries, behind = read_fields(behind)
  local stored = stored_hash(K.incident .. id)
  local unchanged = is_same(stored, given, skip)
    and redis.call('LLEN', K.incident_timeline .. id) == last - behind + 1
  -- guard: test_an_incident_that_went_on_is_kept
  local went_on = stored.key == given.key and stored.opened == given.opened
  local other = redis.call('HGET', K.incidents_open, given.key)
  -- guard: test_a_cause_has_one_open_incident_after_a_restore
  if not stored.key and not given.closed and other and other ~= id then return 'KEPT' end
  local word = restore_word(stored.key, unchanged, went_on)
  if not should_write(word) then return word end
  if stored.key then remove_stored(id, stored) end
  put_hash(K.incident .. id, given)
  for job, first in pairs(jobs) do
    redis.call('ZADD', K.incident_jobs .. id, first, job)
    redis.call('ZADD', K.incidents_job .. job, given.seq, id)
  end
  for member in pairs(members) do redis.call('SADD', K.incident_members .. id, member) end
  put_hash(K.incident_deliveries .. id, deliveries)
  for i = behind, last do redis.call('RPUSH', K.incident_timeline .. id, ARGV[i]) end
  add_indexes(id, given)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
