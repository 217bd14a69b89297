-- needs: lanes, rates
-- Slots of concurrency keys. `job:<id>` is the overlap key, with limit 1; the limit of `user:<key>` is in
-- K.limits. Each key has a set of holders. A run is added when it is claimed or promoted, and removed when
-- the attempt ends.
-- The key of a run is `<key>`, `<key>/<group>`, or either with `|<key of a rate>` behind it. A run of a group
-- needs a slot of `user:<key>/<group>` and one of `user:<key>`. K.limits has for it
-- `<limit of a group>|<limit of all>|<strategy>`.
local DEFAULT_TOTAL = 100

-- waits_outside: a run of a group or a rate enters its lane only with all its slots, so that runs that can't
-- start yet are never in front of others.
local function waits_outside(key) return key and key:find('[/|]') ~= nil end

local function concurrency_keys(job, overlap, key)
  local names, rate = {}, nil
  if overlap == '1' then names[1] = 'job:' .. job end
  if not key or key == '' then return names end
  if waits_outside(key) then key, rate = key:match('^([^|]*)|?(.*)$') end
  if key ~= '' then names[#names + 1] = 'user:' .. key end
  if key:find('/', 1, true) then names[#names + 1] = 'user:' .. key:match('^[^/]+') end
  if rate and rate ~= '' then names[#names + 1] = 'rate:' .. rate end
  return names
end

-- holds_slots: false for runs that need no slot, or only a rate: two of these may overlap.
local function holds_slots(names) return #names > 0 and not is_rate(names[1]) end

local function slot_limit(name)
  if name:sub(1, 4) == 'job:' then return 1 end
  local share = share_of(name)
  -- guard: test_groups_of_a_key_wait_for_its_share
  if share == 0 then return 0 end
  local limit, total, strategy = (limit_text(name) or '1'):match('^(%d+)|?(%d*)|?(.*)$')
  -- guard: test_a_larger_share_starts_what_waits
  if strategy == '' then return math.min(tonumber(limit), share) end
  if name:find('/', 1, true) then return tonumber(limit) end
  if total ~= '' then return tonumber(total) end
  return strategy == 'group_round_robin' and
    tonumber(redis.call('HGET', K.meta, 'worker_slots') or DEFAULT_TOTAL) or math.huge
end

local function has_free_slot(name, is_granted)
  if is_rate(name) then return rate_has_room(name, is_granted) end
  return redis.call('SCARD', K.holders .. name) < slot_limit(name)
end

-- use_of: the used part of this shard's share of a limit. For a rate, runs that may start count, and starts
-- of the last 60 seconds.
local function use_of(name)
  local started = is_rate(name) and recent_starts(name, now_ms()) or 0
  return started + redis.call('SCARD', K.holders .. name)
end

local release_slots

-- acquire_slots: acquires a slot of each key or none. Returns the key that is full, if there is one.
local function acquire_slots(run, names, is_granted)
  local full, held = nil, 0
  for _, name in ipairs(names) do
    local is_held = redis.call('SISMEMBER', K.holders .. name, run) == 1
    if is_held then held = held + 1 end
    -- guard: test_key_limit_is_never_exceeded
    if not is_held and not full and not has_free_slot(name, is_granted) then full = name end
    -- guard: test_a_lower_rate_holds_for_runs_in_the_lanes
    if is_held and not full and is_rate(name) and not may_start(name) then full = name end
  end
  if full then
    if held > 0 then release_slots(run, names) end
    return full
  end
  for _, name in ipairs(names) do redis.call('SADD', K.holders .. name, run) end
end

-- Runs that need the same keys wait in one queue, ordered by seq. A queue is listed by the key that its head
-- waits for. When the key has a free slot, the heads of its queues are looked at; a head that now waits for
-- another key takes its queue to the list of that one. So a free slot reaches the first run that can use it,
-- and a key is never searched for it.
local function wait_queue_of(names) return table.concat(names, ',') end

local function keys_of_wait_queue(queue)
  local names = {}
  for name in queue:gmatch('[^,]+') do names[#names + 1] = name end
  return names
end

-- place_in_list: a list is in the order of the seqs of the heads. With the strategy group_round_robin, a
-- queue goes to the end of the list each time that it was served.
local function place_in_list(name, queue, seq)
  if not queue:find('/', 1, true) or name:find('[/|]') or is_rate(name) then return seq end
  if not (limit_text(name) or ''):find('group_round_robin', 1, true) then return seq end
  local last = redis.call('ZREVRANGE', K.waiting_lines .. name, 0, 0, 'WITHSCORES')[2]
  -- guard: test_groups_take_turns
  if last then return text(tonumber(last) + 1) end
  return '1'
end

local function unlist_queue(queue, name)
  redis.call('ZREM', K.waiting_lines .. name, queue)
  if redis.call('EXISTS', K.waiting_lines .. name) == 0 then redis.call('SREM', K.waiting_keys, name) end
end

-- list_queue: lists a queue for the key that its head waits for, and no other; an empty queue for none.
local function list_queue(queue, names, at)
  local seq = redis.call('ZRANGE', K.waiting .. queue, 0, 0, 'WITHSCORES')[2]
  for _, name in ipairs(names) do
    if not seq or name ~= at then unlist_queue(queue, name) end
  end
  if not seq then return end
  redis.call('ZADD', K.waiting_lines .. at, place_in_list(at, queue, seq), queue)
  redis.call('SADD', K.waiting_keys, at)
  if is_rate(at) then plan_wake_once(at) end
end

local function enqueue_waiter(run, seq, names, full)
  local queue = wait_queue_of(names)
  redis.call('ZADD', K.waiting .. queue, seq, run)
  redis.call('HSET', K.run .. run, 'waiting', full)
  redis.call('HDEL', K.run .. run, 'entry')
  -- Behind others nothing changes for the queue.
  local is_first = redis.call('ZRANK', K.waiting .. queue, run) == 0
  if is_first or not redis.call('ZSCORE', K.waiting_lines .. full, queue) then
    list_queue(queue, names, full)
  end
end

local function remove_waiter(run, names)
  local queue = wait_queue_of(names)
  redis.call('ZREM', K.waiting .. queue, run)
  local seq = redis.call('ZRANGE', K.waiting .. queue, 0, 0, 'WITHSCORES')[2]
  for _, name in ipairs(names) do
    if not seq then
      unlist_queue(queue, name)
    elseif redis.call('ZSCORE', K.waiting_lines .. name, queue) and place_in_list(name, queue, seq) == seq
    then
      redis.call('ZADD', K.waiting_lines .. name, seq, queue)
    end
  end
end

-- enter_lane: adds a queued run to its lane, unless it has to wait outside.
local function enter_lane(run, lane, seq, job, overlap, key)
  if waits_outside(key) then
    local names = concurrency_keys(job, overlap, key)
    local full = acquire_slots(run, names)
    if full then
      redis.call('HSET', K.run .. run, 'lane', lane)
      return enqueue_waiter(run, seq, names, full)
    end
  end
  push(run, lane)
end

-- promote_waiter: the head of a queue acquires its slots and enters its lane as a holder, so that no other
-- run overtakes it. Returns the key that is full if the head has to wait on.
local function promote_waiter(queue, at)
  local names = keys_of_wait_queue(queue)
  local head = redis.call('ZRANGE', K.waiting .. queue, 0, 0)[1] or ''
  -- A damaged record must not fail the run whose end frees the slot.
  local ok, h = pcall(redis.call, 'HMGET', K.run .. head, 'status', 'waiting', 'pri', 'lane')
  if not ok then
    quarantine(head, '', '', 'unreadable while it waited for ' .. queue)
  elseif h[1] == 'queued' and h[2] then
    local full = acquire_slots(head, names, true)
    if full then
      if full ~= h[2] then redis.call('HSET', K.run .. head, 'waiting', full) end
      -- guard: test_a_free_place_passes_over_all_who_need_another_key
      if full ~= at then list_queue(queue, names, full) end
      return full
    end
    redis.call('HDEL', K.run .. head, 'waiting')
    -- A suspect stays one, and a run that waits for a worker with its type goes to no other worker.
    -- guard: test_a_suspect_that_waited_for_a_key_stays_a_suspect
    push(head, h[4] or h[3])
  end
  redis.call('ZREM', K.waiting .. queue, head)
  list_queue(queue, names, at)
end

-- grant_slots: grants the free slots of a key to the first runs that can use them. Looks at 64 queues at
-- most. Returns the number of runs.
local function grant_slots(name)
  local granted = 0
  for _ = 1, 64 do
    local queue = redis.call('ZRANGE', K.waiting_lines .. name, 0, 0)[1]
    if not queue or not has_free_slot(name, true) then break end
    local full = promote_waiter(queue, name)
    if full == name then break end
    if not full then granted = granted + 1 end
  end
  return granted
end

-- list_for_shared: of the queues that wait for one key, those that need a shared key as well wait for that
-- one from now on, among all others that do.
local function list_for_shared(name, shared)
  for _, queue in ipairs(redis.call('ZRANGE', K.waiting_lines .. name, 0, 63)) do
    local names = keys_of_wait_queue(queue)
    for _, each in ipairs(names) do
      if each == shared then list_queue(queue, names, shared) end
    end
  end
end

-- release_slots: releases all slots before one is granted, else the oldest run would be skipped if it needs
-- them all. The key that jobs or groups share comes first, else a job's own next run would take it from runs
-- that wait longer.
release_slots = function(run, names)
  local left = {}
  for _, name in ipairs(names) do
    -- guard: test_a_freed_place_goes_to_the_head_of_the_line
    if redis.call('SREM', K.holders .. name, run) == 1 then table.insert(left, 1, name) end
  end
  -- guard: test_two_places_left_together_go_to_one_who_needs_both
  for i = 2, #left do list_for_shared(left[i], left[1]) end
  for _, name in ipairs(left) do grant_slots(name) end
end
