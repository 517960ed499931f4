-- Stands before every script. One hash holds all of a subject, so that it is kept, or expires, or is evicted as a whole:
-- a lost revocation takes the sessions with it, and nothing that was ended comes back.
--   s<session>  JSON: kept until, used at, current token, issued at, expires at, token before, started at, ends at, label
--   r<token>    a revoked token: kept until
--   g, u        the generation, and until when it is kept
-- Times are microseconds since 1970 by the server's clock or as given, in text: Lua would cut so long a number.
local account = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local KEPT, USED, CURRENT, ISSUED, EXPIRES, BEFORE, STARTED, ENDS, LABEL, SESSION = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10

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

-- The open sessions, after dropping what is over.
local function sessions()
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

-- Whether it is time to drop what is over: whenever their number doubled, so that it costs next to nothing.
local function crowded()
  local held = redis.call('HLEN', account)
  return held >= 16 and math.frexp(held) == 0.5
end
