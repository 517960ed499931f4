-- What the store does in one step for all nodes. ARGV has the operation's name, then its arguments.
--
-- One hash holds all of a subject, so that it is kept, or expires, or is evicted as a whole: a lost revocation takes the
-- sessions with it, and nothing that was ended comes back.
--   s<session>  JSON: kept until, used at, current token, issued at, expires at, token before, started at, ends at, label
--   r<token>    a revoked token: kept until
--   g, u        the generation, and until when it is kept
-- Times are microseconds since 1970 by the server's clock or as given, in text: Lua would cut so long a number.
local SLACK = 120 * 1000000 -- TokenStore.SLACK
local KEPT, USED, CURRENT, ISSUED, EXPIRES, BEFORE, STARTED, ENDS, LABEL, SESSION = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
local account = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local operations = {}

local function kept(until_)
  return string.format('%.0f', tonumber(until_) + SLACK)
end

-- The time that a value begins with.
local function over(value)
  return tonumber(string.match(value, '%d+')) < now
end

-- The account lives as long as the last of what it holds.
local function outlive(until_)
  local left = redis.call('PTTL', account)
  local wanted = math.ceil((tonumber(until_) - now) / 1000)
  if left < 0 or left < wanted then
    redis.call('PEXPIREAT', account, string.format('%.0f', math.ceil(tonumber(until_) / 1000)))
  end
end

-- A script may go on in full memory once it has written: no full server keeps anybody from being logged out.
local function even_if_full()
  redis.call('HDEL', account, '')
end

-- A session of the account; nil once it is over.
local function open_session(id)
  local value = redis.call('HGET', account, 's' .. id)
  if value and not over(value) then
    return cjson.decode(value)
  end
end

-- The open sessions, after dropping what is over.
local function open_sessions()
  local open = {}
  local all = redis.call('HGETALL', account)
  for i = 1, #all, 2 do
    local field, value = all[i], all[i + 1]
    local kind = string.sub(field, 1, 1)
    if kind ~= 'g' and over(value) then
      redis.call('HDEL', account, field)
      if kind == 'u' then
        redis.call('HDEL', account, 'g')
      end
    elseif kind == 's' then
      local session = cjson.decode(value)
      session[SESSION] = string.sub(field, 2)
      open[#open + 1] = session
    end
  end
  return open
end

-- The sessions that were unused for longest come first.
local function by_use(sessions)
  table.sort(sessions, function(a, b) return tonumber(a[USED]) < tonumber(b[USED]) end)
  return sessions
end

-- Whether it is time to drop what is over: whenever their number doubled, so that it costs next to nothing.
local function crowded()
  local held = redis.call('HLEN', account)
  return held >= 16 and math.frexp(held) == 0.5
end

function operations.generation()
  return {tonumber(redis.call('HGET', account, 'g') or 0)}
end

-- The id of the session, and those of the ones that had to go; none if the generation has moved.
function operations.open()
  local generation, most, session, label, started, used, ends, id, issued, expires = unpack(ARGV, 2)
  if (redis.call('HGET', account, 'g') or '0') ~= generation then
    return {}
  end
  local ended = {session}
  if crowded() or redis.call('HLEN', account) >= tonumber(most) then
    local open = by_use(open_sessions())
    for i = 1, math.min(#open, #open + 1 - most) do
      redis.call('HDEL', account, 's' .. open[i][SESSION])
      ended[#ended + 1] = open[i][SESSION]
    end
  end
  local value = cjson.encode({kept(expires), used, id, issued, expires, false, started, ends, label})
  redis.call('HSET', account, 's' .. session, value)
  outlive(kept(expires))
  return ended
end

function operations.rotate()
  local session, presented, id, issued, expires, grace = unpack(ARGV, 2)
  local field = 's' .. session
  local family = open_session(session)
  if not family then
    return {'ENDED'}
  end
  if presented == family[CURRENT] then
    if tonumber(expires) > tonumber(family[ENDS]) then
      expires = family[ENDS]
    end
    family[KEPT], family[USED], family[BEFORE] = kept(expires), string.format('%.0f', now), family[CURRENT]
    family[CURRENT], family[ISSUED], family[EXPIRES] = id, issued, expires
    even_if_full()
    redis.call('HSET', account, field, cjson.encode(family))
    outlive(family[KEPT])
    return {'ROTATED', id, issued, expires}
  end
  if presented == family[BEFORE] and now <= family[USED] + grace then
    return {'REPEATED', family[CURRENT], family[ISSUED], family[EXPIRES]}
  end
  redis.call('HDEL', account, field)
  return {'REUSED'}
end

function operations.is_current()
  local session, token = unpack(ARGV, 2)
  local family = open_session(session)
  return family and (token == family[CURRENT] or token == family[BEFORE]) and 1 or 0
end

function operations.revoke()
  local token, until_ = unpack(ARGV, 2)
  even_if_full()
  if crowded() then
    open_sessions()
  end
  local field = 'r' .. token
  if tonumber(redis.call('HGET', account, field) or 0) < tonumber(kept(until_)) then
    redis.call('HSET', account, field, kept(until_))
  end
  outlive(kept(until_))
  return 1
end

function operations.end_one()
  local session = ARGV[2]
  local was_open = open_session(session)
  redis.call('HDEL', account, 's' .. session)
  return was_open and 1 or 0
end

function operations.end_all()
  local until_, keep = unpack(ARGV, 2)
  even_if_full()
  local ended = 0
  for _, session in ipairs(open_sessions()) do
    if 's' .. session[SESSION] ~= keep then
      ended = ended + redis.call('HDEL', account, 's' .. session[SESSION])
    end
  end
  local before, remembered = unpack(redis.call('HMGET', account, 'g', 'u'))
  local generation = math.max(tonumber(before or 0) + 1, tonumber(clock[1]))
  if tonumber(remembered or 0) < tonumber(kept(until_)) then
    remembered = kept(until_)
  end
  redis.call('HSET', account, 'g', string.format('%.0f', generation), 'u', remembered)
  outlive(remembered)
  return ended
end

-- Of several accounts, each with the session that ARGV has for it.
function operations.live()
  local live = {}
  for i, key in ipairs(KEYS) do
    local session = ARGV[i + 1]
    local value = redis.call('HGET', key, 's' .. session)
    if value and not over(value) then
      live[#live + 1] = session
    end
  end
  return live
end

function operations.sessions()
  local found = {}
  local open = by_use(open_sessions())
  for i, session in ipairs(open) do
    found[#open + 1 - i] = {session[SESSION], session[LABEL], session[STARTED], session[USED], session[ENDS]}
  end
  return found
end

-- What this server's settings mean for sessions. INFO tells some; ARGV has what CONFIG tells, which no script may ask.
function operations.warnings()
  local info = redis.pcall('INFO')
  local told = (type(info) == 'string' and info or '') .. ARGV[2]
  local policy = string.match(told, 'maxmemory_policy:([%w-]+)')
  local log = string.match(told, 'aof_enabled:(%d)')
  local sync = string.match(told, 'appendfsync=(%w+)')
  local replicas = string.match(told, 'connected_slaves:(%d+)')
  local awaited = string.match(told, 'min_slaves_good_slaves') -- told where min-replicas-to-write is not 0
  local warnings = {}
  if policy and policy ~= 'noeviction' then
    warnings[#warnings + 1] = 'maxmemory-policy is ' .. policy .. ': a full server logs people out, and forgets revoked '
      .. 'tokens that have no session; set maxmemory-policy noeviction'
  end
  if log == '0' then
    warnings[#warnings + 1] = 'appendonly is no: a crash brings back what was ended since the last snapshot, and without '
      .. 'one logs everybody out; set appendonly yes and appendfsync always'
  elseif sync and sync ~= 'always' then
    warnings[#warnings + 1] = 'appendfsync is ' .. sync .. ': a crash of the machine brings back what was ended in the '
      .. 'last seconds; set appendfsync always'
  end
  if replicas and replicas ~= '0' and not awaited then
    warnings[#warnings + 1] = 'replicas follow asynchronously: a fail-over brings back what was ended while they were '
      .. 'behind; set min-replicas-to-write 1 and a small min-replicas-max-lag to bound that'
  end
  if not (policy and log and sync and replicas) then
    warnings[#warnings + 1] = 'this user may not read all settings of the server, so see to them: maxmemory-policy '
      .. 'noeviction, appendonly yes, appendfsync always, with replicas min-replicas-to-write 1'
  end
  return warnings
end

return operations[ARGV[1]]()
