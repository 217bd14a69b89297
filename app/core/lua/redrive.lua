#!lua
-- redrive: failed -> queued, for a dead letter, fenced by the attempt that the caller saw.
-- needs: read, settle
-- ARGV: run, attempt.
-- Keys built inside: run, attempts, ready, active, dead, dead_job.
-- Returns OK | STALE | NOT_DEAD | NOT_FOUND. A redrive sent again is OK and changes nothing.
local now, run = now_ms(), ARGV[1]
local h = read(run, 'status', 'attempt', 'seq', 'rev', 'job', 'worker', 'started', 'ended', 'error', 'calls', 'dead', 'pri',
  'redriven')
if not h.status then return 'NOT_FOUND' end
if h.redriven == ARGV[2] then return 'OK' end -- guard: test_redrive_sent_again_is_ok_and_queues_once
if (h.attempt or '0') ~= ARGV[2] then return 'STALE' end -- guard: test_redrive_of_an_older_attempt_is_stale
if h.status ~= 'failed' or not h.dead then return 'NOT_DEAD' end -- guard: test_redrive_of_what_is_no_dead_letter_is_refused
remember_attempt(run, h, 'failed', tonumber(h.ended) or now, h.error, h.calls)
unbury(run, h.job)
redis.call('HSET', K.run .. run, 'status', 'queued', 'queued', now, 'rev', h.rev + 1,
  'redriven', ARGV[2])
redis.call('HDEL', K.run .. run, 'failures', 'crashes', 'ended', 'error', 'fingerprint', 'calls', 'lease')
redis.call('SADD', K.active .. h.job, run)
push(run, h.pri)
move(run, h.seq, 'failed', 'queued')
event('run.queued', h.job, run, h.seq, h.rev + 1, '{"redriven":true}')
flush_gathered()
return 'OK'
