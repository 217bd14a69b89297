#!lua flags=no-writes
-- find_runs: the runs of a part of an index that fit, newest first.
-- ARGV: index ('all', 'job:<id>', 'status:<status>', 'group:<fingerprint>'), behind this score or '+inf', place to
-- begin at, how many to look at, then what must hold, '' for anything: job, status, made at (ms) or later, q.
-- Keys built inside: runs, runs_job, runs_status, dead_group, run.
-- Returns {how many were looked at, seq of the last or '', '1' where the last is older than asked, {run, seq}*}.
local kind, name = ARGV[1]:match('^(%a+):?(.*)$')
local indexes = {all = K.runs, job = K.runs_job .. name, status = K.runs_status .. name, group = K.dead_group .. name}
local job, status, since, q = ARGV[5], ARGV[6], tonumber(ARGV[7]) or 0, ARGV[8]
local page = redis.call('ZREVRANGEBYSCORE', indexes[kind], ARGV[2], '-inf', 'WITHSCORES', 'LIMIT', ARGV[3], ARGV[4])
local found, older = {}, false

local function is_found(run, h)
  return q == '' or run:sub(1, #q) == q or h[1]:sub(1, #q) == q or h[3] == q or h[4] == q
end

local function fits(run, h)
  return (job == '' or h[1] == job) and (status == '' or h[5] == status) and not older and is_found(run, h)
end

for i = 1, #page, 2 do
  -- A record that vanished or is damaged is no run.
  local ok, h = pcall(redis.call, 'HMGET', K.run .. page[i], 'job', 'created', 'trace', 'fingerprint', 'status')
  if ok and h[1] then
    older = tonumber(h[2]) < since
    if fits(page[i], h) then found[#found + 1] = {page[i], page[i + 1]} end
  end
end
return {#page / 2, page[#page] or '', older and '1' or '', found}
