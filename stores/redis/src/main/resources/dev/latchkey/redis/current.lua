local session, token = unpack(ARGV)
local value = redis.call('HGET', account, 's' .. session)
if not value or over(value) then
  return 0
end
local family = cjson.decode(value)
return (token == family[CURRENT] or token == family[BEFORE]) and 1 or 0
