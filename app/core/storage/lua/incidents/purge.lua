#!lua flags=allow-oom
-- incidents/purge: Removes incidents that ended long ago, with all that belongs to them.
-- ARGV: after_seq, page_size, closed_before
-- Keys built inside: incident, incident_jobs, incident_members, incident_timeline, incident_deliveries,
-- incidents, incidents_due, incidents_job.
-- Returns {removed, seq to continue after, or '' at the end}.
local removed, before = 0, tonumber(closed_before)
local page = redis.call('ZRANGEBYSCORE', K.incidents .. 'closed', '(' .. after_seq, '+inf', 'WITHSCORES',
  'LIMIT', 0, page_size)
for i = 1, #page, 2 do
  local id = page[i]
  local closed = tonumber(redis.call('HGET', K.incident .. id, 'closed') or 0)
  if closed < before then
    for _, job in ipairs(redis.call('ZRANGE', K.incident_jobs .. id, 0, -1)) do
      redis.call('ZREM', K.incidents_job .. job, id)
    end
    redis.call('DEL', K.incident .. id, K.incident_jobs .. id, K.incident_members .. id,
      K.incident_timeline .. id, K.incident_deliveries .. id)
    redis.call('ZREM', K.incidents .. 'closed', id)
    redis.call('ZREM', K.incidents_due, id)
    removed = removed + 1
  end
end
return {removed, #page == 2 * page_size and page[#page] or ''}
