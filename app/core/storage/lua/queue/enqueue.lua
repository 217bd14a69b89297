#!lua
-- queue/enqueue: Creates runs, ready now or delayed. Safe to send again: a run that exists is a DUPLICATE.
-- needs: create, lanes
-- ARGV: max_waiting, kinds
-- ROW: run_id, inputs, trace_id, kind, scope, body_hash
--   max_waiting: most runs that may wait, or 0; kinds: JSON, the values of KIND (lib/create.lua) of each;
--   kind: its place in `kinds`, from 1; scope: of the idempotency key, or ''.
-- Keys built inside: run, runs_job, active, runs_status, ready, delayed, idempotency, quarantine, job.
-- Returns for each its seq if it was created, else {DUPLICATE | REPLAY | MISMATCH | OUTDATED | FULL | ERROR,
-- run, seq, status}. The status of a REPLAY is 'purged' if the run was removed.
local now, answers, records = now_ms(), {}, records_for(kinds)

local function replay(scope, body)
  local known = redis.call('HMGET', K.idempotency .. scope, 'body', 'run')
  if not known[1] then return nil end
  -- guard: test_idempotency_key_with_another_body_is_refused
  if known[1] ~= body then return {'MISMATCH', known[2], 0, ''} end
  local h = redis.call('HMGET', K.run .. known[2], 'seq', 'status')
  -- guard: test_idempotency_replay_of_a_purged_run_says_so
  if not h[2] then return {'REPLAY', known[2], 0, 'purged'} end
  return {'REPLAY', known[2], h[1], h[2]}
end

-- is_outdated: the run was made from another spec of its job than the stored one, if there is one.
local stored = {}
local function is_outdated(run, job, seen)
  if seen == '' then return false end
  if not stored[job] then
    local h = redis.call('HMGET', K.job .. job, 'version', 'save')
    stored[job] = h[1] and h[1] .. ':' .. (h[2] or '') or 'none'
  end
  if stored[job] == seen then return false end
  -- guard: test_a_repeat_is_answered_though_the_job_has_changed
  if exists(run) then return false end
  return true
end

-- Waiting runs are counted once for each call; the runs that the call creates are added.
local most, waits = tonumber(max_waiting), nil

local function is_full(run)
  if most == 0 then return false end
  waits = waits or redis.call('ZCARD', K.runs_status .. 'queued') + redis.call('ZCARD', K.delayed)
  -- guard: test_a_repeat_is_answered_though_the_queue_is_full
  return waits >= most and not exists(run)
end

local function enqueue(at)
  local run, scope, body = ARGV[at + ROW.run_id], ARGV[at + ROW.scope], ARGV[at + ROW.body_hash]
  local record, known = records[tonumber(ARGV[at + ROW.kind])], nil
  -- guard: test_idempotency_key_sent_again_answers_the_first_run
  if scope ~= '' then known = replay(scope, body) end
  if known then return known end
  -- guard: test_a_run_of_an_older_spec_is_not_created
  if is_outdated(run, record.job, record.kind[KIND.seen]) then return {'OUTDATED', run, 0, ''} end
  -- guard: test_a_submission_beyond_the_limit_is_refused
  if is_full(run) then return {'FULL', run, 0, ''} end
  local word, seq, status = create_run(record, run, ARGV[at + ROW.inputs], ARGV[at + ROW.trace_id], now, '')
  -- guard: test_one_batch_does_not_pass_the_limit
  if waits and word == 'OK' then waits = waits + 1 end
  if scope ~= '' then
    redis.call('HSET', K.idempotency .. scope, 'body', body, 'run', run)
    redis.call('EXPIRE', K.idempotency .. scope, 86400)
  end
  return word == 'OK' and seq or {word, run, seq, status}
end

local runs, n = {}, 0
for at = ROW.start, #ARGV - 1, ROW.width do
  n = n + 1
  runs[n] = ARGV[at + ROW.run_id]
end
read_known(runs)
write_now = n == 1
for i = 1, n do
  local answer = guarded(runs[i], enqueue, ROW.start + (i - 1) * ROW.width)
  answers[i] = answer == 'ERROR' and {'ERROR', runs[i], 0, ''} or answer
end
flush_writes()
flush_metrics()
return answers
