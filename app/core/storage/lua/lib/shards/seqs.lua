-- next_seq: takes n seqs of this deployment (1 if n is nil). Returns the first one and the step to the next.
-- One shard counts. Of several shards each has its own numbers, `shard` modulo `shards`, and they follow the
-- clock (10 µs since 2025): so no two records of a deployment have the same seq, and lists of all shards
-- merge by it in the order of time. Up to 2056 a seq has at most 14 digits, which Lua prints in full.
local function next_seq(n)
  n = n or 1
  if SHARDS == 1 then return redis.call('INCRBY', K.seq, n) - n + 1, 1 end
  local t = redis.call('TIME')
  local first = (t[1] - 1735689600) * 100000 + math.floor(t[2] / 10)
  -- guard: test_a_seq_is_larger_than_all_before_it
  first = math.max(first, tonumber(redis.call('GET', K.seq) or 0) + 1)
  -- guard: test_seqs_of_shards_never_meet
  first = first + (SHARD - first) % SHARDS
  redis.call('SET', K.seq, text(first + (n - 1) * SHARDS))
  return first, SHARDS
end
