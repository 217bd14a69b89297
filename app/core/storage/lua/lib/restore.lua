-- Records of an export beside what is stored. MODE is `look` (nothing is written), `add` or `replace`; OWNER
-- holds the restore's lock, and is empty where somebody only looks.
-- ARGV: mode, owner, then items, each headed by how many values it has.
local MODE, OWNER = ARGV[1], ARGV[2]

-- lock_is_lost: another restore has taken over. One that goes on renews its lock with every page.
local function lock_is_lost()
  if OWNER == '' and MODE == 'look' then return false end
  -- guard: test_a_restore_that_lost_its_lock_writes_nothing
  if redis.call('GET', K.restore_lock) ~= OWNER then return true end
  redis.call('PEXPIRE', K.restore_lock, 60000)
  return false
end

-- each_item: calls `treat(first, last)`, the places of an item's values in ARGV; answers a word for each.
-- One whose stored record is damaged answers ERROR and stops none of its neighbours.
local function each_item(treat)
  local words, at = {}, 3
  while at <= #ARGV do
    local size = tonumber(ARGV[at])
    local ok, word = pcall(treat, at + 1, at + size)
    words[#words + 1] = ok and word or 'ERROR'
    at = at + 1 + size
  end
  return words
end

-- read_fields: names and values in turn, headed by how many there are; answers them and the place behind
-- them.
local function read_fields(at)
  local fields, behind = {}, at + 1 + tonumber(ARGV[at])
  for i = at + 1, behind - 1, 2 do fields[ARGV[i]] = ARGV[i + 1] end
  return fields, behind
end

local function stored_hash(key)
  local flat, fields = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- is_same: whether two hashes say the is_same, but for the fields that `skip` names.
local function is_same(stored, given, skip)
  for name, value in pairs(given) do
    if not skip(name) and stored[name] ~= value then return false end
  end
  for name in pairs(stored) do
    if not skip(name) and given[name] == nil then return false end
  end
  return true
end

local function put_hash(key, fields)
  local flat = {}
  for name, value in pairs(fields) do
    flat[#flat + 1] = name
    flat[#flat + 1] = value
  end
  -- `unpack` ends near 8,000 values.
  for i = 1, #flat, 4000 do redis.call('HSET', key, unpack(flat, i, math.min(i + 3999, #flat))) end
end

-- restore_word: what comes of an item. `kept` is for what is stored and worth more than the export's.
local function restore_word(exists, unchanged, kept)
  if not exists then return 'CREATED' end
  -- guard: test_restoring_twice_changes_nothing
  if unchanged then return 'SAME' end
  if kept then return 'KEPT' end
  return MODE == 'replace' and 'REPLACED' or 'DIFFERENT'
end

local function should_write(word)
  -- guard: test_looking_writes_nothing
  return MODE ~= 'look' and (word == 'CREATED' or word == 'REPLACED')
end
