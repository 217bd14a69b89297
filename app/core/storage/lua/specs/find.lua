#!lua flags=no-writes
-- specs/find: the jobs of a part of an index that fit, newest first.
-- ARGV: index ('all', 'enabled', 'type:<type>', 'tag:<tag>'), behind this score or '+inf', place to begin at,
-- how many to look at, then what must hold, '' for anything: type, tag, enabled ('1', '0'), a part of id or
-- description in lower case and as it was given.
-- Keys built inside: jobs, jobs_enabled, jobs_type, jobs_tag, job.
-- Returns {how many were looked at, seq of the last or '', '', {job, seq}*}.
local kind, name = ARGV[1]:match('^(%a+):?(.*)$')
local indexes = {all = K.jobs, enabled = K.jobs_enabled, type = K.jobs_type .. name, tag = K.jobs_tag .. name}
local type_, tag, enabled, q, given = ARGV[5], ARGV[6], ARGV[7], ARGV[8], ARGV[9]
local page = redis.call('ZREVRANGEBYSCORE', indexes[kind], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', ARGV[3],
  ARGV[4])
local found = {}

local function has(where) return where:lower():find(q, 1, true) or where:find(given, 1, true) end

local function is_found(job, spec)
  if q == '' or has(job) then return true end
  -- Most texts are ruled out unread; what JSON writes otherwise has to be read.
  if not given:find('["\\%c]') and not has(spec) then return false end
  return has(cjson.decode(spec).description or '')
end

local function fits(job, h)
  return (type_ == '' or h[1] == type_) and (enabled == '' or h[3] == enabled)
    and (tag == '' or (',' .. h[2] .. ','):find(',' .. tag .. ',', 1, true)) and is_found(job, h[4])
end

for i = 1, #page, 2 do
  -- A record that vanished or is damaged is no job.
  local ok, h = pcall(redis.call, 'HMGET', K.job .. page[i], 'type', 'tags', 'enabled', 'spec')
  if ok and h[4] and fits(page[i], h) then found[#found + 1] = {page[i], page[i + 1]} end
end
return {#page / 2, page[#page] or '', '', found}
