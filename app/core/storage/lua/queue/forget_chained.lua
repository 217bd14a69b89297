#!lua flags=allow-oom
-- queue/forget_chained: Notes that the entries of chained runs are gone. An hour later the runs are not
-- remembered any more; until then a scheduler that read an entry earlier may still send it.
-- ARGV: none.
-- ROW: run
-- Keys built inside: chained.
-- Returns OK.
local now = now_ms()
for at = ROW.start, #ARGV - 1, ROW.width do
  redis.call('ZADD', K.chained, 'XX', now, ARGV[at + ROW.run])
end
return 'OK'
