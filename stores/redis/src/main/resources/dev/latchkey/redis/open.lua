local generation, most, session, label, started, used, ends, id, issued, expires = unpack(ARGV)
if (redis.call('HGET', account, 'g') or '0') ~= generation then
  return {'moved'}
end
local ended = {'opened'}
if crowded() or redis.call('HLEN', account) >= tonumber(most) then
  local open = sessions()
  table.sort(open, function(a, b) return tonumber(a[USED]) < tonumber(b[USED]) end)
  for i = 1, math.min(#open, #open + 1 - most) do
    redis.call('HDEL', account, 's' .. open[i][SESSION])
    ended[#ended + 1] = open[i][SESSION]
  end
end
local value = cjson.encode({kept(expires), used, id, issued, expires, false, started, ends, label})
redis.call('HSET', account, 's' .. session, value)
outlive(kept(expires))
return ended
