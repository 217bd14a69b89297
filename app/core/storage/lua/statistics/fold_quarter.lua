#!lua flags=allow-oom
-- statistics/fold_quarter: Sums the minutes of a quarter hour that is over into the deployment's roll-up by
-- quarter hours. Minutes expire after 25 hours, the sums after nine days.
-- ARGV: quarter
--   quarter: quarter hours since 1970.
-- Keys built inside: meta, rollup_minute, rollup_all.
-- Returns OK | DONE (it was folded before) | EARLY (it is not over).
local MINUTES, QUARTERS, LIFETIME_SEC = 15, 96, 9 * 86400
local number = tonumber(quarter)
-- Redis' clock counts the minutes.
-- guard: test_a_quarter_hour_that_is_not_over_is_not_folded
if number >= math.floor(now_ms() / (MINUTES * 60000)) then return 'EARLY' end
-- Some of its minutes may have expired since.
-- guard: test_a_quarter_hour_is_folded_once
if number <= tonumber(redis.call('HGET', K.meta, 'folded_quarter') or -1) then return 'DONE' end

local sums = {}
for minute = number * MINUTES, number * MINUTES + MINUTES - 1 do
  local flat = redis.call('HGETALL', K.rollup_minute .. text(minute))
  for i = 1, #flat, 2 do sums[flat[i]] = (sums[flat[i]] or 0) + flat[i + 1] end
end
local fields = {}
for name, n in pairs(sums) do
  fields[#fields + 1] = number % QUARTERS .. '|' .. name
  fields[#fields + 1] = text(n)
end
if #fields > 0 then
  local key = K.rollup_all .. text(math.floor(number / QUARTERS))
  redis.call('HSET', key, unpack(fields))
  redis.call('EXPIRE', key, LIFETIME_SEC)
end
redis.call('HSET', K.meta, 'folded_quarter', quarter)
return 'OK'
