-- needs: events, incidents
-- report_missed: slots that were missed are one incident for all jobs, because they have one cause: the
-- platform was away, or its clock went back.
local function report_missed(job, first, last, slots, reason, now)
  local cause = slots .. ' slots did not run: the platform was away.'
  if reason == 'clock_went_back' then
    cause = slots .. ' slots were not repeated: the clock of Redis went back.'
  end
  -- guard: test_missed_slots_of_all_jobs_are_one_incident
  open_incident('slots:missed', 'job:' .. job, {kind = 'slots_missed', severity = 'warning', subject = job,
    cause = cause, job = job, since = tonumber(first),
    data = cjson.encode({first = tonumber(first), last = tonumber(last), slots = tonumber(slots),
      reason = reason})}, now)
end

-- record_skipped: stores slots that did not run, as a range. A range that begins behind the last one extends
-- it. An entry is `first|last|slots|reason|recorded`.
local function record_skipped(job, first, last, slots, reason, previous, now)
  local key = K.ledger .. job
  local newest = redis.call('LINDEX', key, -1)
  local a, b, n, why = (newest or ''):match('^(%d+)|(%d+)|(%d+)|([^|]+)|')
  local missed = reason == 'missed' or reason == 'clock_went_back'
  if missed then report_missed(job, first, last, slots, reason, now) end
  if why == reason and previous and previous ~= '' and b == previous then
    redis.call('LSET', key, -1, a .. '|' .. last .. '|' .. (n + slots) .. '|' .. reason .. '|' .. now)
    return
  end
  redis.call('RPUSH', key, first .. '|' .. last .. '|' .. slots .. '|' .. reason .. '|' .. now)
  redis.call('LTRIM', key, -1000, -1)
  event(missed and 'schedule.missed' or 'schedule.skipped', job, '', 0, 0,
    '{"first":' .. first .. ',"last":' .. last .. ',"slots":' .. slots .. ',"reason":"' .. reason .. '"}')
end
