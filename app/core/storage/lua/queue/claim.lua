#!lua flags=allow-oom
-- queue/claim: queued -> running, a batch. Reads its lanes itself, so that what it was given and what it has
-- written can't differ; the same claim number gives the same runs again.
-- needs: events, metrics, batch, slots, lanes, pauses, isolation
-- ARGV: consumer, n, worker, slots, quota high, normal, low, suspect, then (lane, entry, run)* to adopt:
-- entries that a blocking read has delivered already. Suspects have a quota of their own and use none of
-- `slots`.
-- Keys built inside: run, ready, holders, waiting, waiting_lines, waiting_keys, claim, fence, isolated.
-- Returns {OK | STALE, now, taken high, normal, low, suspect, {run …}}. A lease is `consumer:n:token`.
local now = now_ms()
local NOW = text(now)
local consumer, n, worker, slots = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
-- A field that a run does not have costs a walk over its whole hash: only fields that each claim needs are
-- here.
local FIELDS = {'status', 'entry', 'logged', 'attempt', 'job', 'type', 'version', 'inputs', 'source', 'trace',
  'timeout', 'retry', 'failures', 'crashes', 'slot', 'queued', 'seq', 'rev', 'overlap', 'key'}
local runs, memory, found, token = {}, {}, {}, nil
local taken, started = {high = 0, normal = 0, low = 0, suspect = 0}, {normal = 0, suspect = 0}

-- The last two: 1 if the run is isolated, 1 if it holds a place of a key.
local function claim_row(run, lease, attempt, h, since, alone, keyed)
  return {run, lease, attempt, h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14], h[15], h[16],
    since, h[3],
    alone and 1 or 0, keyed and 1 or 0}
end

-- append_running: adds a running run to the answer if its lease begins with `own`; returns whether it does.
local function append_running(run, h, own)
  local held = redis.call('HMGET', K.run .. run, 'lease', 'started', 'alone')
  if not held[1] or held[1]:sub(1, #own) ~= own then return false end
  local keyed = #concurrency_keys(h[5], h[19], h[20]) > 0
  runs[#runs + 1] = claim_row(run, held[1], tonumber(h[4]), h, tonumber(held[2]), held[3], keyed)
  return true
end

local function repeat_claim(known)
  for k, run in ipairs(known.runs) do
    local h = redis.call('HMGET', K.run .. run, unpack(FIELDS))
    if h[1] == 'running' then append_running(run, h, consumer .. ':' .. n .. ':' .. text(known.token + k)) end
  end
  return {'OK', now, 0, 0, 0, 0, runs}
end

-- first_token: the token before the first one of this batch. Tokens rise over all workers and never repeat.
-- The clock is a lower bound, 100,000 for each tenth of a second, so that tokens rise even if a failover
-- loses the counter's last writes; the counter is the other bound, so that they rise if the clock goes back.
local function first_token(amount)
  local last, bound = redis.call('INCRBY', K.fence, amount), math.floor(now / 100) * 100000
  -- guard: test_fencing_tokens_rise_if_the_clock_goes_back
  if last > bound then return last - amount end
  redis.call('SET', K.fence, text(bound + amount))
  return bound
end

local last = redis.call('GET', K.claim .. consumer)
if last then
  local known = cmsgpack.unpack(last)
  -- guard: test_claim_with_an_older_number_is_stale
  if n < known.n then return {'STALE', now, 0, 0, 0, 0, {}} end
  -- guard: test_claim_sent_again_returns_the_same_runs
  if n == known.n then return repeat_claim(known) end
end

local function read_lane(lane, amount)
  local command = {'XREADGROUP', 'GROUP', GROUP, consumer, 'COUNT', amount, 'STREAMS', K.ready .. lane, '>'}
  local reply = redis.pcall(unpack(command))
  if reply and reply.err then
    -- The group went with its stream; entries that are there again are read from the start.
    redis.call('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
    reply = redis.call(unpack(command))
  end
  local entries = reply and reply[1] and reply[1][2] or {}
  for _, e in ipairs(entries) do found[#found + 1] = {lane, e[1], e[2][1] == 'r' and e[2][2] or nil} end
  taken[lane] = taken[lane] + #entries
  return #entries
end

local limits, suspects = {normal = slots, suspect = tonumber(ARGV[8])}, 0
for i = 9, #ARGV, 3 do
  found[#found + 1] = {ARGV[i], ARGV[i + 1], ARGV[i + 2] ~= '' and ARGV[i + 2] or nil, true}
  if ARGV[i] == 'suspect' then suspects = suspects + 1 end
end
local room = slots - #found + suspects
for i, lane in ipairs({'high', 'normal', 'low'}) do
  local quota = math.min(tonumber(ARGV[4 + i]), room)
  if quota > 0 then room = room - read_lane(lane, quota) end
end
for i, lane in ipairs({'high', 'normal', 'low'}) do
  -- What one lane leaves is passed on to those that gave all they were asked for.
  if room > 0 and taken[lane] >= tonumber(ARGV[4 + i]) then room = room - read_lane(lane, room) end
end
if limits.suspect > suspects then read_lane('suspect', limits.suspect - suspects) end

-- An adopted entry has been idle since it was delivered; the lease counts from here.
local function restart_lease(lane, entry)
  redis.pcall('XCLAIM', K.ready .. lane, GROUP, consumer, 0, entry, 'JUSTID')
end

local function requeue(run, to, lane, entry)
  push(run, to)
  drop(lane, entry)
end

local function start_run(run, h, lane, keyed)
  local k, attempt, alone = #memory + 1, (tonumber(h[4]) or 0) + 1, lane == 'suspect'
  token = token or first_token(#found)
  local lease = consumer .. ':' .. n .. ':' .. text(token + k)
  memory[k] = run
  redis.call('HSET', K.run .. run, 'status', 'running', 'attempt', text(attempt), 'lease', lease,
    'worker', worker, 'started', NOW, 'rev', text(h[18] + 1))
  if alone then redis.call('HSET', K.run .. run, 'alone', 1) end
  move_status(run, h[17], 'queued', 'running')
  count_start(lane, math.max(0, now - (tonumber(h[16]) or now)), now)
  event('run.running', h[5], run, h[17], h[18] + 1, '')
  runs[#runs + 1] = claim_row(run, lease, attempt, h, now, alone, keyed)
end

local function claim_run(lane, entry, run, adopted)
  if not run then
    quarantine('entry', lane, entry, 'malformed')
    return drop(lane, entry)
  end
  local h = redis.call('HMGET', K.run .. run, unpack(FIELDS))
  if h[1] == 'running' and h[2] == entry then
    -- Ours with the answer lost: handed out again. Another's: stays pending, its renewal takes it back.
    if append_running(run, h, consumer .. ':') then restart_lease(lane, entry) end
    return
  end
  -- guard: test_claim_drops_what_is_not_queued
  if h[1] ~= 'queued' or h[2] ~= entry then return drop(lane, entry) end
  local scope = pause_scope_of(h[5], h[6])
  if scope then
    -- guard: test_a_held_run_gives_its_place_away
    release_slots(run, concurrency_keys(h[5], h[19], h[20]))
    hold_run(run, h[17], scope)
    return drop(lane, entry)
  end
  local kind = lane == 'suspect' and 'suspect' or 'normal'
  -- guard: test_runs_of_an_isolated_job_go_straight_to_the_suspects
  if kind == 'normal' and is_isolated(h[5]) then return requeue(run, 'suspect', lane, entry) end
  if started[kind] >= limits[kind] then return requeue(run, lane, lane, entry) end
  local names = concurrency_keys(h[5], h[19], h[20])
  local full = acquire_slots(run, names)
  if full then
    enqueue_waiter(run, h[17], names, full)
    return drop(lane, entry)
  end
  -- guard: test_lease_of_an_adopted_run_counts_from_its_claim
  if adopted then restart_lease(lane, entry) end
  started[kind] = started[kind] + 1
  start_run(run, h, lane, #names > 0)
end

for _, e in ipairs(found) do
  local ok, problem = pcall(claim_run, e[1], e[2], e[3], e[4])
  if not ok then
    quarantine(e[3] or '', e[1], e[2], tostring(type(problem) == 'table' and problem.err or problem))
    drop(e[1], e[2])
  end
end
redis.call('SET', K.claim .. consumer, cmsgpack.pack({n = n, runs = memory, token = token}), 'EX', 3600)
flush_writes()
flush_metrics()
return {'OK', now, taken.high, taken.normal, taken.low, taken.suspect, runs}
