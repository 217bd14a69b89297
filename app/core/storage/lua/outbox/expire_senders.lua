#!lua flags=allow-oom
-- outbox/expire_senders: sending -> unknown, for messages of an account whose sender is gone: nobody can say
-- whether they were sent, so they are not sent again.
-- needs: outbox
-- ARGV: account, owner who asks ('' for none), ms after which no sender is waited for.
-- Keys built inside: outbox, outbox_due, outbox_sending, outbox_state, instances, meta, bell.
-- Returns the messages. An owner is `<instance>` or `<instance>/<task>`, a send id `<owner>:<n>`.
local now, account, me, patience = now_ms(), ARGV[1], ARGV[2], tonumber(ARGV[3])
local CODE = 'outcome_unknown'

-- A process is gone once the heartbeats have taken it off the list; its hash may lapse while Redis is away.
local judge_from = tonumber(redis.call('HGET', K.meta, 'judge_from') or 0)

local function is_sender_gone(send, since)
  local owner = send:match('^(.*):[^:]*$') or ''
  local process = owner:match('^[^/]+') or ''
  local heard = tonumber(redis.call('ZSCORE', K.instances, process) or 0)
  -- Patience is for the time in which it could speak.
  -- guard: test_orphan_of_a_silent_sender_is_unknown_in_time
  if heard - math.max(since, judge_from) > patience then return true end
  -- guard: test_message_of_a_living_sender_is_no_orphan
  if owner == me then return false end
  -- A task of this very process that I have replaced.
  if me ~= '' and process == me:match('^[^/]+') then return true end
  -- guard: test_message_of_a_living_sender_is_no_orphan
  if heard > 0 then return false end
  return true
end

local found = {}
local page = redis.call('ZRANGE', K.outbox_sending .. account, 0, 255, 'WITHSCORES')
for i = 1, #page, 2 do
  local id = page[i]
  local h = read_message(id, 'state', 'seq', 'account', 'send')
  if h.state ~= 'sending' then
    redis.call('ZREM', K.outbox_sending .. account, id)
  elseif is_sender_gone(h.send or '', tonumber(page[i + 1])) then
    redis.call('HSET', K.outbox .. id, 'code', CODE, 'error',
      'Its sender stopped in the middle: it may or may not have been sent. / '
        .. 'Pengirimnya berhenti: mungkin sudah terkirim.')
    move_message(id, h, 'unknown', now)
    found[#found + 1] = id
  end
end
return found
