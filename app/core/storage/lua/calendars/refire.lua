#!lua
-- calendars/refire: Sets the next fires of jobs again after a calendar has changed, unless they have changed
-- meanwhile.
-- needs: specs, lanes
-- ARGV: none.
-- ROW: job, version, old_slot, next_slot, next_score
--   old_slot: the next slot that the caller saw, or ''.
-- Keys built inside: job, schedule, events, quarantine.
-- Returns for each OK | LOST (read it again) | ERROR.
local words = {}
local function refire(at)
  local job, next_slot = ARGV[at + ROW.job], ARGV[at + ROW.next_slot]
  local h = redis.call('HMGET', K.job .. job, 'version', 'enabled', 'slot', 'seq')
  local same = h[1] == ARGV[at + ROW.version] and (h[3] or '') == ARGV[at + ROW.old_slot]
  -- guard: test_a_changed_calendar_leaves_a_job_that_changed_meanwhile
  if not same or h[2] ~= '1' then return 'LOST' end
  set_next_fire(job, next_slot, ARGV[at + ROW.next_score])
  event('job.updated', job, '', h[4], h[1], '')
  return 'OK'
end

for at = ROW.start, #ARGV - 1, ROW.width do
  words[#words + 1] = guarded(ARGV[at + ROW.job], refire, at)
end
return words
