-- Sends the requests of a file in turn, from the first to the last and round again.
-- A line: method, path, token, If-Match, If-None-Match, the body's file and what stands in it for FILL, by tabs; "-" where
-- there is none.
local requests, n = {}, 0
local bodies = {}

local function body_of(path)
  if path == "-" then return nil end
  if not bodies[path] then
    local file = assert(io.open(path))
    bodies[path] = file:read("*a")
    file:close()
  end
  return bodies[path]
end

-- Here and not outside: only now does wrk know the Host header that it puts into every request.
function init()
  for line in io.lines(os.getenv("REQUESTS")) do
    local method, path, token, if_match, if_none_match, body, fill = line:match("^(%S+)\t(%S+)\t(%S+)\t(%S+)\t(%S+)\t(%S+)\t(%S+)$")
    local headers = {["Authorization"] = "Bearer " .. token}
    if if_match ~= "-" then headers["If-Match"] = if_match end
    if if_none_match ~= "-" then headers["If-None-Match"] = if_none_match end
    if method == "PATCH" then headers["Content-Type"] = path:find("^/api") and "application/merge-patch+json" or "application/json" end
    if method == "POST" then headers["Content-Type"] = "application/json" end
    local text = body_of(body)
    if fill ~= "-" then text = text:gsub("FILL", fill) end
    requests[#requests + 1] = wrk.format(method, path, headers, text)
  end
end

-- wrk asks once before it begins, to see what it gets, and does not send that.
local asked = false

function request()
  if not asked then
    asked = true
    return requests[1]
  end
  n = n + 1
  return requests[(n - 1) % #requests + 1]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.6f, "p50": %.3f, "p99": %.3f, "bytes": %d, "bad": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    summary.bytes, errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
