#!lua
-- restore/report: Restores the records of reports, and their contents as far as the export has them.
-- needs: restore, artifacts/contents
-- ARGV: mode, owner
-- ITEM: record, seq, fields
--   Behind the fields: the pieces of the content that was in Redis, like the fields.
-- Keys built inside: restore_lock, published, published_all, published_job, artifact, artifacts,
-- artifacts_doomed, meta.
-- Returns for each CREATED | SAME | REPLACED | DIFFERENT | ERROR, or LOST.

-- The place changes if the content is removed from Redis.
local function skip(name) return name == 'place' or name == 'content' or name == 'seq' end

local function put_content(id, given, pieces)
  local size = 0
  for _, text in pairs(pieces) do size = size + #text end
  if size == 0 then
    if given.place == 'redis' then given.place, given.content = 'host', '' end
    return
  end
  put_hash(K.artifact .. given.content, pieces)
  redis.call('HSET', K.artifact .. given.content, 'bytes', size, 'of', id)
  -- guard: test_backup_holds_reports_with_their_files
  if redis.call('ZADD', K.artifacts, now_ms(), given.content) == 1 then
    redis.call('HINCRBY', K.meta, 'artifact_bytes', size)
  end
end

local function restore(at)
  local record, seq = ARGV[at + ITEM.record], ARGV[at + ITEM.seq]
  local id = 'report:' .. record
  local given, behind = read_fields(at + ITEM.fields)
  local pieces = read_fields(behind)
  local stored = stored_hash(K.published .. id)
  local word = restore_word(stored.job, is_same(stored, given, skip))
  if not should_write(word) then return word end
  if stored.job then
    forget_content(id)
    redis.call('DEL', K.published .. id)
  end
  given.seq = seq
  put_content(id, given, pieces)
  put_hash(K.published .. id, given)
  redis.call('ZADD', K.published_all .. 'report', seq, record)
  redis.call('ZADD', K.published_job .. 'report:' .. given.job, seq, record)
  return word
end

if lock_is_lost() then return 'LOST' end
return each_item(restore)
