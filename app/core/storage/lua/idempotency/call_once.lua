#!lua
-- idempotency/call_once: Stores a call that takes more than one script under its idempotency key, and later
-- its answer.
-- ARGV: scope, body_hash, answer
--   answer: the whole answer, or '' if there is none yet.
-- Keys built inside: idempotency.
-- Returns {OK | REPLAY | MISMATCH, instant of the first call, its whole answer or ''}.
local now, key = now_ms(), K.idempotency .. scope
local known = redis.call('HMGET', key, 'body', 'at', 'answer')
-- guard: test_a_call_with_another_body_is_a_mismatch
if known[1] and known[1] ~= body_hash then return {'MISMATCH', 0, ''} end
if not known[1] then
  redis.call('HSET', key, 'body', body_hash, 'at', now)
  redis.call('EXPIRE', key, 86400)
end
-- guard: test_the_first_answer_of_a_call_stays
if answer ~= '' and not known[3] then redis.call('HSET', key, 'answer', answer) end
return {known[1] and 'REPLAY' or 'OK', known[2] or now, known[3] or ''}
