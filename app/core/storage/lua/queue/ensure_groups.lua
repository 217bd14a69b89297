#!lua flags=allow-oom
-- queue/ensure_groups: Creates the consumer groups of lanes that have none, and the queues of these lanes.
-- Entries that are there are read from the start.
-- needs: lanes
-- ARGV: none.
-- ROW: lane
-- Keys built inside: ready, queues, typed_lanes.
-- Returns how many were created.
local made = 0
for _, lane in ipairs(ARGV) do
  note_lane(lane)
  local ok = redis.pcall('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
  if not ok.err then made = made + 1 end
end
return made
