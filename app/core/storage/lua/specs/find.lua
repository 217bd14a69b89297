#!lua flags=no-writes
-- specs/find: Finds the jobs of a part of an index that match, newest first.
-- needs: search/scopes
-- ARGV: index_name, before_score, offset, max_records, job_type, tag, enabled, trouble, query, given, scope
--   index_name: all | enabled | type:<type> | tag:<tag>; before_score: '+inf' at first. '' matches anything:
--   enabled: '1' | '0'; trouble: '1' for jobs with dead letters, in a cool-down, or with a late fire;
--   query: a part of id or description in lower case; given: the same as it was typed; scope: JSON, or ''
--   for all jobs.
-- Keys built inside: jobs, jobs_enabled, jobs_type, jobs_tag, job, dead, dead_job.
-- Returns {how many were looked at, seq of the last or '', '', {job, seq}*}.
local kind, name = index_name:match('^(%a+):?(.*)$')
local indexes = {all = K.jobs, enabled = K.jobs_enabled, type = K.jobs_type .. name, tag = K.jobs_tag .. name}
local page = redis.call('ZREVRANGEBYSCORE', indexes[kind], before_score, '-inf', 'WITHSCORES',
  'LIMIT', offset, max_records)
local limits = scope ~= '' and cjson.decode(scope) or nil
local found, now, LATE_MS = {}, now_ms(), 60000

local function has(field) return field:lower():find(query, 1, true) or field:find(given, 1, true) end

local function is_found(job, spec)
  if query == '' or has(job) then return true end
  -- Most texts are excluded without decoding. A query that JSON would escape needs it.
  if not given:find('["\\%c]') and not has(spec) then return false end
  return has(cjson.decode(spec).description or '')
end

local has_dead = trouble ~= '' and redis.call('ZCARD', K.dead) > 0

local function is_troubled(job, h)
  if has_dead and redis.call('EXISTS', K.dead_job .. job) == 1 then return true end
  return h[3] == '1' and ((tonumber(h[5]) or 0) > now or (tonumber(h[6]) or now) < now - LATE_MS)
end

local function fits(job, h)
  -- guard: test_scope_of_a_job_search_leaves_out_other_jobs
  if limits and not in_scope(limits, job) then return false end
  return (job_type == '' or h[1] == job_type) and (enabled == '' or h[3] == enabled)
    and (tag == '' or (',' .. h[2] .. ','):find(',' .. tag .. ',', 1, true)) and is_found(job, h[4])
    and (trouble == '' or is_troubled(job, h))
end

for i = 1, #page, 2 do
  -- A record that is gone or damaged is no job.
  -- The spec is most of a record, and only a query looks at it.
  local ok, h = pcall(redis.call, 'HMGET', K.job .. page[i], 'type', 'tags', 'enabled',
    query ~= '' and 'spec' or 'type', 'cool_until', 'slot')
  if ok and h[4] and fits(page[i], h) then found[#found + 1] = {page[i], page[i + 1]} end
end
return {#page / 2, page[#page] or '', '', found}
