-- needs: events
-- record_skipped: stores slots that did not run, as a range. A range that begins behind the last one extends
-- it. An entry is `first|last|slots|reason|recorded`.
local function record_skipped(job, first, last, slots, reason, previous, now)
  local key = K.ledger .. job
  local newest = redis.call('LINDEX', key, -1)
  local a, b, n, why = (newest or ''):match('^(%d+)|(%d+)|(%d+)|([^|]+)|')
  if why == reason and previous and previous ~= '' and b == previous then
    redis.call('LSET', key, -1, a .. '|' .. last .. '|' .. (n + slots) .. '|' .. reason .. '|' .. now)
    return
  end
  redis.call('RPUSH', key, first .. '|' .. last .. '|' .. slots .. '|' .. reason .. '|' .. now)
  redis.call('LTRIM', key, -1000, -1)
  local type = (reason == 'missed' or reason == 'clock_went_back') and 'schedule.missed' or 'schedule.skipped'
  event(type, job, '', 0, 0,
    '{"first":' .. first .. ',"last":' .. last .. ',"slots":' .. slots .. ',"reason":"' .. reason .. '"}')
end
