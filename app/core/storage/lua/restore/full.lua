#!lua
-- restore/full: Restores what only a full backup has: API keys and secrets of jobs.
-- needs: restore, access
-- ARGV: mode, owner
-- ITEM: family, name, record
--   family: api_keys_pepper | api_keys | api_keys_used | secrets. The records have the seals and MACs of this
--   deployment's key.
-- Keys built inside: restore_lock, api_keys_pepper, api_keys, api_keys_used, secrets, access_version.
-- Returns for each CREATED | SAME | KEPT | REPLACED | DIFFERENT | ERROR, or LOST. KEPT: a later use of a key.
local HASHES = {api_keys = K.api_keys, api_keys_used = K.api_keys_used, secrets = K.secrets}

-- restore_pepper: digests of stored keys need their own pepper, so another one ends those keys.
local function restore_pepper(record)
  local stored = redis.call('GET', K.api_keys_pepper)
  local has_keys = redis.call('EXISTS', K.api_keys) == 1
  -- guard: test_another_pepper_replaces_keys_only_on_request
  local word = restore_word(stored and (stored == record or has_keys), stored == record)
  if should_write(word) then
    -- guard: test_another_pepper_replaces_keys_only_on_request
    if word == 'REPLACED' then redis.call('DEL', K.api_keys, K.api_keys_used) end
    redis.call('SET', K.api_keys_pepper, record)
    access_changed()
  end
  return word
end

local function restore_field(family, name, record)
  local key = HASHES[family]
  local stored = redis.call('HGET', key, name)
  local later = family == 'api_keys_used' and stored and tonumber(stored) > tonumber(record)
  local word = restore_word(stored, stored == record, later)
  if should_write(word) then
    redis.call('HSET', key, name, record)
    if family == 'api_keys' then access_changed() end
  end
  return word
end

local function restore(at)
  local family, name = ARGV[at + ITEM.family], ARGV[at + ITEM.name]
  local record = ARGV[at + ITEM.record]
  if family == 'api_keys_pepper' then return restore_pepper(record) end
  return restore_field(family, name, record)
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
