#!lua flags=allow-oom
-- outbox/put: lays a message into the outbox, once for each id; another message under its id is refused.
-- needs: tool_call, outbox
-- ARGV: run, lease ('' where no attempt stands behind it), number of the call, job, message, account, to,
-- text, digest, '1' where a message that was not delivered is laid in anew, whatever it says (alarms),
-- buttons as JSON, or nothing.
-- Keys built inside: run, outbox, outbox_due, outbox_sending, outbox_state, seq, bell.
-- Returns {OK | EXISTS | MISMATCH, the message's hash} | LOST.
local run, lease, job, id, account = ARGV[1], ARGV[2], ARGV[4], ARGV[5], ARGV[6]
-- guard: test_put_of_a_lost_lease_is_refused
if lease ~= '' and not holds_lease(run, lease) then return {'LOST'} end
local now, put, key = now_ms(), run .. '|' .. ARGV[3], K.outbox .. id
local h = read_message(id, 'state', 'seq', 'account', 'digest', 'put', 'created')

local function existing_word()
  if not h.state then return nil end
  -- guard: test_put_sent_again_lays_one_message
  if h.put == put then return 'EXISTS' end
  -- guard: test_put_of_another_message_is_a_mismatch
  if ARGV[10] ~= '1' then return h.digest == ARGV[9] and 'EXISTS' or 'MISMATCH' end
  -- guard: test_alarm_that_was_delivered_is_not_laid_in_anew
  if h.state ~= 'failed' and h.state ~= 'unknown' then return 'EXISTS' end
end

local word = existing_word()
if word then return {word, redis.call('HGETALL', key)} end
if h.state then redis.call('ZREM', K.outbox_state .. h.state, id) end
local seq = h.seq or redis.call('INCR', K.seq)
redis.call('HDEL', key, 'send', 'settled', 'provider', 'pstate', 'pstate_at', 'error', 'code', 'due',
  'buttons')
redis.call('HSET', key, 'account', account, 'to', ARGV[7], 'text', ARGV[8], 'digest', ARGV[9], 'put', put,
  'job', job, 'run', run, 'seq', seq, 'created', h.created or now)
if ARGV[11] then redis.call('HSET', key, 'buttons', ARGV[11]) end
move_message(id, {seq = seq, account = account}, 'pending', now)
return {'OK', redis.call('HGETALL', key)}
