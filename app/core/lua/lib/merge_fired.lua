-- needs: fired
-- merge_fired: adds ranges `a-b,c-d` that are known from elsewhere to those of a job.
local function merge_fired(job, told)
  local ranges, merged = fired_ranges(job), {}
  for a, b in told:gmatch('(%d+)%-(%d+)') do ranges[#ranges + 1] = {tonumber(a), tonumber(b)} end
  table.sort(ranges, by_start)
  for _, r in ipairs(ranges) do
    local last = merged[#merged]
    if last and r[1] <= last[2] then last[2] = math.max(last[2], r[2]) else merged[#merged + 1] = r end
  end
  if #merged > 0 then keep_fired(job, merged) end
end
