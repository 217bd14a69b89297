#!lua
-- restore/run: Restores ended runs with attempts and log, in every index.
-- needs: restore, finalize
-- ARGV: mode, owner
-- ITEM: run, was_active, has_logs, log, fields
--   was_active: '1' if it had not ended when it was exported; has_logs: '1' if the export has logs.
--   Behind the fields: its attempts.
-- Keys built inside: restore_lock, run, attempts, log, log_packed, runs, runs_job, runs_status, dead,
-- dead_job, job, successes.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: the stored run is
-- active or has ended since.
local ENDED = {success = true, failed = true, cancelled = true}

local function skip(name) return name == 'seq' end

local function same_attempts(run, first, last)
  local stored = redis.call('LRANGE', K.attempts .. run, 0, -1)
  for i, attempt in ipairs(stored) do
    if ARGV[first + i - 1] ~= attempt then return false end
  end
  return #stored == last - first + 1
end

local function same_log(run, log)
  -- The export has packed the lines of a log that is not packed here.
  return redis.call('EXISTS', K.log .. run) == 1 or (redis.call('GET', K.log_packed .. run) or '') == log
end

local function remove_stored(run, stored)
  redis.call('ZREM', K.runs_status .. stored.status, run)
  redis.call('ZREM', K.runs_job .. stored.job, run)
  remove_dead_letter(run, stored.job)
end

local function restore_success(job, ended)
  if redis.call('EXISTS', K.job .. job) == 1 then redis.call('ZADD', K.successes, 'GT', ended, job) end
end

local function restore(at, last)
  local run, was_active = ARGV[at + ITEM.run], ARGV[at + ITEM.was_active] == '1'
  local has_logs, log = ARGV[at + ITEM.has_logs] == '1', ARGV[at + ITEM.log]
  local given, behind = read_fields(at + ITEM.fields)
  local stored = stored_hash(K.run .. run)
  local unchanged = is_same(stored, given, skip) and same_attempts(run, behind, last)
    and (not has_logs or same_log(run, log))
  -- guard: test_a_run_that_went_on_is_kept
  local word = restore_word(stored.status, unchanged, was_active or not ENDED[stored.status])
  if not should_write(word) then return word end
  if stored.status then remove_stored(run, stored) end
  redis.call('DEL', K.run .. run, K.attempts .. run)
  put_hash(K.run .. run, given)
  for i = behind, last do redis.call('RPUSH', K.attempts .. run, ARGV[i]) end
  if has_logs then
    redis.call('DEL', K.log .. run, K.log_packed .. run)
    if log ~= '' then redis.call('SET', K.log_packed .. run, log) end
  end
  redis.call('ZADD', K.runs, given.seq, run)
  redis.call('ZADD', K.runs_job .. given.job, given.seq, run)
  redis.call('ZADD', K.runs_status .. given.status, given.seq, run)
  -- guard: test_a_restored_success_is_the_last_one_of_its_job
  if given.status == 'success' and given.ended then restore_success(given.job, given.ended) end
  if given.dead then add_dead_letter(run, given.job, given.seq, true) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
