-- needs: lanes
-- Places of concurrency keys. `job:<id>` is the overlap key, of limit 1; `user:<key>` has its limit in K.limits.
-- A set of holders per key, entered at a claim or at a hand-over, left when the attempt ends.
local function names_of(job, overlap, key)
  local names = {}
  if overlap == '1' then names[1] = 'job:' .. job end
  if key and key ~= '' then names[#names + 1] = 'user:' .. key end
  return names
end

local function is_free(name)
  local limit = name:sub(1, 4) == 'job:' and 1 or tonumber(redis.call('HGET', K.limits, name) or 1)
  return redis.call('SCARD', K.holders .. name) < limit
end

-- take_places: all of a run's keys or none; answers the one that is full.
local function take_places(run, names)
  for _, name in ipairs(names) do
    if redis.call('SISMEMBER', K.holders .. name, run) == 0 and not is_free(name) then return name end -- guard: test_key_limit_is_never_exceeded
  end
  for _, name in ipairs(names) do redis.call('SADD', K.holders .. name, run) end
end

local function wait_for(run, seq, name)
  redis.call('ZADD', K.waiting .. name, seq, run)
  redis.call('SADD', K.waiting_keys, name)
  redis.call('HSET', K.run .. run, 'waiting', name)
  redis.call('HDEL', K.run .. run, 'entry')
end

-- admit: gives a free place to the head, which enters its lane as a holder already, so nobody overtakes it.
local function admit(name)
  for _ = 1, 32 do
    local head = redis.call('ZRANGE', K.waiting .. name, 0, 0)[1]
    if not head then
      redis.call('SREM', K.waiting_keys, name)
      return
    end
    if not is_free(name) then return end
    redis.call('ZREM', K.waiting .. name, head)
    -- A damaged record must not fail the run whose end frees the place.
    local ok, h = pcall(redis.call, 'HMGET', K.run .. head, 'status', 'waiting', 'seq', 'job', 'overlap', 'key', 'pri')
    if not ok then
      quarantine(head, '', '', 'unreadable while it waited for ' .. name)
    elseif h[1] == 'queued' and h[2] == name then
      local full = take_places(head, names_of(h[4], h[5], h[6]))
      if full then
        wait_for(head, h[3], full)
      else
        redis.call('HDEL', K.run .. head, 'waiting')
        push(head, h[7])
      end
    end
  end
end

local function leave_places(run, names)
  for _, name in ipairs(names) do
    if redis.call('SREM', K.holders .. name, run) == 1 then admit(name) end -- guard: test_a_freed_place_goes_to_the_head_of_the_line
  end
end
