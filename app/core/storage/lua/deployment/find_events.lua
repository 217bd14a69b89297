#!lua flags=no-writes
-- deployment/find_events: Reads the events of a part of the event stream that belong to one of some topics.
-- ARGV: command, from_id, to_id, max_events
-- ROW: topic
--   command: XRANGE | XREVRANGE; max_events: looked at, but the last entry is read whole; topic: as in
--   `frames.py`.
-- Keys built inside: events.
-- Returns {id of the last event looked at, or '' at the end of the part, {id, event, …}}. An event's id is
-- its entry's, with `.1`, `.2` … behind it for those before the newest of the entry.
local wanted, found, looked, last = {}, {}, 0, ''
local most, at, backward = tonumber(max_events), from_id, command == 'XREVRANGE'
for i = ROW.start, #ARGV - 1 do wanted[ARGV[i + ROW.topic]] = true end

local function look(id, event)
  looked, last = looked + 1, id
  -- A damaged event belongs to no topic.
  local family, job, run = event:match('^([^.|]*)[^|]*|([^|]*)|([^|]*)|')
  if family and (wanted[family] or wanted['job:' .. job] or wanted['run:' .. run]) then
    found[#found + 1] = id
    found[#found + 1] = event
  end
end

local function look_at_entry(id, fields)
  local earlier = {}
  for event in (fields[4] or ''):gmatch('[^\n]+') do earlier[#earlier + 1] = event end
  if backward then look(id, tostring(fields[2])) end
  for i = 1, #earlier do
    local place = backward and #earlier + 1 - i or i
    look(id .. '.' .. place, earlier[place])
  end
  if not backward then look(id, tostring(fields[2])) end
end

while looked < most do
  local page = redis.call(command, K.events, at, to_id, 'COUNT', 50)
  for _, entry in ipairs(page) do
    if looked < most then
      look_at_entry(entry[1], entry[2])
      at = '(' .. entry[1]
    end
  end
  if #page < 50 and looked < most then return {'', found} end
end
return {last, found}
