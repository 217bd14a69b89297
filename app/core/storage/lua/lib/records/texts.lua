-- Texts of records. A message of the platform comes packed, as `English\31["id",{fields}]`
-- (`i18n/stored.py`). Its record has the English, and the rest in a field with the same name and `_origin`.
local texts = {}

-- split: the English and the rest of a packed text, '' for a text of another author.
function texts.split(packed)
  local at = packed:find('\31', 1, true)
  if not at then return packed, '' end
  return packed:sub(1, at - 1), packed:sub(at + 1)
end

-- join: the packed form of what a record has.
function texts.join(english, origin)
  if not origin or origin == '' then return english or '' end
  return english .. '\31' .. origin
end

-- set: stores a packed text in a field of a hash.
function texts.set(key, name, packed)
  local english, origin = texts.split(packed)
  redis.call('HSET', key, name, english)
  -- guard: test_text_of_another_author_replaces_a_message
  if origin == '' then return redis.call('HDEL', key, name .. '_origin') end
  redis.call('HSET', key, name .. '_origin', origin)
end

-- set_of: stores what belongs to the text of one of several records, as JSON by their names.
function texts.set_of(key, name, record, origin)
  local stored = redis.call('HGET', key, name)
  if origin == '' and not stored then return end
  local origins = stored and cjson.decode(stored) or {}
  origins[record] = origin ~= '' and origin or nil
  redis.call('HSET', key, name, cjson.encode(origins))
end

-- message: a message of a script, packed. `incidents/causes.py` has its id for the catalogue; a field may be
-- a packed message.
function texts.message(id, fields)
  local values = nil
  local english = id:gsub('{([%w_]+)}', function(name) return (texts.split(tostring(fields[name]))) end)
  for name, value in pairs(fields or {}) do
    local _, origin = texts.split(tostring(value))
    values = values or {}
    values[name] = origin ~= '' and cjson.decode(origin) or value
  end
  return texts.join(english, cjson.encode({id, values}))
end
