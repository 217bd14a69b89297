#!lua flags=allow-oom
-- stamp: after Redis' clock was turned back, ages count from now: every pending entry is claimed once,
-- for the consumer that has it.
-- ARGV: lane, start of the page, how many.
-- Keys built inside: ready.
-- Returns the start of the next page, or '' at the end.
local page = redis.call('XPENDING', K.ready .. ARGV[1], GROUP, ARGV[2], '+', ARGV[3])
for _, e in ipairs(page) do
  redis.call('XCLAIM', K.ready .. ARGV[1], GROUP, e[2], 0, e[1], 'JUSTID')
end
return #page == tonumber(ARGV[3]) and '(' .. page[#page][1] or ''
