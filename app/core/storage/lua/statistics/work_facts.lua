#!lua flags=no-writes
-- statistics/work_facts: Reads the oldest work that waits for a worker, a scheduler or a connector, and the
-- last start of a run. Runs that wait for a key or for a worker with their type, or that a pause holds, do
-- not count, nor do suspects, which wait for each other.
-- needs: pauses, claims/restore_lock
-- ARGV: page_size, lease_ms?, accounts?
--   page_size: runs to look at, in the index of queued runs and in each lane; lease_ms: with it (not 0), a
--   run whose lease has lapsed counts as one that waits: no worker takes it back; accounts: with several
--   shards, those of the first one that may send, one a line, or '' for the first one itself.
-- An instant in the future is from before the clock went back: it counts as the end of that step.
-- Keys built inside: meta, lease_clock, runs_status, run, ready, queues, typed_lanes, pauses, schedule,
-- delayed, chains, restore_lock, accounts, account, account_state, account_hold, outbox_due, outbox_state,
-- outbox.
-- Returns names and values: now, running, last_start, due_since, due_job, mail_since, mail_account,
-- mail_moved, lanes (for each lane of normal runs with entries: its name, how many wait, since when the
-- oldest one that may start does, or -; one a line), accounts_up, accounts_down (ids of enabled accounts
-- with this state, one a line; 256 at most), and with `accounts` accounts_open (those that may send); '' if
-- there is none.
local now, most = now_ms(), tonumber(page_size)
local facts = {now = now, running = redis.call('ZCARD', K.runs_status .. 'running')}
local waiting, since_of = {}, {}
local step_back, CLOCK = nil, '*clock'

-- past: an instant that has passed, whatever the clock showed when it was stored.
local function past(instant)
  -- guard: test_work_from_before_the_clock_went_back_waits_since_then
  if not instant or instant <= now then return instant end
  step_back = step_back or tonumber(redis.call('HGET', K.lease_clock, 'went_back')) or now
  return math.min(step_back, now)
end

local function earliest(name, since, whose, value)
  if not since or (facts[name] and facts[name] <= since) then return end
  facts[name] = since
  if whose then facts[whose] = value end
end

local function instant_of(entry) return tonumber(entry:match('^(%d+)-')) end

-- ready_since: the instant from which a worker could have started a run, and the run's lane; nil if it may
-- not start now.
local function ready_since(run)
  local ok, h = pcall(read, K.run .. run, 'status', 'waiting', 'job', 'type', 'queued', 'entry', 'lane',
    'created')
  local lane = ok and h.lane or 'suspect'
  if not ok or h.status ~= 'queued' or h.waiting or is_suspect(lane) or lane:find('@', 1, true)
    or pause_scope_of(h.job, h.type, lane) then
    return nil
  end
  local entered = h.entry and instant_of(h.entry) or 0
  return past(math.max(tonumber(h.queued or h.created) or 0, entered)), h.lane
end

local function look_at_run(run)
  local since, lane = ready_since(run)
  if since then since_of[lane] = math.min(since, since_of[lane] or since) end
  return since
end

-- Entries after the newest one that was delivered.
local function look_at_lane(lane)
  local key = K.ready .. lane
  local ok, groups = pcall(redis.call, 'XINFO', 'GROUPS', key)
  local last, pending = '0-0', 0
  for _, g in ipairs(ok and groups or {}) do
    if g[2] == GROUP then pending, last = g[6], g[8] end
  end
  waiting[lane] = math.max(0, redis.call('XLEN', key) - pending)
  for _, e in ipairs(redis.call('XRANGE', key, '(' .. last, '+', 'COUNT', most)) do
    if look_at_run(e[2][2] or '') then return end
  end
end

-- A worker that was stopped is given a run if its read waits in Redis. It is not heard of again, and neither
-- is a worker that takes the run back.
local function look_at_lapsed(lane)
  local key, idle = K.ready .. lane, 2 * lease_ms
  local ok, lapsed = pcall(redis.call, 'XPENDING', key, GROUP, 'IDLE', idle, '-', '+', 1)
  local first = ok and lapsed[1]
  if not first then return end
  since_of[lane] = math.min(now - first[3], since_of[lane] or now)
  waiting[lane] = (waiting[lane] or 0) + 1
end

-- Until a scheduler has corrected what was stored before the clock went back, slots may wait for that time.
local function look_at_step_back()
  local step = redis.call('HGET', K.lease_clock, 'went_back')
  if step and step ~= redis.call('HGET', K.meta, 'clock_back_seen') then
    earliest('due_since', past(tonumber(step)), 'due_job', CLOCK)
  end
end

local function look_at_due()
  -- guard: test_readiness_names_a_clock_that_went_back
  look_at_step_back()
  if is_restoring() then return end
  local head = redis.call('ZRANGE', K.schedule, 0, 0, 'WITHSCORES')
  if head[2] and tonumber(head[2]) < now then earliest('due_since', tonumber(head[2]), 'due_job', head[1]) end
  head = redis.call('ZRANGE', K.delayed, 0, 0, 'WITHSCORES')
  if head[2] and tonumber(head[2]) < now then earliest('due_since', tonumber(head[2]), 'due_job', head[1]) end
  local chain = redis.call('XRANGE', K.chains, '-', '+', 'COUNT', 1)[1]
  if chain then earliest('due_since', past(instant_of(chain[1])), 'due_job', 'chains') end
end

-- A message of an account that is off, down or on hold does not count as overdue.
local function look_at_account(account)
  if redis.call('HGET', K.account .. account, 'enabled') == '0' then return end
  local state = redis.call('GET', K.account_state .. account)
  if state then
    local name = 'accounts_' .. state
    facts[name] = facts[name] and facts[name] .. '\n' .. account or account
  end
  if state == 'down' then return end
  local head = redis.call('ZRANGE', K.outbox_due .. account, 0, 0, 'WITHSCORES')
  local is_due = head[2] and tonumber(head[2]) <= now
  if not is_due and not accounts then return end
  if tonumber(redis.call('GET', K.account_hold .. account) or 0) > now then return end
  facts.accounts_open = facts.accounts_open and facts.accounts_open .. '\n' .. account or account
  if not is_due then return end
  earliest('mail_since', math.floor(tonumber(head[2])), 'mail_account', account)
end

local function update_last_move(state)
  local newest = redis.call('ZREVRANGE', K.outbox_state .. state, 0, 0)[1]
  local at = newest and past(tonumber(redis.call('HGET', K.outbox .. newest, 'updated') or 0))
  if at and at > (facts.mail_moved or 0) then facts.mail_moved = at end
end

for _, run in ipairs(redis.call('ZRANGE', K.runs_status .. 'queued', 0, most - 1)) do
  look_at_run(run)
end
local lines = {}
for _, lane in ipairs(own_lanes()) do
  if not is_suspect(lane) then
    look_at_lane(lane)
    if tonumber(lease_ms or 0) > 0 then look_at_lapsed(lane) end
  end
  local since = since_of[lane] and text(since_of[lane])
  if since or (waiting[lane] or 0) > 0 then
    lines[#lines + 1] = lane .. ' ' .. waiting[lane] .. ' ' .. (since or '-')
  end
end
facts.lanes = table.concat(lines, '\n')
facts.last_start = past(tonumber(redis.call('HGET', K.meta, 'last_start')))
look_at_due()
local senders = redis.call('HLEN', K.accounts) <= 256 and redis.call('HKEYS', K.accounts) or {}
for account in (accounts or ''):gmatch('[^\n]+') do
  if account ~= 'sandbox:default' then senders[#senders + 1] = account end
end
senders[#senders + 1] = 'sandbox:default'
for _, account in ipairs(senders) do look_at_account(account) end
for _, state in ipairs({'sending', 'delivered', 'failed', 'unknown'}) do update_last_move(state) end

local answer = {}
local names = {'now', 'running', 'last_start', 'due_since', 'due_job', 'mail_since', 'mail_account',
  'mail_moved', 'lanes', 'accounts_up', 'accounts_down'}
if accounts then names[#names + 1] = 'accounts_open' end
for _, name in ipairs(names) do
  answer[#answer + 1] = name
  answer[#answer + 1] = type(facts[name]) == 'number' and text(facts[name]) or facts[name] or ''
end
return answer
