-- needs: events
-- batch_write: collects writes of a batch that the script does not read again, by command and key.
-- flush_writes sends them once: a tenth of the commands, for Redis and for its append-only file. `key` may be
-- a list of keys that get the same. A script sets `write_now` for a batch of one: to collect takes longer.
-- each call: batched, moves, write_now = {}, {}, false

local function batch_of(command, key)
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
  return list
end

local function batch_write(command, key, first, second)
  if write_now then
    if not second then return redis.call(command, key, first) end
    if type(key) == 'string' then return redis.call(command, key, first, second) end
    for _, each in ipairs(key) do redis.call(command, each, first, second) end
    return
  end
  local list = batch_of(command, key)
  list[#list + 1] = first
  if second then list[#list + 1] = second end
end

-- move_status: moves a run in the index by status. Most runs of a batch make the same move.
local function move_status(run, seq, from, to)
  local move = moves[from]
  if not move or move.to ~= to then
    move = {to = to, left = batch_of('ZREM', K.runs_status .. from),
      entered = batch_of('ZADD', K.runs_status .. to)}
    moves[from] = move
  end
  local left, entered = move.left, move.entered
  local size = #entered
  left[#left + 1], entered[size + 1], entered[size + 2] = run, seq, run
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
  batched, moves = {}, {}
  flush_events()
end
