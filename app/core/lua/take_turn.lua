#!lua flags=allow-oom
-- take_turn: makes a worker the one that runs suspects, alone; given back when none are left to it.
-- ARGV: consumer, lease_ms, take | give.
-- Keys built inside: suspect_turn, ready.
-- Returns YES | NO.
local holder = redis.call('GET', K.suspect_turn)
if ARGV[3] == 'give' then
  if holder == ARGV[1] then redis.call('DEL', K.suspect_turn) end
  return 'NO'
end
if holder and holder ~= ARGV[1] then return 'NO' end -- guard: test_suspects_have_one_worker_at_a_time
if redis.call('XLEN', K.ready .. 'suspect') == 0 then return 'NO' end -- guard: test_nobody_takes_a_turn_without_suspects
redis.call('SET', K.suspect_turn, ARGV[1], 'PX', 2 * ARGV[2])
return 'YES'
