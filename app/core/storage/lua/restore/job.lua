#!lua
-- restore/job: Restores jobs without a next fire, which `restore/set_next_fire` sets after everything else is
-- restored.
-- needs: restore, specs, ledger
-- ARGV: mode, owner
-- ITEM: job, fired, limit, fields
--   fired: ranges of slots; limit: of its concurrency key and of its rate, or ''. Behind the fields: its
--   ledger, oldest first.
-- Keys built inside: restore_lock, job, versions, jobs, jobs_type, jobs_tag, jobs_enabled, jobs_target,
-- jobs_calendar, jobs_queue, queues, ready, schedule, ledger, fired, limits, limit_jobs.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | LIMIT (its key has another limit) | ERROR, or
-- LOST.
local function skip(name) return name == 'seq' or name == 'slot' or name == 'cool_until' end

local function remove_stored(job, stored, version)
  unindex_job(job, stored.type, stored.tags, stored.target, stored.calendars, stored.queue)
  remove_from_limits(job, stored.key)
  -- Later versions would be overwritten one by one.
  for number = version + 1, tonumber(stored.version) do redis.call('HDEL', K.versions .. job, number) end
end

local function restore(at, last)
  local job, limit = ARGV[at + ITEM.job], ARGV[at + ITEM.limit]
  local given, behind = read_fields(at + ITEM.fields)
  local stored = stored_hash(K.job .. job)
  local word = restore_word(stored.version, is_same(stored, given, skip))
  -- guard: test_a_restored_job_with_another_limit_is_refused
  if word ~= 'SAME' and other_limit(job, given.key, limit) then return 'LIMIT' end
  if not should_write(word) then return word end
  if stored.version then remove_stored(job, stored, tonumber(given.version)) end
  redis.call('DEL', K.job .. job)
  put_hash(K.job .. job, given)
  index_job(job, given.seq, given.type, given.tags, given.enabled, given.target, given.calendars,
    given.queue)
  set_next_fire(job, '', '')
  merge_fired(job, ARGV[at + ITEM.fired])
  if redis.call('EXISTS', K.ledger .. job) == 0 then
    for i = behind, last do redis.call('RPUSH', K.ledger .. job, ARGV[i]) end
  end
  add_to_limits(job, given.key, limit)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
