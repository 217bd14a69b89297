#!lua
-- dead_letters/regroup: lists dead letters by their errors that older versions of this platform have not
-- listed so.
-- needs: dead_letters, lanes
-- ARGV: start behind this seq, how many.
-- Keys built inside: dead, run, meta, quarantine.
-- Returns {how many were looked at, seq to go on from or ''}.
local page = redis.call('ZRANGEBYSCORE', K.dead, '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])

local function regroup(run, seq)
  local h = read(run, 'dead', 'fingerprint')
  -- guard: test_letters_of_an_older_version_are_grouped
  if h.dead then add_to_group(run, h.fingerprint or 'none', seq) end
end

for i = 1, #page, 2 do guarded(page[i], regroup, page[i], page[i + 1]) end
local more = #page == 2 * ARGV[2]
if not more then redis.call('HSET', K.meta, 'dead_grouped', 1) end
return {#page / 2, more and page[#page] or ''}
