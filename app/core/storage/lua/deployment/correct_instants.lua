#!lua flags=allow-oom
-- deployment/correct_instants: Moves what waits for an instant that was computed before the clock went back,
-- a page of one kind. Without it, retries, messages and alarms would wait until the clock has reached its
-- earlier time. What waits for a time that a person chose stays as it is.
-- needs: incidents, outbox, rates, lanes
-- ARGV: kind, after, page_size, back_ms
--   kind: messages | accounts | open | closed | rates | scheduled | retrying | jobs; after: the seq that the
--   page before returned, 0 at first; back_ms: by how much the clock went back.
-- Keys built inside: accounts, account_hold, outbox, outbox_due, outbox_sending, outbox_state, incidents,
-- incidents_due, incident_deliveries, rate_wakes, starts, runs_status, run, delayed, jobs, job, notify.
-- Returns the seq for the next page, or '' after the last one.
local now, back, most = now_ms(), tonumber(back_ms), tonumber(page_size)

local function earlier(instant) return math.max(now, instant - back) end

-- each_of: calls `correct(member, seq)` for a page of an index by seq. Returns the seq for the next page.
local function each_of(index, correct)
  local page = redis.call('ZRANGEBYSCORE', index, '(' .. after, '+inf', 'WITHSCORES', 'LIMIT', 0, most)
  for i = 1, #page, 2 do guarded(page[i], correct, page[i], page[i + 1]) end
  return #page == 2 * most and page[#page] or ''
end

local function correct_message(id)
  local h = read(K.outbox .. id, 'account', 'seq', 'updated', 'created', 'due')
  if not h.account or (tonumber(h.updated) or 0) <= now then return end
  local due = earlier(tonumber(h.due or h.updated))
  redis.call('ZADD', K.outbox_due .. h.account, 'XX', due + h.seq % 1024 / 1024, id)
  redis.call('HSET', K.outbox .. id, 'updated', text(now), 'created',
    text(math.min(now, tonumber(h.created))))
  if h.due then redis.call('HSET', K.outbox .. id, 'due', text(due)) end
  if due == now then redis.call('PUBLISH', K.notify, 'mail ' .. h.account) end
end

-- A message that is being sent counts as begun now. A hold is for people: the sender keeps its own time.
local function correct_accounts()
  local accounts = redis.call('HKEYS', K.accounts)
  accounts[#accounts + 1] = 'sandbox:default'
  for _, account in ipairs(accounts) do
    redis.call('DEL', K.account_hold .. account)
    for _, id in ipairs(redis.call('ZRANGEBYSCORE', K.outbox_sending .. account, '(' .. text(now), '+inf',
      'LIMIT', 0, 256)) do
      redis.call('ZADD', K.outbox_sending .. account, 'XX', text(now), id)
    end
  end
  return ''
end

-- A message about an incident counts as sent now, and each incident is looked at again.
local function correct_incident(id)
  local due = tonumber(redis.call('ZSCORE', K.incidents_due, id) or nil)
  if not due or due <= now then return end
  local stored = redis.call('HGETALL', K.incident_deliveries .. id)
  for i = 1, #stored, 2 do
    local d = cjson.decode(stored[i + 1])
    if d.at > now then
      d.at = now
      redis.call('HSET', K.incident_deliveries .. id, stored[i], cjson.encode(d))
    end
  end
  redis.call('ZADD', K.incidents_due, text(now), id)
end

local function correct_rates()
  local late = redis.call('ZRANGEBYSCORE', K.rate_wakes, '(' .. text(now + WINDOW_MS), '+inf',
    'LIMIT', 0, most)
  for _, name in ipairs(late) do plan_wake(name, now) end
  return #late == most and '1' or ''
end

local function correct_run(run)
  local h = read(K.run .. run, 'due', 'created', 'started', 'status')
  local stored_at = tonumber(h.status == 'retrying' and h.started or h.created) or 0
  local due = tonumber(h.due) or 0
  if stored_at <= now or due <= now then return end
  redis.call('HSET', K.run .. run, 'due', text(earlier(due)))
  delay(run, earlier(due))
end

local function correct_job(job)
  local until_ms = tonumber(redis.call('HGET', K.job .. job, 'cool_until'))
  if until_ms and until_ms > now then
    redis.call('HSET', K.job .. job, 'cool_until', text(earlier(until_ms)))
  end
end

if kind == 'messages' then return each_of(K.outbox_state .. 'pending', correct_message) end
if kind == 'accounts' then return correct_accounts() end
if kind == 'rates' then return correct_rates() end
if kind == 'open' or kind == 'closed' then return each_of(K.incidents .. kind, correct_incident) end
if kind == 'jobs' then return each_of(K.jobs, correct_job) end
return each_of(K.runs_status .. kind, correct_run)
