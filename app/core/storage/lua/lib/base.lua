-- The one clock that decides what is due: Redis' own, in epoch milliseconds.
local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A number given to redis.call is printed with 17 digits, which is slow; a text is taken as it is.
local function text(n) return string.format('%d', n) end

-- read: some fields of a run's hash as a table, missing ones nil.
local function read(run, ...)
  local names, h = {...}, {}
  local values = redis.call('HMGET', K.run .. run, ...)
  for i, name in ipairs(names) do h[name] = values[i] or nil end
  return h
end
