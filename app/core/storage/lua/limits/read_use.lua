#!lua flags=allow-oom
-- limits/read_use: Reads how much of its shares this shard uses, and how many runs wait for more.
-- needs: slots
-- ARGV: none.
-- ROW: name
-- Keys built inside: limits, limit_shares, holders, starts, waiting, waiting_lines.
-- Returns for each {limit or '', share or '', use, waiting, seq of the first that waits or ''}. The waiting
-- runs of 16 lines are counted.
local found = {}
for at = ROW.start, #ARGV - 1, ROW.width do
  local name, waiting = ARGV[at + ROW.name], 0
  local lines = redis.call('ZRANGE', K.waiting_lines .. name, 0, 15, 'WITHSCORES')
  for i = 1, #lines, 2 do waiting = waiting + redis.call('ZCARD', K.waiting .. lines[i]) end
  found[#found + 1] = {limit_text(name) or '', redis.call('HGET', K.limit_shares, name) or '', use_of(name),
    waiting, lines[2] or ''}
end
return found
