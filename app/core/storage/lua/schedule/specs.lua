#!lua flags=no-writes
-- schedule/specs: Reads versions of the specs of several jobs.
-- ARGV: none.
-- ROW: job, version
-- Keys built inside: versions.
-- Returns the text of each, '' if it is missing or can't be read.
local texts = {}
for at = ROW.start, #ARGV - 1, ROW.width do
  -- A damaged record is no spec; the other jobs of the batch fire.
  local ok, text = pcall(redis.call, 'HGET', K.versions .. ARGV[at + ROW.job], ARGV[at + ROW.version])
  texts[#texts + 1] = ok and text or ''
end
return texts
