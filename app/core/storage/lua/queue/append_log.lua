#!lua
-- queue/append_log: log lines of a running attempt, fenced; lines that are there already are passed over.
-- ARGV: run, lease, attempt, number of the first line (from 1), most lines kept, then lines as JSON.
-- Keys built inside: run, log.
-- Returns OK | LOST.
local run, attempt, number = ARGV[1], ARGV[3], tonumber(ARGV[4])
local h = read(run, 'status', 'lease', 'logged')
-- guard: test_log_of_a_lost_lease_is_refused
if h.status ~= 'running' or h.lease ~= ARGV[2] then return 'LOST' end
local known, upto = (h.logged or ''):match('^(%d+):(%d+)$')
local last = known == attempt and tonumber(upto) or 0

-- A line's id is its place: `<attempt>-<number>`, in order because both only rise.
local function add(line, text)
  local command = {'XADD', K.log .. run, 'MAXLEN', '~', ARGV[5], attempt .. '-' .. line, 'l', text}
  if not redis.pcall(unpack(command)).err then return end
  -- Lines of an older version of this platform have the time for an id, and no smaller one may follow.
  -- guard: test_lines_are_added_to_a_log_of_an_older_version
  command[6] = '*'
  redis.call(unpack(command))
end

for i = 6, #ARGV do
  local line = number + i - 6
  -- guard: test_log_lines_sent_again_stand_once
  if line > last then
    add(line, ARGV[i])
  -- guard: test_log_lines_sent_again_stand_once
  end
end
last = math.max(last, number + #ARGV - 6)
redis.call('HSET', K.run .. run, 'logged', attempt .. ':' .. last)
redis.call('EXPIRE', K.log .. run, 31 * 86400)
return 'OK'
