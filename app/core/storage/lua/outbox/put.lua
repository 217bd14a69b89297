#!lua flags=allow-oom
-- outbox/put: Adds a message to the outbox, once for each id. Another message under the same id is refused.
-- needs: tool_call, outbox
-- ARGV: run, lease, call, job, message, account, recipient, body, digest, replaces, buttons?, slot?,
--   expires?, failure?
--   lease: '' without an attempt; call: number of the call; replaces: '1' to replace a message that was not
--   delivered, whatever its text (alarms); buttons: JSON; slot: when it is due; expires: from when on it
--   is not sent any more, with this failure.
-- Keys built inside: run, outbox, outbox_due, outbox_sending, outbox_state, seq, notify.
-- Returns {OK | EXISTS | MISMATCH, the message's hash} | LOST.
-- guard: test_put_of_a_lost_lease_is_refused
if lease ~= '' and not holds_lease(run, lease) then return {'LOST'} end
local now, put, key = now_ms(), run .. '|' .. call, K.outbox .. message
local h = read(K.outbox .. message, 'state', 'seq', 'account', 'digest', 'put', 'created')

local function existing_word()
  if not h.state then return nil end
  -- guard: test_put_sent_again_lays_one_message
  if h.put == put then return 'EXISTS' end
  -- guard: test_put_of_another_message_is_a_mismatch
  if replaces ~= '1' then return h.digest == digest and 'EXISTS' or 'MISMATCH' end
  -- guard: test_alarm_that_was_delivered_is_not_queued_again
  if h.state ~= 'failed' and h.state ~= 'unknown' then return 'EXISTS' end
end

local word = existing_word()
if not word then
  put_message(message, h, {account = account, recipient = recipient, body = body, digest = digest, put = put,
    job = job, run = run, buttons = buttons, slot = slot, expires = expires}, now)
end
if (expires or '') ~= '' then
  local stored = read(key, 'state', 'seq', 'account', 'expires', 'doubt')
  if stored.state == 'pending' then expire_message(message, stored, failure, now) end
end
return {word or 'OK', redis.call('HGETALL', key)}
