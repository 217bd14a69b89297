#!lua flags=allow-oom
-- queue/restart_idle_times: after Redis' clock was turned back, ages count from now: every pending entry is
-- claimed once, for the consumer that has it. The lane's mark goes with its last page.
-- ARGV: lane, start of the page, how many.
-- Keys built inside: ready, lease_clock.
-- Returns the start of the next page, or '' at the end.
local ok, page = pcall(redis.call, 'XPENDING', K.ready .. ARGV[1], GROUP, ARGV[2], '+', ARGV[3])
if not ok then page = {} end -- a lane without a group has nothing pending
for _, e in ipairs(page) do
  redis.call('XCLAIM', K.ready .. ARGV[1], GROUP, e[2], 0, e[1], 'JUSTID')
end
if #page == tonumber(ARGV[3]) then return '(' .. page[#page][1] end
redis.call('HDEL', K.lease_clock, 'stamp|' .. ARGV[1])
return ''
