#!lua
-- enqueue: creates runs, ready now or delayed. Safe to send again: a run that exists is a DUPLICATE.
-- needs: create, shield
-- ARGV[1] how many; then for each: 14 values of the run (lib/create.lua), idempotency scope, body hash.
-- Keys built inside: run, runs_job, active, runs_status, ready, idempotency, quarantine.
-- Returns for each {OK | DUPLICATE | REPLAY | MISMATCH | ERROR, run, seq, status}.
local now, answers, WIDTH = now_ms(), {}, 16

local function replay(scope, body)
  local known = redis.call('HMGET', K.idempotency .. scope, 'body', 'run')
  if not known[1] then return nil end
  if known[1] ~= body then return {'MISMATCH', known[2], 0, ''} end -- guard: test_idempotency_key_with_another_body_is_refused
  local h = redis.call('HMGET', K.run .. known[2], 'seq', 'status')
  return {'REPLAY', known[2], h[1] or 0, h[2] or ''}
end

local function enqueue(at)
  local run, scope, body = ARGV[at + 1], ARGV[at + 15], ARGV[at + 16]
  local known
  if scope ~= '' then known = replay(scope, body) end -- guard: test_idempotency_key_sent_again_answers_the_first_run
  if known then return known end
  local word, seq, status = create_run(at, now, '')
  if scope ~= '' then
    redis.call('HSET', K.idempotency .. scope, 'body', body, 'run', run)
    redis.call('EXPIRE', K.idempotency .. scope, 86400)
  end
  return {word, run, seq, status}
end

for i = 1, tonumber(ARGV[1]) do
  local at = 1 + (i - 1) * WIDTH
  local answer = shielded(ARGV[at + 1], enqueue, at)
  answers[i] = answer == 'ERROR' and {'ERROR', ARGV[at + 1], 0, ''} or answer
end
flush_gathered()
flush_tally()
return answers
