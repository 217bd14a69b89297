#!lua flags=no-writes
-- dead_letters/groups: Reads dead letters by error, the group of the newest letter first.
-- ARGV: before_score, max_groups, only_group
--   before_score: '+inf' at first; only_group: the one group to read, or ''.
-- Keys built inside: dead, dead_groups, dead_group, run, meta.
-- Returns {dead letters in all, '1' if all are grouped, {group, score, letters, error, last and first
-- instant, {5 newest runs}, {5 jobs of the 20 newest}}*}.
local found, MOST = {}, 5

-- field: a damaged record has none.
local function field(run, name)
  local ok, value = pcall(redis.call, 'HGET', K.run .. run, name)
  return ok and value or ''
end

local function jobs_of(runs)
  local jobs, seen = {}, {}
  for _, run in ipairs(runs) do
    local job = field(run, 'job')
    if job ~= '' and not seen[job] and #jobs < MOST then
      seen[job] = true
      jobs[#jobs + 1] = job
    end
  end
  return jobs
end

local function describe(group, score)
  local key = K.dead_group .. group
  local newest = redis.call('ZREVRANGE', key, 0, 19)
  local oldest = redis.call('ZRANGE', key, 0, 0)[1]
  if not oldest then return end
  local samples = {unpack(newest, 1, math.min(#newest, MOST))}
  found[#found + 1] = {group, score, redis.call('ZCARD', key), field(newest[1], 'error'),
    field(newest[1], 'ended'),
    field(oldest, 'ended'), samples, jobs_of(newest)}
end

if only_group ~= '' then
  describe(only_group, redis.call('ZSCORE', K.dead_groups, only_group) or '0')
else
  local page = redis.call('ZREVRANGEBYSCORE', K.dead_groups, before_score, '-inf', 'WITHSCORES', 'LIMIT', 0,
    max_groups)
  for i = 1, #page, 2 do describe(page[i], page[i + 1]) end
end
return {redis.call('ZCARD', K.dead), redis.call('HGET', K.meta, 'dead_grouped') or '', found}
