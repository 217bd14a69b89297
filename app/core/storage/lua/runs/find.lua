#!lua flags=no-writes
-- runs/find: Finds the runs that match, newest first, in a part of one index or of several together.
-- needs: search/scopes
-- ARGV: before_seq, oldest_seq, max_records, max_bytes, max_found, filter
-- ROW: index
--   before_seq: '+inf' at first; oldest_seq: or '-inf'; max_bytes: of text to read; filter: JSON.
--   index: all | job:<id> | status:<status>.
-- Keys built inside: runs, runs_job, runs_status, jobs_tag, run, job.
-- Returns {records looked at, seq of the last or '', '1' at the end of the indexes, {run, seq, bytes}*}. The
-- caller has to search these bytes of text itself; 0 for a run that matches without.
local COUNT, BYTES, MOST = tonumber(max_records), tonumber(max_bytes), tonumber(max_found)
local want = cjson.decode(filter)
local LARGE = 65536
local q, jobs, states = want.q, {}, nil
local closed = {}
for _, type in ipairs(want.scope and want.scope.closed or {}) do closed[type] = true end
for _, state in ipairs(want.states or {}) do states = states or {}; states[state] = true end

-- page_of: the next records of all indexes, {run, seq}*, and if the indexes end with them.
local function page_of()
  local indexes = #ARGV - ROW.start
  local each = indexes == 1 and COUNT or math.max(20, math.ceil(COUNT / indexes))
  local rows, horizon, ended = {}, -1, true
  for at = ROW.start, #ARGV - 1 do
    local kind, name = ARGV[at + ROW.index]:match('^(%a+):?(.*)$')
    local index = kind == 'job' and K.runs_job .. name or kind == 'status' and K.runs_status .. name or K.runs
    local part = redis.call('ZREVRANGEBYSCORE', index, before_seq, oldest_seq, 'WITHSCORES', 'LIMIT', 0, each)
    for j = 1, #part, 2 do rows[#rows + 1] = {part[j], part[j + 1], tonumber(part[j + 1])} end
    -- An index that was not read to its end may have more records below its last one.
    if #part == 2 * each then
      ended = false
      horizon = math.max(horizon, tonumber(part[#part]))
    end
  end
  if indexes > 1 then table.sort(rows, function(a, b) return a[3] > b[3] end) end
  while #rows > 0 and rows[#rows][3] < horizon do rows[#rows] = nil end
  if #rows > COUNT then
    ended = false
    for j = #rows, COUNT + 1, -1 do rows[j] = nil end
  end
  return rows, ended
end

local function like(job)
  local parts = want.job
  if #parts == 1 then return job == parts[1] end
  local first, last = parts[1], parts[#parts]
  if job:sub(1, #first) ~= first or #job < #first + #last then return false end
  local at, stop = #first + 1, #job - #last
  for i = 2, #parts - 1 do
    local from, to = job:find(parts[i], at, true)
    if not from or to > stop then return false end
    at = to + 1
  end
  return last == '' or job:sub(-#last) == last
end

local function fits_job(job)
  if jobs[job] == nil then
    jobs[job] = (not want.job or like(job))
      and (not want.tag or redis.call('ZSCORE', K.jobs_tag .. want.tag, job) ~= false)
      -- guard: test_scope_of_a_run_search_leaves_out_other_jobs
      and (not want.scope or in_scope(want.scope, job))
  end
  return jobs[job]
end

local function fits(h)
  local created = tonumber(h[2])
  return not closed[h[5]] and (not states or states[h[6]]) and (not want.type or h[5] == want.type)
    and (not want.trace or h[3] == want.trace) and (not want.since or created >= want.since)
    and (not want['until'] or created < want['until']) and fits_job(h[1])
end

-- may_have: false only if the text is not there in any case, escape or Unicode form.
local function may_have(text)
  if want.literal then
    if text:lower():find(q, 1, true) then return true end
    return text:find('\\u', 1, true) or text:find('[\128-\255]')
  end
  return text:find(want.odd and '[\\"\128-\255]' or '[\128-\255]') or text:find('\\u', 1, true)
end

local function size_of(run)
  local size = 0
  for _, name in ipairs({'error', 'inputs', 'output'}) do
    size = size + redis.call('HSTRLEN', K.run .. run, name)
  end
  return size
end

local function is_possible(run, size)
  if size > LARGE then return true end
  for _, text in ipairs(redis.call('HMGET', K.run .. run, 'error', 'inputs', 'output')) do
    if text and may_have(text) then return true end
  end
  return false
end

local function is_named(run, h)
  return run:lower():find(q, 1, true) or h[1]:lower():find(q, 1, true) or h[3] == q or h[4] == q
end

local rows, ended = page_of()
local found, looked, read = {}, 0, 0
for _, row in ipairs(rows) do
  local run = row[1]
  -- A record that is gone or damaged is no run.
  local ok, h = pcall(redis.call, 'HMGET', K.run .. run, 'job', 'created', 'trace', 'fingerprint', 'type',
    'status')
  if ok and h[1] and run ~= want.skip and fits(h) then
    if q == '' or is_named(run, h) then
      found[#found + 1] = {run, row[2], 0}
    else
      local size = size_of(run)
      -- Large texts are not read here, so they cost no more than small ones.
      local cost = size > LARGE and 1000 or size
      if looked > 0 and read + cost > BYTES then return {looked, rows[looked][2], '', found} end
      read = read + cost
      if is_possible(run, size) then found[#found + 1] = {run, row[2], math.max(size, 1)} end
    end
  end
  looked = looked + 1
  if #found >= MOST then return {looked, row[2], ended and looked == #rows and '1' or '', found} end
end
return {looked, looked > 0 and rows[looked][2] or '', ended and '1' or '', found}
