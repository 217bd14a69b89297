-- read: some fields of a run's hash as a table, missing ones nil.
local function read(run, ...)
  local names, h = {...}, {}
  local values = redis.call('HMGET', K.run .. run, ...)
  for i, name in ipairs(names) do h[name] = values[i] or nil end
  return h
end
