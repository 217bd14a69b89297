#!lua
-- incidents/save_maintenance: Stores a maintenance window, and removes those that are over.
-- ARGV: window, record, most
-- ROW: gone
--   record: JSON; most: so many windows at most; gone: a window that is over.
-- Keys built inside: maintenance.
-- Returns OK | FULL.
for at = ROW.start, #ARGV - 1, ROW.width do redis.call('HDEL', K.maintenance, ARGV[at + ROW.gone]) end
local is_new = redis.call('HEXISTS', K.maintenance, window) == 0
-- guard: test_the_number_of_maintenance_windows_is_bounded
if is_new and redis.call('HLEN', K.maintenance) >= tonumber(most) then return 'FULL' end
redis.call('HSET', K.maintenance, window, record)
return 'OK'
