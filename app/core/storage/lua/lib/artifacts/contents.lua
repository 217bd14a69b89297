-- Contents of reports and exports: those in Redis, and the list of those elsewhere that may be removed.

local function drop_content(content)
  -- guard: test_the_bytes_of_a_content_are_counted_once
  if redis.call('ZREM', K.artifacts, content) == 1 then
    local size = tonumber(redis.call('HGET', K.artifact .. content, 'bytes') or 0)
    redis.call('HINCRBY', K.meta, 'artifact_bytes', -size)
  end
  redis.call('DEL', K.artifact .. content)
end

-- doom: objects of a store, one a line, may be removed from an instant on.
local function doom(objects, at)
  for path in objects:gmatch('[^\n]+') do redis.call('ZADD', K.artifacts_doomed, at, path) end
end

-- forget_content: the record `kind:record` no longer needs its content.
local function forget_content(id)
  local h = read(K.published .. id, 'content', 'objects')
  if h.content and h.content ~= '' then drop_content(h.content) end
  if h.objects then doom(h.objects, now_ms()) end
end

-- trim_contents: removes the oldest contents in Redis until the others are young and small enough. Their
-- records say so. Returns how many it removed.
local function trim_contents(total_bytes, keep_ms, most)
  local oldest, removed = redis.call('ZRANGE', K.artifacts, 0, most - 1, 'WITHSCORES'), 0
  local limit = now_ms() - keep_ms
  for i = 1, #oldest, 2 do
    local content = oldest[i]
    local used = tonumber(redis.call('HGET', K.meta, 'artifact_bytes') or 0)
    if tonumber(oldest[i + 1]) >= limit and used <= total_bytes then break end
    local id = redis.call('HGET', K.artifact .. content, 'of') or ''
    -- guard: test_the_oldest_contents_make_room
    if redis.call('HGET', K.published .. id, 'content') == content then
      redis.call('HSET', K.published .. id, 'place', 'host', 'content', '')
    end
    drop_content(content)
    removed = removed + 1
  end
  return removed
end
