#!lua flags=allow-oom
-- outbox/expire_senders: sending -> unknown, for messages whose sender is gone. It is not known if they were
-- sent, so they are not sent again.
-- needs: outbox
-- ARGV: account, owner, patience_ms
--   owner: the caller, `<instance>` or `<instance>/<task>`, or ''; a send id is `<owner>:<n>`.
--   patience_ms: a sender that was silent for longer is gone.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, instances, meta, notify.
-- Returns the messages.
local page = redis.call('ZRANGE', K.outbox_sending .. account, 0, 255, 'WITHSCORES')
if #page == 0 then return page end
local now, CODE = now_ms(), 'outcome_unknown'

-- A process is gone if the heartbeats have removed it from the list; its hash may expire while Redis is away.
local judge_from = tonumber(redis.call('HGET', K.meta, 'judge_from') or 0)

local function is_sender_gone(send, since)
  local sender = send:match('^(.*):[^:]*$') or ''
  local process = sender:match('^[^/]+') or ''
  local heard = tonumber(redis.call('ZSCORE', K.instances, process) or 0)
  -- Only the time in which the sender could report counts.
  -- guard: test_orphan_of_a_silent_sender_is_unknown_in_time
  if heard - math.max(since, judge_from) > tonumber(patience_ms) then return true end
  -- guard: test_message_of_a_living_sender_is_no_orphan
  if sender == owner then return false end
  -- An earlier task of the caller's own process.
  if owner ~= '' and process == owner:match('^[^/]+') then return true end
  -- guard: test_message_of_a_living_sender_is_no_orphan
  if heard > 0 then return false end
  return true
end

local found = {}
for i = 1, #page, 2 do
  local id = page[i]
  local h = read(K.outbox .. id, 'state', 'seq', 'account', 'send')
  if h.state ~= 'sending' then
    redis.call('ZREM', K.outbox_sending .. account, id)
  elseif is_sender_gone(h.send or '', tonumber(page[i + 1])) then
    redis.call('HSET', K.outbox .. id, 'code', CODE)
    texts.set(K.outbox .. id, 'error',
      texts.message('Its sender stopped in the middle: it may or may not have been sent.'))
    move_message(id, h, 'unknown', now)
    found[#found + 1] = id
  end
end
return found
