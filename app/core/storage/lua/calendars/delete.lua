#!lua flags=allow-oom
-- calendars/delete: Deletes a calendar that no job names.
-- ARGV: calendar
-- Keys built inside: calendars, jobs_calendar.
-- Returns {OK | MISSING | IN_USE, the first 20 jobs that name it}.
if redis.call('HEXISTS', K.calendars, calendar) == 0 then return {'MISSING', {}} end
local jobs = redis.call('ZRANGE', K.jobs_calendar .. calendar, 0, 19)
-- guard: test_a_calendar_in_use_is_not_deleted
if #jobs > 0 then return {'IN_USE', jobs} end
redis.call('HDEL', K.calendars, calendar)
return {'OK', {}}
