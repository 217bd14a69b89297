-- Events of the deployment, for people and dashboards: `type|job|run|seq|rev|data`, and `data` is JSON or ''.
-- Types, ids and numbers have no `|`. The time of an event is that of its entry's id.
-- An entry has up to 10 events, because each entry costs, and a run has three events. Its field `e` is the
-- newest of them, and `b` has those before it, one a line. A process of a release before `b` reads only `e`.
local EVENTS_OF_ENTRY = 10
-- each call: pending_events = {}

-- batch_text: keeps the text of an event until `flush_writes`, which every script that can reach this calls.
local function batch_text(event_text) pending_events[#pending_events + 1] = event_text end

-- batch_event: the same for the parts of an event. `data` has no line feed.
local function batch_event(type, job, run, seq, rev, data)
  batch_text(type .. '|' .. job .. '|' .. run .. '|' .. seq .. '|' .. rev .. '|' .. data)
end

-- add_entry: adds an entry with these fields, and returns its id. The ids of several shards never meet: each
-- counts from a number of its own, so lists of all shards merge by id. In a millisecond that has an entry,
-- and after the clock went back, Redis counts on from the newest entry.
local function add_entry(...)
  if SHARD > 0 then
    local id = text(now_ms()) .. '-' .. text(SHARD * 1000000000000)
    -- guard: test_ids_of_events_of_shards_never_meet
    if type(redis.pcall('XADD', K.events, 'MAXLEN', '~', '100000', id, ...)) == 'string' then return id end
  end
  return redis.call('XADD', K.events, 'MAXLEN', '~', '100000', '*', ...)
end

-- trim_events: removes events of batches beyond the newest 100,000. Each 10,000th has a mark, the id of
-- its entry. Twelve marks later, entries before it are removed.
local MARK_EVENTS, MARKS = 10000, 12
local function trim_events(count, id)
  local made = redis.call('HINCRBY', K.event_marks, 'made', count)
  if made % MARK_EVENTS >= count then return end
  local place = math.floor(made / MARK_EVENTS) % MARKS
  local oldest = redis.call('HGET', K.event_marks, place)
  if oldest then redis.call('XTRIM', K.events, 'MINID', '~', oldest) end
  redis.call('HSET', K.event_marks, place, id)
end

-- flush_events: writes the events that are kept, in their order.
local function flush_events()
  local total, id = #pending_events, nil
  for first = 1, total, EVENTS_OF_ENTRY do
    local last = math.min(first + EVENTS_OF_ENTRY - 1, total)
    if first == last then
      add_entry('e', pending_events[last])
    else
      id = add_entry('e', pending_events[last], 'b', table.concat(pending_events, '\n', first, last - 1))
    end
  end
  -- `MAXLEN` alone would keep a million events of batches.
  if id then trim_events(total, id) end
  if total > 0 then pending_events = {} end
end

-- event: adds an event at once, the newest of its entry. Those that are kept go first, in their order.
local function event(type, job, run, seq, rev, data)
  batch_event(type, job, run, seq, rev, data)
  flush_events()
end
