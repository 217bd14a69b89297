#!lua flags=allow-oom
-- incidents/notify: Sends one message about incidents, once for each of them, its end and a recipient.
-- needs: incidents, outbox
-- ARGV: phase, account, recipient, place, body, digest, buttons, failure, words
-- ROW: incident, closed
--   phase: opened | escalated | recovered; place: the recipient in the key of its messages; buttons: JSON or
--   ''; failure: why there is no account to send it over, or ''; words: for the timeline.
--   closed: instant of the end that the caller knows, or ''.
-- Keys built inside: incident, incident_deliveries, incident_jobs, incident_timeline, alarm_recent, seq,
-- outbox, outbox_due, outbox_sending, outbox_state, notify.
-- Returns {OK | CHANGED, message}. CHANGED: one of them was sent before, or has ended; nothing is sent.
local now = now_ms()
local field = (phase == 'recovered' and 'recovered|' or 'alarm|') .. account .. '|' .. recipient
local function each_incident(work)
  for at = ROW.start, #ARGV - 1, ROW.width do work(ARGV[at + ROW.incident], ARGV[at + ROW.closed]) end
end

local is_changed = false
each_incident(function(id, closed)
  -- guard: test_a_recipient_gets_one_alarm_about_an_incident
  if redis.call('HEXISTS', K.incident_deliveries .. id, field) == 1 then is_changed = true end
  -- guard: test_an_incident_that_has_ended_meanwhile_is_no_alarm
  if (redis.call('HGET', K.incident .. id, 'closed') or '') ~= closed then is_changed = true end
end)
if is_changed then return {'CHANGED', ''} end

local first = ARGV[ROW.start + ROW.incident]
local message = ''
if failure == '' then
  message = 'incident:' .. first .. ':' .. phase .. ':' .. redis.call('HLEN', K.incident_deliveries .. first)
  put_message(message, {}, {account = account, recipient = recipient, body = body, digest = digest,
    put = 'incident', job = redis.call('ZRANGE', K.incident_jobs .. first, 0, 0)[1] or '', run = '',
    buttons = buttons ~= '' and buttons or nil}, now)
  redis.call('ZADD', K.alarm_recent .. place, now, message)
  redis.call('ZREMRANGEBYSCORE', K.alarm_recent .. place, '-inf', now - 86400000)
  redis.call('PEXPIRE', K.alarm_recent .. place, 86400000)
end
local failed, origin = texts.split(failure)
local channel, account_id = account:match('^([^:]*):?(.*)$')
each_incident(function(id)
  local step = redis.call('HLEN', K.incident_deliveries .. id)
  redis.call('HSET', K.incident_deliveries .. id, field, cjson.encode({phase = phase, step = step,
    channel = channel, account_id = account_id, to = recipient, message_id = message, at = now,
    state = failure == '' and 'pending' or 'failed', error = failure ~= '' and failed or cjson.null}))
  texts.set_of(K.incident .. id, 'deliveries_origin', field, origin)
  note_incident(id, failure == '' and 'notified' or 'undelivered', '', words, now)
end)
return {'OK', message}
