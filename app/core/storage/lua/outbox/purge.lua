#!lua flags=allow-oom
-- outbox/purge: Removes settled old messages, unless their run is kept: a redrive of the run has to find
-- them.
-- needs: outbox
-- ARGV: state, after_seq, page_size, settled_before
-- Keys built inside: outbox, outbox_state, outbox_due, outbox_sending, run, notify.
-- Returns {removed, seq to continue after, or '' if no later message can be old enough}.
local now, removed, newest = now_ms(), 0, 0
-- guard: test_purge_of_messages_keeps_what_waits_for_a_decision
if state ~= 'delivered' and state ~= 'failed' then return {0, ''} end
local before = tonumber(settled_before)
-- guard: test_purge_keeps_messages_that_may_be_sent_again
before = math.min(before, now - 120000)
local page = redis.call('ZRANGEBYSCORE', K.outbox_state .. state, '(' .. after_seq, '+inf', 'WITHSCORES',
  'LIMIT', 0, page_size)
for i = 1, #page, 2 do
  local id = page[i]
  local h = read(K.outbox .. id, 'updated', 'created', 'run', 'account')
  newest = math.max(newest, tonumber(h.created) or 0)
  local kept = false
  -- guard: test_purge_keeps_messages_of_kept_runs
  if h.run then kept = redis.call('EXISTS', K.run .. h.run) == 1 end
  if (tonumber(h.updated) or 0) < before and not kept then
    redis.call('DEL', K.outbox .. id)
    -- guard: test_a_purged_message_ends_its_incident
    if state == 'failed' and h.account then end_undelivered(id, h.account, now) end
    redis.call('ZREM', K.outbox_state .. state, id)
    removed = removed + 1
  end
end
-- Later messages in the index were created later, so none of them can have been settled before that.
local more = #page == 2 * page_size and newest < before
return {removed, more and page[#page] or ''}
