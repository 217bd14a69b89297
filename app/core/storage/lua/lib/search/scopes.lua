-- Scopes of API keys: {prefixes, tags, closed}, decoded from JSON (Python: `access/scope.py`).
-- in_scope: returns if a job is in scope by its id or by its present tags. A deleted job has no tags, and a
-- job of a closed type is in no scope.
local function in_scope(scope, job)
  local ok, h = pcall(redis.call, 'HMGET', K.job .. job, 'type', 'tags')
  if not ok then return false end
  for _, closed in ipairs(scope.closed) do
    -- guard: test_scope_search_leaves_out_jobs_that_reach_the_whole_deployment
    if h[1] == closed then return false end
  end
  for _, prefix in ipairs(scope.prefixes) do
    if job:sub(1, #prefix) == prefix then return true end
  end
  local tags = ',' .. (h[2] or '') .. ','
  for _, tag in ipairs(scope.tags) do
    if tags:find(',' .. tag .. ',', 1, true) then return true end
  end
  return false
end
