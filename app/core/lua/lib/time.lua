-- The one clock that decides what is due: Redis' own, in epoch milliseconds.
local function now_ms()
  local t = redis.call('TIME')
  return t[1] * 1000 + math.floor(t[2] / 1000)
end

-- A number given to redis.call is printed with 17 digits, which is slow; a text is taken as it is.
local function text(n) return string.format('%d', n) end
