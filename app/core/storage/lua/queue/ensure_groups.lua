#!lua flags=allow-oom
-- queue/ensure_groups: Creates the consumer groups of lanes that have none. Entries that are there are read
-- from the start.
-- ARGV: none.
-- ROW: lane
-- Keys built inside: ready.
-- Returns how many were created.
local made = 0
for _, lane in ipairs(ARGV) do
  local ok = redis.pcall('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
  if not ok.err then made = made + 1 end
end
return made
