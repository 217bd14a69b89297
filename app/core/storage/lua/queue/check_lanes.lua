#!lua flags=allow-oom
-- queue/check_lanes: Looks for signs that ready entries were lost, and starts a walk over the active runs if
-- there is one. The signs: a lane without its mark (the consumer `heal`, which is lost with the stream and
-- with the group), another server process (a failover, a restart, a backup), fewer entries than runs that
-- need one.
-- needs: missing_entries
-- ARGV: server_id
-- Keys built inside: queues, typed_lanes, ready, heal, runs_status, pauses, paused, waiting, waiting_keys,
-- waiting_lines.
-- Returns {WALK | FINE, the sign: lane | server | count | ''}. WALK: a walk has to go on; call
-- `queue/repair_entries` until it is done.
local now, FIELDS = now_ms(), {'server', 'walk', 'accepted', 'not_before'}
local known = redis.call('HMGET', K.heal, unpack(FIELDS))
local server, walk = known[1], known[2]
local accepted, not_before = tonumber(known[3]) or 0, tonumber(known[4]) or 0

local function is_marked(lane)
  redis.pcall('XGROUP', 'CREATE', K.ready .. lane, GROUP, '0', 'MKSTREAM')
  return redis.call('XGROUP', 'CREATECONSUMER', K.ready .. lane, GROUP, 'heal') == 0
end

local function start(sign)
  redis.call('HSET', K.heal, 'walk', 'running:0', 'server', server_id, 'begun', now, 'healed', 0)
  return {'WALK', sign}
end

-- All lanes are marked in one call, so that a lost database is one walk and not four.
local marked = true
for _, lane in ipairs(own_lanes()) do marked = is_marked(lane) and marked end
if not marked then return start('lane') end
if server ~= server_id then return start('server') end
if walk then return {'WALK', ''} end
local missing = missing_entries()
if not missing then return {'FINE', ''} end
-- The number of missing entries after a walk is accepted until it falls: a record that can't be healed must
-- not cause a walk each time.
if missing < accepted then redis.call('HSET', K.heal, 'accepted', missing) end
-- guard: test_what_no_walk_can_heal_causes_one_walk
if missing <= accepted then return {'FINE', ''} end
-- After each walk follows a pause of ten times its duration. A pause from before the clock went back does not
-- count.
-- guard: test_walks_for_a_count_keep_their_distance
if now < not_before and not_before < now + 600000 then return {'FINE', ''} end
return start('count')
