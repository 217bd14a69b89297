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
