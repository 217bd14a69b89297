#!lua flags=no-writes
-- deployment/find_events: the entries of a part of the stream that belong to one of some topics, as they are
-- stored.
-- ARGV: XRANGE or XREVRANGE, from this id, to this id, how many to look at, topics (`event_frames.py`).
-- Keys built inside: events.
-- Returns {how many were looked at, id of the last or '', entries}.
local page = redis.call(ARGV[1], K.events, ARGV[2], ARGV[3], 'COUNT', ARGV[4])
local wanted, found = {}, {}
for i = 5, #ARGV do wanted[ARGV[i]] = true end
for _, entry in ipairs(page) do
  -- What is damaged belongs to no topic.
  local family, job, run = tostring(entry[2][2]):match('^([^.|]*)[^|]*|([^|]*)|([^|]*)|')
  if family and (wanted[family] or wanted['job:' .. job] or wanted['run:' .. run]) then
    found[#found + 1] = entry
  end
end
return {#page, #page > 0 and page[#page][1] or '', found}
