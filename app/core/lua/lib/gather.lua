-- gather: writes of a whole batch that nothing in the script reads back are collected by command and key
-- and sent once, by flush_gathered: a tenth of the commands, for Redis and for its append-only file.
local gathered = {}

local function gather(command, key, ...)
  local id = command .. key
  local list = gathered[id]
  if not list then
    list = {command, key}
    gathered[id] = list
  end
  for _, value in ipairs({...}) do list[#list + 1] = value end
end

-- move: the index by status.
local function move(run, seq, from, to)
  gather('ZREM', K.runs_status .. from, run)
  gather('ZADD', K.runs_status .. to, seq, run)
end

local function flush_gathered()
  for _, list in pairs(gathered) do redis.call(unpack(list)) end
  gathered = {}
end
