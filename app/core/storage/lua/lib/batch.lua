-- needs: events
-- batch_write: collects writes of a batch that the script does not read again, by command and key.
-- flush_writes sends them once: a tenth of the commands, for Redis and for its append-only file. `key` may be
-- a list of keys that get the same.
-- each call: batched = {}

local function batch_write(command, key, first, second)
  local by_key = batched[command]
  if not by_key then
    by_key = {}
    batched[command] = by_key
  end
  local list = by_key[key]
  if not list then
    list = {command, key}
    by_key[key] = list
  end
  list[#list + 1] = first
  if second then list[#list + 1] = second end
end

-- move_status: moves a run in the index by status.
local function move_status(run, seq, from, to)
  batch_write('ZREM', K.runs_status .. from, run)
  batch_write('ZADD', K.runs_status .. to, seq, run)
end

local function flush_writes()
  for _, by_key in pairs(batched) do
    for _, list in pairs(by_key) do
      -- `unpack` fails near 8,000 values, and a batch of fires can cancel more runs than that.
      local keys, size = list[2], #list
      if type(keys) == 'string' then keys = {keys} end
      for _, key in ipairs(keys) do
        for i = 3, size, 4000 do redis.call(list[1], key, unpack(list, i, math.min(i + 3999, size))) end
      end
    end
  end
  batched = {}
  flush_events()
end
