#!lua flags=no-writes
-- runs/range: the part of the indexes that has all runs of a period, and how many records it has.
-- ARGV: created at this time or later (ms) or '', created before this time (ms) or '', behind this seq or
-- '+inf', then
-- indexes: 'all', 'job:<id>', 'status:<status>'.
-- Keys built inside: runs, runs_job, runs_status, run, meta.
-- Returns {oldest seq or '-inf', behind this seq or '+inf', records of each index}. A run's seq and its
-- creation rise together, except for restored runs and after a step back of the clock: up to the seq that
-- these have left in `unordered_until`, seq says nothing about time.
local unordered = tonumber(redis.call('HGET', K.meta, 'unordered_until') or 0)
-- Smaller steps of the clock leave no mark.
local SLACK = 3600000

-- rank_of: the first rank from `low` on whose record was created at an instant or later; `missing` is for
-- records that can't be read.
local function rank_of(instant, low, missing)
  local high = redis.call('ZCARD', K.runs)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local run = redis.call('ZRANGE', K.runs, middle, middle)[1]
    local ok, created = pcall(redis.call, 'HGET', K.run .. run, 'created')
    created = ok and tonumber(created or nil) or missing
    if created >= instant then high = middle else low = middle + 1 end
  end
  return low
end

local function seq_at(rank) return redis.call('ZRANGE', K.runs, rank, rank, 'WITHSCORES')[2] end

local ordered = unordered > 0 and redis.call('ZCOUNT', K.runs, '-inf', text(unordered)) or 0
local oldest, behind = '-inf', ARGV[3]
if ARGV[1] ~= '' and ordered == 0 then
  local rank = rank_of(tonumber(ARGV[1]) - SLACK, 0, math.huge)
  oldest = seq_at(rank) or '+inf'
end
if ARGV[2] ~= '' then
  local seq = seq_at(rank_of(tonumber(ARGV[2]) + SLACK, ordered, 0))
  if seq and (behind == '+inf' or tonumber(behind:sub(2)) > tonumber(seq)) then behind = '(' .. seq end
end
local counts = {}
for i = 4, #ARGV do
  local kind, name = ARGV[i]:match('^(%a+):?(.*)$')
  local index = kind == 'job' and K.runs_job .. name or kind == 'status' and K.runs_status .. name or K.runs
  counts[#counts + 1] = redis.call('ZCOUNT', index, oldest, behind)
end
return {oldest, behind, counts}
