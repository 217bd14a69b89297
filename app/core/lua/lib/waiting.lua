-- needs: lanes, places
-- Runs that need the same keys wait in one line, by seq, and each key knows its lines by the seq of their heads.
-- A head whose other key is full is passed over with all behind it, since they need that key as well: a place
-- finds the run that may have it, however many wait that may not.
local function line_of(names) return table.concat(names, ',') end

local function names_in(line)
  local overlap, key = line:match('^(job:[^,]+),(.+)$')
  return overlap and {overlap, key} or {line}
end

-- line_up: tells the keys of a line who its head is, or that it is empty.
local function line_up(line, names)
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

local function wait_for(run, seq, names, full)
  redis.call('ZADD', K.waiting .. line_of(names), seq, run)
  redis.call('HSET', K.run .. run, 'waiting', full)
  redis.call('HDEL', K.run .. run, 'entry')
  line_up(line_of(names), names)
end

local function leave_line(run, names)
  redis.call('ZREM', K.waiting .. line_of(names), run)
  line_up(line_of(names), names)
end

-- hand_over: the head of a line gets its places and enters its lane as a holder already, so nobody overtakes it.
-- Answers the other key that is full where it has to wait on.
local function hand_over(line)
  local names = names_in(line)
  local head = redis.call('ZRANGE', K.waiting .. line, 0, 0)[1] or ''
  -- A damaged record must not fail the run whose end frees the place.
  local ok, h = pcall(redis.call, 'HMGET', K.run .. head, 'status', 'waiting', 'pri', 'lane')
  if not ok then
    quarantine(head, '', '', 'unreadable while it waited for ' .. line)
  elseif h[1] == 'queued' and h[2] then
    local full = take_places(head, names)
    if full then
      if full ~= h[2] then redis.call('HSET', K.run .. head, 'waiting', full) end
      return full
    end
    redis.call('HDEL', K.run .. head, 'waiting')
    push(head, h[4] == 'suspect' and 'suspect' or h[3]) -- guard: test_a_suspect_that_waited_for_a_key_stays_a_suspect
  end
  leave_line(head, names)
end

-- admit: gives the free places of a key to the first who may have them, 32 at most.
local function admit(name)
  local lines, passed = redis.call('ZCARD', K.waiting_lines .. name), 0
  for _ = 1, lines > 0 and lines + 32 or 0 do
    local line = redis.call('ZRANGE', K.waiting_lines .. name, passed, passed)[1]
    if not line or not is_free(name) then return end
    if hand_over(line) then passed = passed + 1 end -- guard: test_a_free_place_passes_over_all_who_need_another_key
  end
end

-- leave_places: all are left before one is given away, else the oldest is passed over where it needs them all.
-- The one that jobs share goes first, else a job's own next run would take it from those who wait longer.
local function leave_places(run, names)
  local left = {}
  for _, name in ipairs(names) do
    if redis.call('SREM', K.holders .. name, run) == 1 then table.insert(left, 1, name) end -- guard: test_a_freed_place_goes_to_the_head_of_the_line
  end
  for _, name in ipairs(left) do admit(name) end
end
