-- now_ms: the time of Redis' own clock in epoch milliseconds. It alone decides if something is due.
local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- text: a number as text. redis.call prints a number with 17 digits, which is slow; it takes a text as it is.
local function text(n) return string.format('%d', n) end

-- read: returns some fields of a hash as a table; missing ones are nil.
local function read(key, ...)
  local names, h = {...}, {}
  local values = redis.call('HMGET', key, ...)
  for i, name in ipairs(names) do h[name] = values[i] or nil end
  return h
end
