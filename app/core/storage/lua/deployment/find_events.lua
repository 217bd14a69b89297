#!lua flags=no-writes
-- deployment/find_events: Reads the entries of a part of the event stream that belong to one of some topics.
-- ARGV: command, from_id, to_id, max_entries
-- ROW: topic
--   command: XRANGE | XREVRANGE; topic: as in `event_frames.py`.
-- Keys built inside: events.
-- Returns {how many were looked at, id of the last or '', entries}.
local page = redis.call(command, K.events, from_id, to_id, 'COUNT', max_entries)
local wanted, found = {}, {}
for at = ROW.start, #ARGV - 1 do wanted[ARGV[at + ROW.topic]] = true end
for _, entry in ipairs(page) do
  -- A damaged entry belongs to no topic.
  local family, job, run = tostring(entry[2][2]):match('^([^.|]*)[^|]*|([^|]*)|([^|]*)|')
  if family and (wanted[family] or wanted['job:' .. job] or wanted['run:' .. run]) then
    found[#found + 1] = entry
  end
end
return {#page, #page > 0 and page[#page][1] or '', found}
