#!lua flags=no-writes
-- runs/range: Finds the part of the indexes that has all runs of a period, and how many records it has.
-- ARGV: created_from, created_before, before_seq
-- ROW: index
--   created_from, created_before: instants (ms) or ''; before_seq: or '+inf'; index: all | job:<id> |
--   status:<status>.
-- Keys built inside: runs, runs_job, runs_status, run, meta.
-- Returns {oldest seq or '-inf', before this seq or '+inf', records of each index}. A run's seq and its
-- creation rise together, except for restored runs and after the clock went back. Up to the seq in
-- `unordered_until`, the seq says nothing about time.
local unordered = tonumber(redis.call('HGET', K.meta, 'unordered_until') or 0)
-- Smaller steps of the clock leave no mark.
local SLACK = 3600000

-- rank_of: the first rank from `low` on whose record was created at an instant or later. A record that can't
-- be read counts as `missing`.
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
local oldest, before = '-inf', before_seq
if created_from ~= '' and ordered == 0 then
  local rank = rank_of(tonumber(created_from) - SLACK, 0, math.huge)
  oldest = seq_at(rank) or '+inf'
end
if created_before ~= '' then
  local seq = seq_at(rank_of(tonumber(created_before) + SLACK, ordered, 0))
  if seq and (before == '+inf' or tonumber(before:sub(2)) > tonumber(seq)) then before = '(' .. seq end
end
local counts = {}
for at = ROW.start, #ARGV - 1 do
  local kind, name = ARGV[at + ROW.index]:match('^(%a+):?(.*)$')
  local index = kind == 'job' and K.runs_job .. name or kind == 'status' and K.runs_status .. name or K.runs
  counts[#counts + 1] = redis.call('ZCOUNT', index, oldest, before)
end
return {oldest, before, counts}
