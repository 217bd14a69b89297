#!lua
-- dead_letters/regroup: Groups dead letters by error that older versions of this platform have stored without
-- groups.
-- needs: dead_letters, lanes
-- ARGV: after_seq, page_size
-- Keys built inside: dead, run, meta, quarantine.
-- Returns {how many were looked at, seq to continue after or ''}.
local page = redis.call('ZRANGEBYSCORE', K.dead, '(' .. after_seq, '+inf', 'WITHSCORES',
  'LIMIT', 0, page_size)

local function regroup(run, seq)
  local h = read(K.run .. run, 'dead', 'fingerprint')
  -- guard: test_letters_of_an_older_version_are_grouped
  if h.dead then add_to_group(run, h.fingerprint or 'none', seq) end
end

for i = 1, #page, 2 do guarded(page[i], regroup, page[i], page[i + 1]) end
local more = #page == 2 * page_size
if not more then redis.call('HSET', K.meta, 'dead_grouped', 1) end
return {#page / 2, more and page[#page] or ''}
