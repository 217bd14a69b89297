#!lua
-- queue/append_log: Appends log lines of a running attempt, fenced by its lease. Lines that are stored
-- already are skipped.
-- ARGV: run, lease, attempt, first_number, max_lines
-- ROW: line
--   first_number: number of the first line, from 1; line: JSON.
-- Keys built inside: run, log.
-- Returns OK | LOST.
local h, number = read(K.run .. run, 'status', 'lease', 'logged'), tonumber(first_number)
-- guard: test_log_of_a_lost_lease_is_refused
if h.status ~= 'running' or h.lease ~= lease then return 'LOST' end
local known, upto = (h.logged or ''):match('^(%d+):(%d+)$')
local last = known == attempt and tonumber(upto) or 0

-- The id of a line is `<attempt>-<number>`. The ids are in order because both only rise.
local function add(line_number, line)
  local id = attempt .. '-' .. line_number
  local command = {'XADD', K.log .. run, 'MAXLEN', '~', max_lines, id, 'l', line}
  if not redis.pcall(unpack(command)).err then return end
  -- Lines of an older version of this platform have the time for an id, and no smaller one may follow.
  -- guard: test_lines_are_added_to_a_log_of_an_older_version
  command[6] = '*'
  redis.call(unpack(command))
end

for at = ROW.start, #ARGV - 1 do
  -- guard: test_log_lines_sent_again_stand_once
  if number > last then
    add(number, ARGV[at + ROW.line])
  -- guard: test_log_lines_sent_again_stand_once
  end
  number = number + 1
end
redis.call('HSET', K.run .. run, 'logged', attempt .. ':' .. math.max(last, number - 1))
redis.call('EXPIRE', K.log .. run, 31 * 86400)
return 'OK'
