-- What wrk sends: for every subject the same; its last line is what it saw.
function init(args)
  wrk.method = args[1]
  if args[1] == "POST" then
    wrk.body = '{"inputs":{"duration_ms":50},"delay_sec":0}'
    wrk.headers["Content-Type"] = "application/json"
  end
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '{"requests":%d,"usec":%d,"refused":%d,"failed":%d,"p50_us":%d,"p99_us":%d}\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
