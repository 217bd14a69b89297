#!lua flags=no-writes
-- runs/export: Reads runs as they are stored, each in one moment.
-- ARGV: with_logs
-- ROW: run
--   with_logs: '1' or ''.
-- Keys built inside: run, attempts, log, log_packed.
-- Returns for each its hash, its earlier attempts, its packed log or '', its unpacked log lines. All are
-- empty if it is gone or damaged.
local found = {}

local function read_run(run)
  local hash, attempts = redis.call('HGETALL', K.run .. run), redis.call('LRANGE', K.attempts .. run, 0, -1)
  local packed, lines = '', {}
  if with_logs == '1' then
    packed = redis.call('GET', K.log_packed .. run) or ''
    for i, entry in ipairs(redis.call('XRANGE', K.log .. run, '-', '+')) do lines[i] = entry[2][2] end
  end
  return {hash, attempts, packed, lines}
end

for at = ROW.start, #ARGV - 1 do
  local ok, record = pcall(read_run, ARGV[at + ROW.run])
  found[#found + 1] = ok and record or {{}, {}, '', {}}
end
return found
