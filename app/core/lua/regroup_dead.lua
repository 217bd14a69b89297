#!lua
-- regroup_dead: lists dead letters by their errors that older versions of this platform have not listed so.
-- needs: read, dead, shield
-- ARGV: start behind this seq, how many.
-- Keys built inside: dead, run, meta, quarantine.
-- Returns {how many were looked at, seq to go on from or ''}.
local page = redis.call('ZRANGEBYSCORE', K.dead, '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])

local function regroup(run, seq)
  local h = read(run, 'dead', 'fingerprint')
  if h.dead then join_group(run, h.fingerprint or 'none', seq) end -- guard: test_letters_of_an_older_version_are_grouped
end

for i = 1, #page, 2 do shielded(page[i], regroup, page[i], page[i + 1]) end
local more = #page == 2 * ARGV[2]
if not more then redis.call('HSET', K.meta, 'dead_grouped', 1) end
return {#page / 2, more and page[#page] or ''}
