-- sealed_by_other_key: returns if another key seals now; its fingerprint is in the hash secret_key. A process
-- that sealed a value just before a rotation began must seal it again.
local function sealed_by_other_key(sealed)
  local current, used = redis.call('HGET', K.secret_key, 'id'), sealed:match('^v2:(%x+):')
  return current and used and used ~= current
end
