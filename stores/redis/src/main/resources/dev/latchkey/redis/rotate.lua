local session, presented, id, issued, expires, grace = unpack(ARGV)
local field = 's' .. session
local value = redis.call('HGET', account, field)
if not value or over(value) then
  return {'ENDED'}
end
local family = cjson.decode(value)
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
