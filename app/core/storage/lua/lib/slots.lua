-- needs: lanes
-- Slots of concurrency keys. `job:<id>` is the overlap key, with limit 1; the limit of `user:<key>` is in
-- K.limits. Each key has a set of holders. A run is added when it is claimed or promoted, and removed when
-- the attempt ends.
local function concurrency_keys(job, overlap, key)
  local names = {}
  if overlap == '1' then names[1] = 'job:' .. job end
  if key and key ~= '' then names[#names + 1] = 'user:' .. key end
  return names
end

local function has_free_slot(name)
  local limit = name:sub(1, 4) == 'job:' and 1 or tonumber(redis.call('HGET', K.limits, name) or 1)
  return redis.call('SCARD', K.holders .. name) < limit
end

-- acquire_slots: acquires a slot of each key or none. Returns the key that is full, if there is one.
local function acquire_slots(run, names)
  for _, name in ipairs(names) do
    -- guard: test_key_limit_is_never_exceeded
    if redis.call('SISMEMBER', K.holders .. name, run) == 0 and not has_free_slot(name) then return name end
  end
  for _, name in ipairs(names) do redis.call('SADD', K.holders .. name, run) end
end

-- Runs that need the same keys wait in one queue, ordered by seq. Each key lists its queues by the seq of
-- their heads. If the other key of a head is full, its whole queue is skipped, because all runs in it need
-- that key. So a free slot reaches the first run that can use it, for any number of runs that can't.
local function wait_queue_of(names) return table.concat(names, ',') end

local function keys_of_wait_queue(queue)
  local overlap, key = queue:match('^(job:[^,]+),(.+)$')
  return overlap and {overlap, key} or {queue}
end

-- update_wait_queue: stores the head of a wait queue for its keys, or removes an empty queue.
local function update_wait_queue(queue, names)
  local seq = redis.call('ZRANGE', K.waiting .. queue, 0, 0, 'WITHSCORES')[2]
  for _, name in ipairs(names) do
    if seq then
      redis.call('ZADD', K.waiting_lines .. name, seq, queue)
      redis.call('SADD', K.waiting_keys, name)
    else
      redis.call('ZREM', K.waiting_lines .. name, queue)
      if redis.call('EXISTS', K.waiting_lines .. name) == 0 then redis.call('SREM', K.waiting_keys, name) end
    end
  end
end

local function enqueue_waiter(run, seq, names, full)
  redis.call('ZADD', K.waiting .. wait_queue_of(names), seq, run)
  redis.call('HSET', K.run .. run, 'waiting', full)
  redis.call('HDEL', K.run .. run, 'entry')
  update_wait_queue(wait_queue_of(names), names)
end

local function remove_waiter(run, names)
  redis.call('ZREM', K.waiting .. wait_queue_of(names), run)
  update_wait_queue(wait_queue_of(names), names)
end

-- promote_waiter: the head of a queue acquires its slots and enters its lane as a holder, so that no other
-- run overtakes it. Returns the other key that is full, if the head has to wait on.
local function promote_waiter(queue)
  local names = keys_of_wait_queue(queue)
  local head = redis.call('ZRANGE', K.waiting .. queue, 0, 0)[1] or ''
  -- A damaged record must not fail the run whose end frees the slot.
  local ok, h = pcall(redis.call, 'HMGET', K.run .. head, 'status', 'waiting', 'pri', 'lane')
  if not ok then
    quarantine(head, '', '', 'unreadable while it waited for ' .. queue)
  elseif h[1] == 'queued' and h[2] then
    local full = acquire_slots(head, names)
    if full then
      if full ~= h[2] then redis.call('HSET', K.run .. head, 'waiting', full) end
      return full
    end
    redis.call('HDEL', K.run .. head, 'waiting')
    -- guard: test_a_suspect_that_waited_for_a_key_stays_a_suspect
    push(head, h[4] == 'suspect' and 'suspect' or h[3])
  end
  remove_waiter(head, names)
end

-- grant_slots: grants the free slots of a key to the first runs that can use them, 32 at most.
local function grant_slots(name)
  local queues, passed = redis.call('ZCARD', K.waiting_lines .. name), 0
  for _ = 1, queues > 0 and queues + 32 or 0 do
    local queue = redis.call('ZRANGE', K.waiting_lines .. name, passed, passed)[1]
    if not queue or not has_free_slot(name) then return end
    -- guard: test_a_free_place_passes_over_all_who_need_another_key
    if promote_waiter(queue) then passed = passed + 1 end
  end
end

-- release_slots: releases all slots before one is granted, else the oldest run would be skipped if it needs
-- them all. The key that jobs share comes first, else a job's own next run would take it from runs that wait
-- longer.
local function release_slots(run, names)
  local left = {}
  for _, name in ipairs(names) do
    -- guard: test_a_freed_place_goes_to_the_head_of_the_line
    if redis.call('SREM', K.holders .. name, run) == 1 then table.insert(left, 1, name) end
  end
  for _, name in ipairs(left) do grant_slots(name) end
end
