-- gather: writes of a whole batch that nothing in the script reads back are collected by command and key
-- and sent once, by flush_gathered: a tenth of the commands, for Redis and for its append-only file.
local gathered = {}

local function gather(command, key, first, second)
  local by_key = gathered[command]
  if not by_key then
    by_key = {}
    gathered[command] = by_key
  end
  local list = by_key[key]
  if not list then
    list = {command, key}
    by_key[key] = list
  end
  list[#list + 1] = first
  if second then list[#list + 1] = second end
end

-- move: the index by status.
local function move(run, seq, from, to)
  gather('ZREM', K.runs_status .. from, run)
  gather('ZADD', K.runs_status .. to, seq, run)
end

local function flush_gathered()
  for _, by_key in pairs(gathered) do
    for _, list in pairs(by_key) do
      -- `unpack` ends near 8,000 values, and a batch of fires can cancel more runs than that.
      for i = 3, #list, 4000 do redis.call(list[1], list[2], unpack(list, i, math.min(i + 3999, #list))) end
    end
  end
  gathered = {}
end
