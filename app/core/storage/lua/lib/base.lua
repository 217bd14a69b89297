-- each call: now_number, now_text = nil, nil
local short_texts = {}

-- now_ms: the time of Redis' own clock in epoch milliseconds. It alone decides if something is due.
local function now_ms()
  local t = redis.call('TIME')
  now_number = t[1] * 1000 + math.floor(t[2] / 1000)
  now_text = string.format('%d', now_number)
  return now_number
end

-- text: a number as text. redis.call prints a number with 17 digits, which is slow; it takes a text as it is.
-- Most numbers are the instant of the call, or small, and these texts are kept.
local function text(n)
  if n == now_number then return now_text end
  local known = short_texts[n]
  if known then return known end
  known = string.format('%d', n)
  if #known < 4 and known == tostring(n) then short_texts[n] = known end
  return known
end

-- read: returns some fields of a hash as a table; missing ones are nil.
local function read(key, ...)
  local names, h = {...}, {}
  local values = redis.call('HMGET', key, ...)
  for i, name in ipairs(names) do h[name] = values[i] or nil end
  return h
end
