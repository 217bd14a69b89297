-- needs: events, shards/seqs, records/texts
-- Incidents: one for one cause. `key` names the cause (`monitor:<host>`, `failing:<fingerprint>`), a member
-- is what is bad because of it (`job:<job>`). The incident closes when its last member is good again.
local INCIDENT_TIMELINE, NOTED_MEMBERS = 200, 20

-- note_incident: adds an entry to the timeline; `words` is a packed text (`lib/records/texts.lua`) or nil.
local function note_incident(id, what, by, words, now)
  local english, origin = texts.split(words or '')
  local entry = {at = now, what = what, by = by or '', text = english}
  if origin ~= '' then entry.text_origin = origin end
  redis.call('RPUSH', K.incident_timeline .. id, cjson.encode(entry))
  redis.call('LTRIM', K.incident_timeline .. id, -INCIDENT_TIMELINE, -1)
end

local function incident_event(kind, id, h, job)
  event('incident.' .. kind, job or '', '', h.seq, 0,
    cjson.encode({id = id, kind = h.kind, subject = h.subject or '', severity = h.severity}))
end

local function add_to_incident(id, seq, member, job, now)
  if job and job ~= '' then
    redis.call('ZADD', K.incident_jobs .. id, 'NX', now, job)
    redis.call('ZADD', K.incidents_job .. job, seq, id)
  end
  return redis.call('SADD', K.incident_members .. id, member) == 1
end

-- open_incident: opens the incident of a cause, or adds to the one that is open. `o` has kind, severity,
-- subject, cause (a packed text), job (or nil), since (ms) and data (JSON or nil). Returns its id.
local function open_incident(key, member, o, now)
  local id = redis.call('HGET', K.incidents_open, key)
  if id then
    -- guard: test_one_cause_is_one_incident
    local h = read(K.incident .. id, 'seq', 'kind', 'severity', 'subject')
    local is_new = add_to_incident(id, h.seq, member, o.job, now)
    redis.call('HSET', K.incident .. id, 'last', text(now))
    texts.set(K.incident .. id, 'cause', o.cause or '')
    redis.call('HINCRBY', K.incident .. id, 'count', 1)
    -- guard: test_an_incident_that_gets_worse_is_critical
    local is_worse = o.severity == 'critical' and h.severity ~= 'critical'
    if is_worse then redis.call('HSET', K.incident .. id, 'severity', o.severity) end
    -- A monitor that is slow does not hide another one of its host that is down.
    if o.data and (o.severity == 'critical' or redis.call('SCARD', K.incident_members .. id) == 1) then
      redis.call('HSET', K.incident .. id, 'data', o.data)
    end
    -- Its job may have a recipient of its own, and another rule may fit.
    if is_new or is_worse then redis.call('ZADD', K.incidents_due, 'LT', now, id) end
    -- guard: test_many_messages_leave_the_timeline_short
    if is_new and redis.call('SCARD', K.incident_members .. id) <= NOTED_MEMBERS then
      note_incident(id, 'repeated', '', o.job or member, now)
      incident_event('updated', id, h, o.job)
    end
    return id
  end
  local seq = next_seq()
  id = 'inc' .. seq
  redis.call('HSET', K.incidents_open, key, id)
  redis.call('HSET', K.incident .. id, 'seq', seq, 'key', key, 'kind', o.kind, 'severity', o.severity,
    'subject', o.subject or '', 'data', o.data or '', 'since', text(o.since or now), 'opened', text(now),
    'last', text(now), 'count', 1)
  texts.set(K.incident .. id, 'cause', o.cause or '')
  add_to_incident(id, seq, member, o.job, now)
  redis.call('ZADD', K.incidents .. 'open', seq, id)
  redis.call('ZADD', K.incidents_due, now, id)
  note_incident(id, 'opened', '', o.cause, now)
  incident_event('opened', id, {seq = seq, kind = o.kind, subject = o.subject, severity = o.severity}, o.job)
  return id
end

-- ensure_incident: the same for a condition that is seen again and again: a member that is in it already
-- changes the text and adds its job. Returns the word and the id.
local function ensure_incident(key, member, o, now)
  local id = redis.call('HGET', K.incidents_open, key)
  -- guard: test_an_incident_that_is_opened_again_is_the_same
  if id and redis.call('SISMEMBER', K.incident_members .. id, member) == 1 then
    local stored = redis.call('HMGET', K.incident .. id, 'cause', 'cause_origin')
    if texts.join(stored[1], stored[2]) ~= o.cause then
      redis.call('HSET', K.incident .. id, 'last', text(now))
      texts.set(K.incident .. id, 'cause', o.cause)
    end
    -- guard: test_a_type_that_no_worker_knows_is_an_incident
    add_to_incident(id, redis.call('HGET', K.incident .. id, 'seq'), member, o.job, now)
    return 'SAME', id
  end
  return id and 'ADDED' or 'OPENED', open_incident(key, member, o, now)
end

local function end_incident(key, id, by, words, now)
  local h = read(K.incident .. id, 'seq', 'kind', 'severity', 'subject')
  redis.call('HDEL', K.incidents_open, key)
  redis.call('DEL', K.incident_members .. id)
  redis.call('HSET', K.incident .. id, 'closed', text(now))
  redis.call('ZREM', K.incidents .. 'open', id)
  redis.call('ZADD', K.incidents .. 'closed', h.seq, id)
  -- guard: test_the_summary_counts_open_incidents_and_names_the_last_end
  redis.call('SET', K.incidents_ended, text(now))
  redis.call('ZADD', K.incidents_due, now, id)
  note_incident(id, 'closed', by, words, now)
  incident_event('closed', id, h, redis.call('ZRANGE', K.incident_jobs .. id, 0, 0)[1])
end

-- close_incident: a member of a cause is good again, or all of them if `member` is nil. The last one closes
-- the incident. Returns its id if it closed, false if it did not.
local function close_incident(key, member, now, by, words)
  local id = redis.call('HGET', K.incidents_open, key)
  if not id then return false end
  if member then
    if redis.call('SREM', K.incident_members .. id, member) == 0 then return false end
    local left = redis.call('SCARD', K.incident_members .. id)
    -- guard: test_an_incident_ends_with_its_last_member
    if left > 0 then
      if left < NOTED_MEMBERS then note_incident(id, 'recovered', '', member, now) end
      return false
    end
  end
  end_incident(key, id, by, words, now)
  return id
end

-- leave_incidents: a job that is deleted is no reason for an incident any more.
local function leave_incidents(job, now)
  for _, id in ipairs(redis.call('ZREVRANGE', K.incidents_job .. job, 0, 99)) do
    local h = read(K.incident .. id, 'key', 'closed')
    if h.key and not h.closed then
      close_incident(h.key, 'job:' .. job, now, '', texts.message('The job was deleted.'))
    end
  end
end
