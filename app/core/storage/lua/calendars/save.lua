#!lua
-- calendars/save: Stores a calendar.
-- ARGV: calendar, record, most
--   record: JSON; most: so many calendars at most.
-- Keys built inside: calendars.
-- Returns OK | FULL.
local is_new = redis.call('HEXISTS', K.calendars, calendar) == 0
-- guard: test_the_number_of_calendars_is_bounded
if is_new and redis.call('HLEN', K.calendars) >= tonumber(most) then return 'FULL' end
redis.call('HSET', K.calendars, calendar, record)
return 'OK'
