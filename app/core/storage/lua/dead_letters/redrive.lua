#!lua
-- dead_letters/redrive: failed -> queued | scheduled, for dead letters, each fenced by the attempt that the
-- caller saw.
-- needs: finalize, lanes
-- ARGV: none.
-- ROW: run, attempt, delay_ms
-- Keys built inside: run, attempts, log_packed, ready, delayed, active, dead, dead_job, quarantine.
-- Returns for each OK | STALE | NOT_DEAD | NOT_FOUND | ERROR. A redrive that is sent again is OK and changes
-- nothing.
local now, words = now_ms(), {}

local function redrive_later(run, h, due)
  redis.call('HSET', K.run .. run, 'status', 'scheduled', 'due', due, 'rev', h.rev + 1)
  delay(run, due)
  move_status(run, h.seq, 'failed', 'scheduled')
  batch_event('run.scheduled', h.job, run, h.seq, h.rev + 1, '{"redriven":true,"due":' .. text(due) .. '}')
end

local function redrive_now(run, h)
  redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1)
  enter_lane(run, h.pri, h.seq, h.job, h.overlap, h.key)
  move_status(run, h.seq, 'failed', 'queued')
  batch_event('run.queued', h.job, run, h.seq, h.rev + 1, '{"redriven":true}')
end

local function redrive(run, attempt, wait)
  local h = read(K.run .. run, 'status', 'attempt', 'seq', 'rev', 'job', 'worker', 'started', 'ended',
    'error', 'calls', 'dead', 'pri', 'redriven', 'overlap', 'key')
  if not h.status then return 'NOT_FOUND' end
  -- guard: test_redrive_sent_again_is_ok_and_queues_once
  if h.redriven == attempt then return 'OK' end
  -- guard: test_redrive_of_an_older_attempt_is_stale
  if (h.attempt or '0') ~= attempt then return 'STALE' end
  -- guard: test_redrive_of_what_is_no_dead_letter_is_refused
  if h.status ~= 'failed' or not h.dead then return 'NOT_DEAD' end
  remember_attempt(run, h, 'failed', tonumber(h.ended) or now, h.error, h.calls)
  remove_dead_letter(run, h.job)
  redis.call('HSET', K.run .. run, 'redriven', attempt)
  -- The next end of the run must keep the log of earlier attempts.
  -- guard: test_a_redriven_run_keeps_its_log
  if redis.call('EXISTS', K.log_packed .. run) == 1 then
    redis.call('HSETNX', K.run .. run, 'logged', '0:0')
  end
  redis.call('HDEL', K.run .. run, 'failures', 'crashes', 'ended', 'error', 'fingerprint', 'calls', 'lease',
    'lost', 'lost_since', 'gaps')
  redis.call('SADD', K.active .. h.job, run)
  if wait > 0 then redrive_later(run, h, now + wait) else redrive_now(run, h) end
  return 'OK'
end

for at = ROW.start, #ARGV - 1, ROW.width do
  local run, wait = ARGV[at + ROW.run], tonumber(ARGV[at + ROW.delay_ms])
  words[#words + 1] = guarded(run, redrive, run, ARGV[at + ROW.attempt], wait)
end
flush_writes()
return words
