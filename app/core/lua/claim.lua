#!lua flags=allow-oom
-- claim: queued -> running, a batch. Reads its lanes itself, so that what it was given and what it
-- has written can't differ; the same claim number gives the same runs again.
-- needs: events, tally, gather, waiting, lanes, pauses
-- ARGV: consumer, n, worker, slots, quota high, normal, low, suspect, then (lane, entry, run)* to adopt:
-- entries that a blocking read has delivered already.
-- Keys built inside: run, ready, holders, waiting, waiting_lines, waiting_keys, claim.
-- Returns {OK | STALE, now, suspects, taken high, normal, low, {run …}}.
local now = now_ms()
local NOW = text(now)
local consumer, n, worker, slots = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local FIELDS = {'status', 'entry', 'lease', 'attempt', 'job', 'type', 'version', 'inputs', 'source', 'trace',
  'timeout', 'retry', 'failures', 'crashes', 'slot', 'queued', 'seq', 'rev', 'overlap', 'key', 'logged', 'started'}
local runs, memory, found, taken = {}, {}, {}, {high = 0, normal = 0, low = 0, suspect = 0}

local function answer_of(run, lease, attempt, h, started)
  return {run, lease, attempt, h[5], h[6], h[7], h[8], h[9], h[10], h[11], h[12], h[13], h[14], h[15], h[16], started, h[21]}
end

local function repeat_claim(known)
  for k, run in ipairs(known) do
    local h = redis.call('HMGET', K.run .. run, unpack(FIELDS))
    local lease = consumer .. ':' .. n .. ':' .. k
    if h[1] == 'running' and h[3] == lease then runs[#runs + 1] = answer_of(run, lease, tonumber(h[4]), h, tonumber(h[22])) end
  end
  return {'OK', now, redis.call('XLEN', K.ready .. 'suspect'), 0, 0, 0, runs}
end

local last = redis.call('GET', K.claim .. consumer)
if last then
  local known = cmsgpack.unpack(last)
  if n < known.n then return {'STALE', now, 0, 0, 0, 0, {}} end -- guard: test_claim_with_an_older_number_is_stale
  if n == known.n then return repeat_claim(known.runs) end -- guard: test_claim_sent_again_returns_the_same_runs
end

local function deliver(lane, amount)
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

for i = 9, #ARGV, 3 do found[#found + 1] = {ARGV[i], ARGV[i + 1], ARGV[i + 2] ~= '' and ARGV[i + 2] or nil, true} end
local room = slots - #found
for i, lane in ipairs({'high', 'normal', 'low', 'suspect'}) do
  local quota = math.min(tonumber(ARGV[4 + i]), room)
  if quota > 0 then room = room - deliver(lane, quota) end
end
for i, lane in ipairs({'high', 'normal', 'low'}) do
  -- What one lane leaves is passed on to those that gave all they were asked for.
  if room > 0 and tonumber(ARGV[8]) == 0 and taken[lane] >= tonumber(ARGV[4 + i]) then room = room - deliver(lane, room) end
end

-- An adopted entry has been idle since it was delivered; the lease counts from here.
local function lease_anew(lane, entry)
  redis.pcall('XCLAIM', K.ready .. lane, GROUP, consumer, 0, entry, 'JUSTID')
end

local function start(run, h, lane)
  local k, attempt = #memory + 1, (tonumber(h[4]) or 0) + 1
  local lease = consumer .. ':' .. n .. ':' .. k
  memory[k] = run
  redis.call('HSET', K.run .. run, 'status', 'running', 'attempt', text(attempt), 'lease', lease,
    'worker', worker, 'started', NOW, 'rev', text(h[18] + 1))
  if lane == 'suspect' then redis.call('HSET', K.run .. run, 'alone', 1) end
  move(run, h[17], 'queued', 'running')
  count_start(lane, math.max(0, now - (tonumber(h[16]) or now)), now)
  event('run.running', h[5], run, h[17], h[18] + 1, '')
  runs[#runs + 1] = answer_of(run, lease, attempt, h, now)
end

local function take(lane, entry, run, adopted)
  if not run then
    quarantine('entry', lane, entry, 'malformed')
    return drop(lane, entry)
  end
  local h = redis.call('HMGET', K.run .. run, unpack(FIELDS))
  if h[1] == 'running' and h[2] == entry then
    -- Ours with the answer lost: handed out again. Another's: stays pending, its renewal takes it back.
    local own = h[3] and h[3]:sub(1, #consumer + 1) == consumer .. ':'
    if own then
      lease_anew(lane, entry)
      runs[#runs + 1] = answer_of(run, h[3], tonumber(h[4]), h, tonumber(h[22]))
    end
    return
  end
  if h[1] ~= 'queued' or h[2] ~= entry then return drop(lane, entry) end -- guard: test_claim_drops_what_is_not_queued
  local scope = scope_of(h[5], h[6])
  if scope then
    leave_places(run, names_of(h[5], h[19], h[20])) -- guard: test_a_held_run_gives_its_place_away
    hold_run(run, h[17], scope)
    return drop(lane, entry)
  end
  if #runs >= slots then
    push(run, lane)
    return drop(lane, entry)
  end
  local names = names_of(h[5], h[19], h[20])
  local full = take_places(run, names)
  if full then
    wait_for(run, h[17], names, full)
    return drop(lane, entry)
  end
  if adopted then lease_anew(lane, entry) end -- guard: test_lease_of_an_adopted_run_counts_from_its_claim
  start(run, h, lane)
end

for _, e in ipairs(found) do
  local ok, problem = pcall(take, e[1], e[2], e[3], e[4])
  if not ok then
    quarantine(e[3] or '', e[1], e[2], tostring(type(problem) == 'table' and problem.err or problem))
    drop(e[1], e[2])
  end
end
redis.call('SET', K.claim .. consumer, cmsgpack.pack({n = n, runs = memory}), 'EX', 3600)
flush_gathered()
flush_tally()
return {'OK', now, redis.call('XLEN', K.ready .. 'suspect'), taken.high, taken.normal, taken.low, runs}
