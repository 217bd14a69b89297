-- needs: lanes
-- Places of concurrency keys. `job:<id>` is the overlap key, of limit 1; `user:<key>` has its limit in
-- K.limits. A set of holders per key, entered at a claim or at a hand-over, left when the attempt ends.
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

-- acquire_slots: all of a run's keys or none; answers the one that is full.
local function acquire_slots(run, names)
  for _, name in ipairs(names) do
    -- guard: test_key_limit_is_never_exceeded
    if redis.call('SISMEMBER', K.holders .. name, run) == 0 and not has_free_slot(name) then return name end
  end
  for _, name in ipairs(names) do redis.call('SADD', K.holders .. name, run) end
end

-- Runs that need the same keys wait in one line, by seq, and each key knows its lines by the seq of their
-- heads. A head whose other key is full is passed over with all behind it, since they need that key as well:
-- a place finds the run that may have it, however many wait that may not.
local function wait_queue_of(names) return table.concat(names, ',') end

local function keys_of_wait_queue(line)
  local overlap, key = line:match('^(job:[^,]+),(.+)$')
  return overlap and {overlap, key} or {line}
end

-- update_wait_queue: tells the keys of a line who its head is, or that it is empty.
local function update_wait_queue(line, names)
  local seq = redis.call('ZRANGE', K.waiting .. line, 0, 0, 'WITHSCORES')[2]
  for _, name in ipairs(names) do
    if seq then
      redis.call('ZADD', K.waiting_lines .. name, seq, line)
      redis.call('SADD', K.waiting_keys, name)
    else
      redis.call('ZREM', K.waiting_lines .. name, line)
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

-- promote_waiter: the head of a line gets its places and enters its lane as a holder already, so nobody
-- overtakes it. Answers the other key that is full where it has to wait on.
local function promote_waiter(line)
  local names = keys_of_wait_queue(line)
  local head = redis.call('ZRANGE', K.waiting .. line, 0, 0)[1] or ''
  -- A damaged record must not fail the run whose end frees the place.
  local ok, h = pcall(redis.call, 'HMGET', K.run .. head, 'status', 'waiting', 'pri', 'lane')
  if not ok then
    quarantine(head, '', '', 'unreadable while it waited for ' .. line)
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

-- grant_slots: gives the free places of a key to the first who may have them, 32 at most.
local function grant_slots(name)
  local lines, passed = redis.call('ZCARD', K.waiting_lines .. name), 0
  for _ = 1, lines > 0 and lines + 32 or 0 do
    local line = redis.call('ZRANGE', K.waiting_lines .. name, passed, passed)[1]
    if not line or not has_free_slot(name) then return end
    -- guard: test_a_free_place_passes_over_all_who_need_another_key
    if promote_waiter(line) then passed = passed + 1 end
  end
end

-- release_slots: all are left before one is given away, else the oldest is passed over where it needs them
-- all. The one that jobs share goes first, else a job's own next run would take it from those who wait
-- longer.
local function release_slots(run, names)
  local left = {}
  for _, name in ipairs(names) do
    -- guard: test_a_freed_place_goes_to_the_head_of_the_line
    if redis.call('SREM', K.holders .. name, run) == 1 then table.insert(left, 1, name) end
  end
  for _, name in ipairs(left) do grant_slots(name) end
end
