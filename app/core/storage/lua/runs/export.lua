#!lua flags=no-writes
-- runs/export: runs as they are stored, each read in one moment.
-- ARGV: '1' with logs, then run ids.
-- Keys built inside: run, attempts, log, log_packed.
-- Returns for each its hash, its earlier attempts, its packed log or '', its unpacked log lines; all are
-- empty where it is gone or damaged.
local found = {}

local function look_at(run)
  local hash, attempts = redis.call('HGETALL', K.run .. run), redis.call('LRANGE', K.attempts .. run, 0, -1)
  local packed, lines = '', {}
  if ARGV[1] == '1' then
    packed = redis.call('GET', K.log_packed .. run) or ''
    for i, entry in ipairs(redis.call('XRANGE', K.log .. run, '-', '+')) do lines[i] = entry[2][2] end
  end
  return {hash, attempts, packed, lines}
end

for i = 2, #ARGV do
  local ok, run = pcall(look_at, ARGV[i])
  found[i - 1] = ok and run or {{}, {}, '', {}}
end
return found
