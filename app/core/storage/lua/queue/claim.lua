#!lua flags=allow-oom
-- queue/claim: queued -> running, a batch. The script reads its lanes itself, so that the entries that it was
-- given and the runs that it has changed can't differ. The same claim number returns the same runs again.
-- needs: events, metrics, batch, slots, lanes, pauses, isolation
-- ARGV: consumer, number, worker, slots, quotas, types, woken
-- ROW: lane, entry_id, run_id
--   quotas: [lane, number, …] as JSON, the lanes that the worker serves, in order. The number of a lane of
--   suspects is the room for suspects of all queues; they use none of `slots`. types: the worker's job
--   types, each between spaces, or '' for all types.
--   A row is an entry to adopt: a blocking read has delivered it already. woken: 1 if a blocking read of the
--   lanes came just before on the same connection, else ''; the script finds what it has delivered.
-- FIRST: status, entry, plain, seq, rev, job, type, version, inputs, source, trace, timeout, created
-- MORE: attempt, logged, retry, failures, crashes, slot, overlap, key, queued
-- HASH: FIRST, MORE
-- PLAIN: run_id, lease_id, inputs, trace_id, queued_at_ms, shared
-- SHARED: job_id, type, version, source, timeout_ms
-- CLAIMED: run_id, lease_id, attempt, job_id, type, version, inputs, source, trace_id, timeout_ms,
--   queued_at_ms, started_at_ms, retry, failures, crashes, slot_ms, logged, alone, keyed
--   A plain run (lib/create.lua) that was never claimed has none of MORE. Its answer is PLAIN: `shared` is
--   the place, from 1, of what it has in common with others of the batch. alone: 1 if the run is isolated;
--   keyed: 1 if it holds a slot of a concurrency key.
-- Keys built inside: run, ready, queues, typed_lanes, holders, waiting, waiting_lines, waiting_keys, starts,
-- rate_wakes, claim, fence, isolated.
-- Returns {OK | STALE, now, {number taken from each lane of `quotas`}, {claimed …}, {shared …}}. A lease is
-- `consumer:number:token`.
local now = now_ms()
local NOW, n, total = text(now), tonumber(number), tonumber(slots)
local runs, shared, memory, found, token = {}, {}, {}, {}, nil
local lanes, quota_of, taken, started = {}, {}, {}, {normal = 0, suspect = 0}
local limits, kinds, runnable = {normal = total, suspect = 0}, {}, {}
local own = consumer .. ':' .. n .. ':'

-- kind_of: suspect | normal. A batch has few lanes, so each is parsed once.
local function kind_of(lane)
  local kind = kinds[lane]
  if not kind then
    kind = is_suspect(lane) and 'suspect' or 'normal'
    kinds[lane] = kind
  end
  return kind
end

local given = cjson.decode(quotas)
for i = 1, #given, 2 do
  local lane, quota = given[i], given[i + 1]
  lanes[#lanes + 1], taken[lane], quota_of[lane] = lane, 0, quota
  if kind_of(lane) == 'suspect' then limits.suspect = math.max(limits.suspect, quota) end
end

local function has_type(type)
  if runnable[type] == nil then
    runnable[type] = types == '' or types:find(' ' .. type .. ' ', 1, true) ~= nil
  end
  return runnable[type]
end

-- Each field that is read costs, and most of all one that a run does not have.
local function read_record(run, lane)
  local h = redis.call('HMGET', K.run .. run, FIRST.names)
  if h[HASH.plain] == '1' and h[HASH.rev] == '1' and kind_of(lane) == 'normal' then return h, true end
  for i, value in ipairs(redis.call('HMGET', K.run .. run, MORE.names)) do h[FIRST.width + i] = value end
  return h, false
end

local function keys_of(h) return concurrency_keys(h[HASH.job], h[HASH.overlap], h[HASH.key]) end

-- queued_at: a run that was ready at once has only the instant of its creation.
local function queued_at(h) return h[HASH.queued] or h[HASH.created] end

-- wait_of: how long a run has waited. Many runs of a batch have the same instant.
local last_since, last_wait = nil, 0

local function wait_of(h)
  local since = queued_at(h)
  if since ~= last_since then
    last_since, last_wait = since, math.max(0, now - (tonumber(since) or now))
  end
  return last_wait
end

-- claimed_plain: what runs of one gate share is sent once, for as long as it is the same.
local function claimed_plain(run, lease, h, gate)
  local same, version, source, timeout = gate.same, h[HASH.version], h[HASH.source], h[HASH.timeout]
  if not same or same.version ~= version or same.source ~= source or same.timeout ~= timeout then
    same = {version = version, source = source, timeout = timeout, place = #shared + 1}
    shared[same.place], gate.same = SHARED{job_id = h[HASH.job], type = h[HASH.type], version = version,
      source = source, timeout_ms = timeout}, same
  end
  return PLAIN{run_id = run, lease_id = lease, inputs = h[HASH.inputs], trace_id = h[HASH.trace],
    queued_at_ms = h[HASH.created], shared = same.place}
end

local function claimed(run, lease, attempt, h, since, is_alone, is_keyed)
  return CLAIMED{run_id = run, lease_id = lease, attempt = attempt, job_id = h[HASH.job],
    type = h[HASH.type], version = h[HASH.version], inputs = h[HASH.inputs], source = h[HASH.source],
    trace_id = h[HASH.trace], timeout_ms = h[HASH.timeout], retry = h[HASH.retry],
    failures = h[HASH.failures], crashes = h[HASH.crashes], slot_ms = h[HASH.slot],
    queued_at_ms = queued_at(h), started_at_ms = since, logged = h[HASH.logged],
    alone = is_alone and 1 or 0, keyed = is_keyed and 1 or 0}
end

-- append_running: adds a running run to the answer if its lease begins with `own`. Returns if it does.
local function append_running(run, h, own)
  local held = redis.call('HMGET', K.run .. run, 'lease', 'started', 'alone')
  if not held[1] or held[1]:sub(1, #own) ~= own then return false end
  local is_keyed = holds_slots(keys_of(h))
  runs[#runs + 1] = claimed(run, held[1], tonumber(h[HASH.attempt]), h, tonumber(held[2]), held[3], is_keyed)
  return true
end

local function repeat_claim(known)
  for k, run in ipairs(known.runs) do
    local h = read_record(run, 'suspect')
    if h[HASH.status] == 'running' then
      append_running(run, h, consumer .. ':' .. n .. ':' .. text(known.token + k))
    end
  end
  return {'OK', now, {}, runs, {}}
end

-- first_token: the token before the first one of this batch. Tokens rise over all workers and never repeat.
-- The clock is a lower bound, 100,000 for each tenth of a second, so that tokens rise even if a failover
-- loses the counter's last writes. The counter is the other bound, so that they rise if the clock goes back.
local function first_token(amount)
  local last, bound = redis.call('INCRBY', K.fence, amount), math.floor(now / 100) * 100000
  -- guard: test_fencing_tokens_rise_if_the_clock_goes_back
  if last > bound then return last - amount end
  redis.call('SET', K.fence, text(bound + amount))
  return bound
end

-- The last entry of each lane that this consumer was given.
local given_last = {}
local last = redis.call('GET', K.claim .. consumer)
if last then
  local known = cmsgpack.unpack(last)
  given_last = known.last or given_last
  -- guard: test_claim_with_an_older_number_is_stale
  if n < known.n then return {'STALE', now, {}, {}, {}} end
  -- guard: test_claim_sent_again_returns_the_same_runs
  if n == known.n then return repeat_claim(known) end
end

local function read_lane(lane, amount)
  local command = {'XREADGROUP', 'GROUP', GROUP, consumer, 'COUNT', amount, 'STREAMS', K.ready .. lane, '>'}
  local reply = redis.pcall(unpack(command))
  if reply and reply.err then
    -- The group was lost with its stream. Entries that exist again are read from the start.
    redis.call('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
    reply = redis.call(unpack(command))
  end
  local entries = reply and reply[1] and reply[1][2] or {}
  for _, e in ipairs(entries) do found[#found + 1] = {lane, e[1], e[2][1] == 'r' and e[2][2] or nil} end
  if #entries > 0 then given_last[lane] = entries[#entries][1] end
  return #entries
end

-- adopt_woken: takes the entries of the blocking read: those that this consumer was given after the last one
-- that is known. Entries of a lane are given in their order.
local function adopt_woken()
  local command = {'XREADGROUP', 'GROUP', GROUP, consumer, 'COUNT', 1, 'STREAMS'}
  for _, lane in ipairs(lanes) do command[#command + 1] = K.ready .. lane end
  for _, lane in ipairs(lanes) do command[#command + 1] = given_last[lane] or '0' end
  local reply = redis.pcall(unpack(command))
  if not reply or reply.err then return end
  for _, stream in ipairs(reply) do
    for _, e in ipairs(stream[2]) do
      local lane = stream[1]:sub(#K.ready + 1)
      found[#found + 1] = {lane, e[1], e[2] and e[2][1] == 'r' and e[2][2] or nil}
      given_last[lane] = e[1]
    end
  end
end

-- Runs that other workers have put aside and this one can run, by the lane that they come from. While there
-- are none, this is one command.
local typed = {}
for _, lane in ipairs(redis.call('SMEMBERS', K.typed_lanes)) do
  local base, type = lane:match('^([^@]+)@(.+)$')
  if base and taken[base] and has_type(type) then
    typed[base] = typed[base] or {}
    table.insert(typed[base], lane)
  end
end

-- read_typed: reads a lane of a type, and deletes it once it is empty and none of its runs is at work.
local function read_typed(lane, amount)
  local count = read_lane(lane, amount)
  if count == 0 and redis.call('XLEN', K.ready .. lane) == 0 then
    redis.call('SREM', K.typed_lanes, lane)
    redis.call('DEL', K.ready .. lane)
  end
  return count
end

-- read_all: reads up to `amount` runs of a lane. Those that were put aside come first: they have waited
-- longer. The types take turns.
local function read_all(lane, amount)
  local left, aside = amount, typed[lane]
  for i = 1, aside and #aside or 0 do
    -- guard: test_a_run_that_was_put_aside_starts_before_later_ones
    if left > 0 then left = left - read_typed(aside[(n + i) % #aside + 1], left) end
  end
  if left > 0 then left = left - read_lane(lane, left) end
  taken[lane] = taken[lane] + amount - left
  return amount - left
end

local suspects = 0
for at = ROW.start, #ARGV - 1, ROW.width do
  local lane, run = ARGV[at + ROW.lane], ARGV[at + ROW.run_id]
  found[#found + 1] = {lane, ARGV[at + ROW.entry_id], run ~= '' and run or nil, true}
end
-- guard: test_a_claim_after_a_blocking_read_starts_its_run
if woken ~= '' then adopt_woken() end
for _, e in ipairs(found) do
  if kind_of(e[1]) == 'suspect' then suspects = suspects + 1 end
end
local room = total - #found + suspects
for _, lane in ipairs(lanes) do
  local quota = kinds[lane] == 'normal' and math.min(quota_of[lane], room) or 0
  if quota > 0 then room = room - read_all(lane, quota) end
end
for _, lane in ipairs(lanes) do
  -- The room that one lane leaves goes to the lanes that have used their whole quota.
  if kinds[lane] == 'normal' and room > 0 and taken[lane] >= quota_of[lane] then
    room = room - read_all(lane, room)
  end
end
for _, lane in ipairs(lanes) do
  if kinds[lane] == 'suspect' and limits.suspect > suspects then
    suspects = suspects + read_all(lane, limits.suspect - suspects)
  end
end

-- An adopted entry has been idle since it was delivered; its lease begins now.
local function restart_lease(lane, entry)
  redis.pcall('XCLAIM', K.ready .. lane, GROUP, consumer, 0, entry, 'JUSTID')
end

local function requeue(run, to, lane, entry)
  push(run, to)
  drop(lane, entry)
end

-- put_aside: moves a run to the lane of its type, which only workers that have the type read.
local function put_aside(run, h, lane, entry)
  -- guard: test_a_run_that_is_put_aside_gives_its_place_away
  release_slots(run, keys_of(h))
  requeue(run, base_of(lane) .. '@' .. h[HASH.type], lane, entry)
end

-- gate_of: what decides about the runs of a job in a lane: the same for all of a batch.
local gates = {}

local function gate_of(lane, type, job)
  local types = gates[lane] or {}
  gates[lane] = types
  local jobs = types[type] or {}
  types[type] = jobs
  local gate = jobs[job]
  if not gate then
    local kind = kind_of(lane)
    gate = {scope = pause_scope_of(job, type, lane), has_type = has_type(type), kind = kind,
      base = base_of(lane), moves = kind == 'normal' and is_isolated(job),
      event = 'run.running|' .. job .. '|'}
    gate.is_open = not gate.scope and gate.has_type and not gate.moves
    jobs[job] = gate
  end
  return gate
end

local function start_run(run, h, gate, names)
  local k, attempt, seq, rev = #memory + 1, '1', h[HASH.seq], text(h[HASH.rev] + 1)
  if names then attempt = text((tonumber(h[HASH.attempt]) or 0) + 1) end
  local is_alone = gate.kind == 'suspect'
  token = token or first_token(#found)
  local lease = own .. text(token + k)
  memory[k] = run
  redis.call('HSET', K.run .. run, 'status', 'running', 'attempt', attempt, 'lease', lease,
    'worker', worker, 'started', NOW, 'rev', rev)
  if is_alone then redis.call('HSET', K.run .. run, 'alone', 1, 'plain', '') end
  move_status(run, seq, 'queued', 'running')
  count_start(gate.base, wait_of(h), now)
  batch_text(gate.event .. run .. '|' .. seq .. '|' .. rev .. '|')
  runs[#runs + 1] = names and claimed(run, lease, tonumber(attempt), h, now, is_alone, holds_slots(names))
    or claimed_plain(run, lease, h, gate)
end

local function claim_run(lane, entry, run, is_adopted)
  if not run then
    quarantine('entry', lane, entry, 'malformed')
    return drop(lane, entry)
  end
  local h, is_plain = read_record(run, lane)
  if h[HASH.status] == 'running' and h[HASH.entry] == entry then
    -- A run of this consumer whose answer was lost is returned again. Another consumer's entry stays
    -- pending, and that consumer's renewal takes it back.
    if append_running(run, h, consumer .. ':') then restart_lease(lane, entry) end
    return
  end
  -- guard: test_claim_drops_what_is_not_queued
  if h[HASH.status] ~= 'queued' or h[HASH.entry] ~= entry then return drop(lane, entry) end
  local gate = gate_of(lane, h[HASH.type], h[HASH.job])
  if not gate.is_open then
    if gate.scope then
      -- guard: test_a_held_run_gives_its_place_away
      release_slots(run, keys_of(h))
      hold_run(run, h[HASH.seq], gate.scope)
      return drop(lane, entry)
    end
    -- guard: test_a_run_of_a_type_that_the_worker_lacks_is_put_aside
    if not gate.has_type then return put_aside(run, h, lane, entry) end
    -- guard: test_runs_of_an_isolated_job_go_straight_to_the_suspects
    return requeue(run, suspect_of(lane), lane, entry)
  end
  if started[gate.kind] >= limits[gate.kind] then return requeue(run, lane, lane, entry) end
  local names = not is_plain and keys_of(h) or nil
  if names then
    local full = acquire_slots(run, names)
    if full then
      enqueue_waiter(run, h[HASH.seq], names, full)
      return drop(lane, entry)
    end
    -- guard: test_a_rate_counts_starts
    note_start(run, names, now)
  end
  -- guard: test_lease_of_an_adopted_run_counts_from_its_claim
  if is_adopted then restart_lease(lane, entry) end
  started[gate.kind] = started[gate.kind] + 1
  start_run(run, h, gate, names)
end

for _, e in ipairs(found) do
  local ok, problem = pcall(claim_run, e[1], e[2], e[3], e[4])
  if not ok then
    quarantine(e[3] or '', e[1], e[2], reason_of(problem))
    drop(e[1], e[2])
  end
end
redis.call('SET', K.claim .. consumer, cmsgpack.pack({n = n, runs = memory, token = token,
  last = given_last}), 'EX', 3600)
flush_writes()
flush_metrics()
local counts = {}
for i, lane in ipairs(lanes) do counts[i] = taken[lane] end
return {'OK', now, counts, runs, shared}
