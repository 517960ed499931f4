local field = 's' .. ARGV[1]
local value = redis.call('HGET', account, field)
redis.call('HDEL', account, field)
return value and not over(value) and 1 or 0
