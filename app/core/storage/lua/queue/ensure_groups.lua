#!lua flags=allow-oom
-- queue/ensure_groups: makes the consumer group of each lane where it is missing, from the stream's start.
-- ARGV: lanes.
-- Keys built inside: ready.
-- Returns how many were made.
local made = 0
for _, lane in ipairs(ARGV) do
  local ok = redis.pcall('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
  if not ok.err then made = made + 1 end
end
return made
