#!lua
-- restore/run: puts ended runs of an export back, with attempts and log, into every index.
-- needs: restore, finalize
-- ARGV: mode, owner, then for each: how many values follow, run, '1' where it had not ended when it was read,
-- '1' where the export has logs, its log, how many values its fields have, the fields, then its attempts.
-- Keys built inside: restore_lock, run, attempts, log, log_packed, runs, runs_job, runs_status, dead,
-- dead_job.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: what is stored is
-- active, or has ended since.
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
  -- Where lines still stand alone, the export has packed them.
  return redis.call('EXISTS', K.log .. run) == 1 or (redis.call('GET', K.log_packed .. run) or '') == log
end

local function take_out(run, stored)
  redis.call('ZREM', K.runs_status .. stored.status, run)
  redis.call('ZREM', K.runs_job .. stored.job, run)
  remove_dead_letter(run, stored.job)
end

local function restore(first, last)
  local run, cut, logs, log = ARGV[first], ARGV[first + 1] == '1', ARGV[first + 2] == '1', ARGV[first + 3]
  local given, behind = read_fields(first + 4)
  local stored = stored_hash(K.run .. run)
  local unchanged = is_same(stored, given, skip) and same_attempts(run, behind, last)
    and (not logs or same_log(run, log))
  -- guard: test_a_run_that_went_on_is_kept
  local word = restore_word(stored.status, unchanged, cut or not ENDED[stored.status])
  if not should_write(word) then return word end
  if stored.status then take_out(run, stored) end
  redis.call('DEL', K.run .. run, K.attempts .. run)
  put_hash(K.run .. run, given)
  for i = behind, last do redis.call('RPUSH', K.attempts .. run, ARGV[i]) end
  if logs then
    redis.call('DEL', K.log .. run, K.log_packed .. run)
    if log ~= '' then redis.call('SET', K.log_packed .. run, log) end
  end
  redis.call('ZADD', K.runs, given.seq, run)
  redis.call('ZADD', K.runs_job .. given.job, given.seq, run)
  redis.call('ZADD', K.runs_status .. given.status, given.seq, run)
  if given.dead then add_dead_letter(run, given.job, given.seq) end
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
