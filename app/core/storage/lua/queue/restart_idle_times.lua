#!lua flags=allow-oom
-- queue/restart_idle_times: Restarts the idle times of pending entries after Redis' clock went back. Each
-- entry is claimed once, for the consumer that has it. The lane's mark is deleted with its last page.
-- ARGV: lane, start, page_size
-- Keys built inside: ready, lease_clock.
-- Returns the start of the next page, or '' at the end.
local ok, page = pcall(redis.call, 'XPENDING', K.ready .. lane, GROUP, start, '+', page_size)
if not ok then page = {} end -- a lane without a group has nothing pending
for _, e in ipairs(page) do
  redis.call('XCLAIM', K.ready .. lane, GROUP, e[2], 0, e[1], 'JUSTID')
end
if #page == tonumber(page_size) then return '(' .. page[#page][1] end
redis.call('HDEL', K.lease_clock, 'stamp|' .. lane)
return ''
