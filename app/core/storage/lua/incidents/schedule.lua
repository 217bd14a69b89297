#!lua flags=allow-oom
-- incidents/schedule: Sets when incidents are looked at again, unless something happened to them meanwhile.
-- needs: incidents
-- ARGV: none.
-- ROW: incident, seen, closed, due, held
--   seen: the due instant that the caller knows; closed: the end that it knows, or ''; due: the next instant,
--   or '' for none; held: why nothing is sent now (quiet | maintenance), or ''.
-- Keys built inside: incident, incidents_due, incident_jobs, incident_timeline.
-- Returns how many were set.
local now, set = now_ms(), 0
local function schedule(id, seen, closed, due, held)
  local h = read(K.incident .. id, 'closed', 'held', 'maintenance', 'seq', 'kind', 'severity', 'subject')
  local score = redis.call('ZSCORE', K.incidents_due, id)
  -- guard: test_an_incident_that_ends_meanwhile_stays_due
  if tonumber(score) ~= tonumber(seen) or (h.closed or '') ~= closed then return end
  set = set + 1
  if due == '' then redis.call('ZREM', K.incidents_due, id) end
  if due ~= '' then redis.call('ZADD', K.incidents_due, due, id) end
  if held ~= '' and h.seq then redis.call('HSET', K.incident .. id, 'held', held) end
  -- guard: test_maintenance_is_noted_once
  if held == 'maintenance' and h.maintenance ~= '1' then
    redis.call('HSET', K.incident .. id, 'maintenance', 1)
    note_incident(id, 'maintenance', '', '', now)
    incident_event('updated', id, h, redis.call('ZRANGE', K.incident_jobs .. id, 0, 0)[1])
  end
end

for at = ROW.start, #ARGV - 1, ROW.width do
  schedule(ARGV[at + ROW.incident], ARGV[at + ROW.seen], ARGV[at + ROW.closed], ARGV[at + ROW.due],
    ARGV[at + ROW.held])
end
return set
