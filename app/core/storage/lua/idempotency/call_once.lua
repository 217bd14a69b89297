#!lua
-- idempotency/call_once: the record of a key under which a caller sends something that takes more than one
-- script.
-- ARGV: idempotency scope, hash of the body, the whole answer or '' while there is none.
-- Keys built inside: idempotency.
-- Returns {OK | REPLAY | MISMATCH, instant of the first call, its whole answer or ''}.
local now, key = now_ms(), K.idempotency .. ARGV[1]
local known = redis.call('HMGET', key, 'body', 'at', 'answer')
-- guard: test_a_call_with_another_body_is_a_mismatch
if known[1] and known[1] ~= ARGV[2] then return {'MISMATCH', 0, ''} end
if not known[1] then
  redis.call('HSET', key, 'body', ARGV[2], 'at', now)
  redis.call('EXPIRE', key, 86400)
end
-- guard: test_the_first_answer_of_a_call_stays
if ARGV[3] ~= '' and not known[3] then redis.call('HSET', key, 'answer', ARGV[3]) end
return {known[1] and 'REPLAY' or 'OK', known[2] or now, known[3] or ''}
