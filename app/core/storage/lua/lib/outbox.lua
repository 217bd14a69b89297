-- needs: incidents, shards/seqs
-- Messages that were not delivered are one incident of their account. Messages about incidents are no part of
-- it (`incident:…`): they have other recipients to go to.
local UNDELIVERED = {failed = true, unknown = true}
local DECIDED = {closed = true, account_missing = true}

local function end_undelivered(id, account, now)
  close_incident('message:' .. account, 'message:' .. id, now)
end

local function note_delivery(id, h, state, now)
  -- guard: test_an_undelivered_message_about_an_incident_is_no_message_incident
  if id:sub(1, 9) == 'incident:' then return end
  local is_lost, m = UNDELIVERED[state], {}
  if is_lost then m = read(K.outbox .. id, 'error', 'error_origin', 'code', 'job') end
  -- guard: test_a_message_that_a_person_closed_is_no_incident
  if DECIDED[m.code or ''] then is_lost = false end
  -- guard: test_messages_that_were_sent_again_end_their_incident
  if not is_lost and UNDELIVERED[h.state or ''] then end_undelivered(id, h.account, now) end
  if not is_lost then return end
  ensure_incident('message:' .. h.account, 'message:' .. id, {kind = 'message_undelivered',
    severity = 'warning', subject = h.account, cause = texts.join(m.error, m.error_origin), job = m.job}, now)
end

-- move_message: moves a message from `h.state` to another state, with its indexes; a new message has no
-- state. `h` has state, seq and account. Processes that wait for messages or for the result are notified.
local function move_message(id, h, state, now, due)
  if h.state then redis.call('ZREM', K.outbox_state .. h.state, id) end
  if h.state == 'pending' then redis.call('ZREM', K.outbox_due .. h.account, id) end
  if h.state == 'sending' then redis.call('ZREM', K.outbox_sending .. h.account, id) end
  redis.call('ZADD', K.outbox_state .. state, h.seq, id)
  redis.call('HSET', K.outbox .. id, 'state', state, 'updated', now)
  note_delivery(id, h, state, now)
  if state == 'sending' then return redis.call('ZADD', K.outbox_sending .. h.account, now, id) end
  if state ~= 'pending' then return redis.call('PUBLISH', K.notify, 'receipt ' .. id) end
  -- The fraction orders messages of the same millisecond: the older one is first.
  redis.call('ZADD', K.outbox_due .. h.account, (due or now) + h.seq % 1024 / 1024, id)
  redis.call('PUBLISH', K.notify, 'mail ' .. h.account)
end

-- expire_message: ends a pending message whose time is over, and returns whether it did. After an attempt
-- that may have arrived, the outcome is unknown. `h` has state, seq, account, expires and doubt; `failure`
-- is the error to show, packed.
local function expire_message(id, h, failure, now)
  local expires = tonumber(h.expires)
  -- guard: test_message_that_expired_is_not_sent
  if not expires or now < expires then return false end
  redis.call('HDEL', K.outbox .. id, 'due')
  redis.call('HSET', K.outbox .. id, 'code', 'expired')
  texts.set(K.outbox .. id, 'error', failure)
  -- guard: test_message_that_expired_after_a_doubtful_attempt_is_unknown
  move_message(id, h, h.doubt == '1' and 'unknown' or 'failed', now)
  return true
end

-- note_lateness: notes that a message is sent long after it was due (`h.slot`), for the text that says so.
local LATE_MS = 300000

local function note_lateness(id, h, now)
  if not h.slot then return false end
  -- guard: test_message_that_is_sent_late_is_late
  local is_late = now - tonumber(h.slot) >= LATE_MS
  if is_late then redis.call('HSET', K.outbox .. id, 'late', '1') end
  return is_late
end

-- put_message: stores a message and makes it pending. `h` has state, seq and created of the one that it
-- replaces, if there is one; `m` has account, recipient, body, digest, put, job, run, and may have buttons
-- (JSON), slot (when it is due) and expires.
local function put_message(id, h, m, now)
  local key, seq = K.outbox .. id, h.seq or next_seq()
  if h.state then
    redis.call('ZREM', K.outbox_state .. h.state, id)
    -- guard: test_a_message_that_is_replaced_ends_its_incident
    end_undelivered(id, h.account, now)
  end
  redis.call('HDEL', key, 'send', 'settled', 'provider', 'pstate', 'pstate_at', 'error', 'error_origin',
    'code', 'due', 'buttons', 'template', 'doubt', 'slot', 'expires', 'late')
  redis.call('HSET', key, 'account', m.account, 'to', m.recipient, 'text', m.body, 'digest', m.digest,
    'put', m.put, 'job', m.job, 'run', m.run, 'seq', seq, 'created', h.created or now)
  for _, name in ipairs({'buttons', 'slot', 'expires'}) do
    if (m[name] or '') ~= '' then redis.call('HSET', key, name, m[name]) end
  end
  move_message(id, {seq = seq, account = m.account}, 'pending', now)
end

-- apply_report: applies a report of the remote side: sent, delivered, read or failed. A report never replaces
-- an earlier, better one. A message that is reported as failed was not delivered; with the code `by_template`
-- it is sent again, once, as the account's template.
local RANK = {sent = 1, failed = 2, delivered = 3, read = 4}

local function apply_report(id, provider, state, at, error, code, now)
  local h = read(K.outbox .. id, 'state', 'seq', 'account', 'provider', 'pstate', 'template')
  -- guard: test_report_on_an_earlier_sending_changes_nothing
  if h.provider ~= provider or h.state ~= 'delivered' then return 'STALE' end
  -- guard: test_report_that_comes_late_takes_nothing_back
  if (RANK[h.pstate] or 0) >= (RANK[state] or 0) then return 'STALE' end
  -- guard: test_refused_template_is_not_sent_again
  if state == 'failed' and code == 'by_template' and not h.template then
    redis.call('HDEL', K.outbox .. id, 'send', 'settled', 'provider', 'pstate', 'pstate_at', 'due')
    redis.call('HSET', K.outbox .. id, 'template', '1', 'code', 'template_needed')
    texts.set(K.outbox .. id, 'error', error)
    move_message(id, h, 'pending', now)
    return 'OK'
  end
  if code == 'by_template' then code = 'template_needed' end
  redis.call('HSET', K.outbox .. id, 'pstate', state, 'pstate_at', at)
  if state == 'failed' then
    redis.call('HSET', K.outbox .. id, 'code', code)
    texts.set(K.outbox .. id, 'error', error)
    move_message(id, h, 'failed', now)
  end
  return 'OK'
end
