#!lua flags=allow-oom
-- incidents/settle: Stores what has become of messages about incidents.
-- needs: incidents
-- ARGV: none.
-- ROW: incident, field, state, failure, words
--   field: of the delivery; state: of the message; failure: its error or ''; words: for the timeline.
-- Keys built inside: incident, incident_deliveries, incident_jobs, incident_timeline.
-- Returns how many have changed.
local SAID = {delivered = 'delivered', failed = 'undelivered', unknown = 'undelivered'}
local now, changed = now_ms(), 0
for at = ROW.start, #ARGV - 1, ROW.width do
  local id, field, state = ARGV[at + ROW.incident], ARGV[at + ROW.field], ARGV[at + ROW.state]
  local stored = redis.call('HGET', K.incident_deliveries .. id, field)
  local d = stored and cjson.decode(stored)
  -- guard: test_a_settled_delivery_is_noted_once
  if d and d.state ~= state then
    local failure, origin = texts.split(ARGV[at + ROW.failure])
    d.state, d.error, changed = state, failure ~= '' and failure or cjson.null, changed + 1
    redis.call('HSET', K.incident_deliveries .. id, field, cjson.encode(d))
    texts.set_of(K.incident .. id, 'deliveries_origin', field, origin)
    if SAID[state] then
      note_incident(id, SAID[state], '', ARGV[at + ROW.words], now)
      local h = read(K.incident .. id, 'seq', 'kind', 'severity', 'subject')
      incident_event('updated', id, h, redis.call('ZRANGE', K.incident_jobs .. id, 0, 0)[1])
    end
  end
end
return changed
