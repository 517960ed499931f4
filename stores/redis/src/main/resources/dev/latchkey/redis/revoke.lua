local token, until_ = unpack(ARGV)
even_if_full()
if crowded() then
  sessions()
end
local field = 'r' .. token
if tonumber(redis.call('HGET', account, field) or 0) < tonumber(kept(until_)) then
  redis.call('HSET', account, field, kept(until_))
end
outlive(kept(until_))
return 1
