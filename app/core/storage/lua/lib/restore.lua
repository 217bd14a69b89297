-- needs: claims/restore_lock
-- ARGV: mode, owner
--   mode: look (writes nothing) | add | replace; owner: of the restore's lock, '' if the caller only looks.
-- Compares records of an export with the stored ones. The items follow the arguments: each is the number of
-- its values, then the values of ITEM, then more values if it has any.

-- lock_is_lost: returns if another restore has the lock; else it renews the lock for another page.
local function lock_is_lost()
  if owner == '' and mode == 'look' then return false end
  -- guard: test_a_restore_that_lost_its_lock_writes_nothing
  if redis.call('GET', K.restore_lock) ~= owner then return true end
  redis.call('PEXPIRE', K.restore_lock, RESTORE_LOCK_MS)
  return false
end

-- each_item: calls `treat(at, last)` for each item: its first value is ARGV[at + 1], its last one ARGV[last].
-- Returns a word for each. An item whose stored record is damaged gets ERROR and stops no other item.
local function each_item(treat)
  local words, at = {}, 3
  while at <= #ARGV do
    local last = at + tonumber(ARGV[at])
    local ok, word = pcall(treat, at, last)
    words[#words + 1] = ok and word or 'ERROR'
    at = last + 1
  end
  return words
end

-- read_fields: reads names and values, which follow their number at `i`. Returns them and the next index.
local function read_fields(i)
  local fields, behind = {}, i + 1 + tonumber(ARGV[i])
  for k = i + 1, behind - 1, 2 do fields[ARGV[k]] = ARGV[k + 1] end
  return fields, behind
end

local function stored_hash(key)
  local flat, fields = redis.call('HGETALL', key), {}
  for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
  return fields
end

-- is_same: returns if two hashes are equal, except for the fields for which `skip` is true.
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
  -- `unpack` fails near 8,000 values.
  for i = 1, #flat, 4000 do redis.call('HSET', key, unpack(flat, i, math.min(i + 3999, #flat))) end
end

-- restore_word: the result of an item. `kept`: the stored record is worth more than the exported one.
local function restore_word(exists, unchanged, kept)
  if not exists then return 'CREATED' end
  -- guard: test_restoring_twice_changes_nothing
  if unchanged then return 'SAME' end
  if kept then return 'KEPT' end
  return mode == 'replace' and 'REPLACED' or 'DIFFERENT'
end

local function should_write(word)
  -- guard: test_looking_writes_nothing
  return mode ~= 'look' and (word == 'CREATED' or word == 'REPLACED')
end
