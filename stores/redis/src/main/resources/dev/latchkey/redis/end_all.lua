local until_, keep = unpack(ARGV)
even_if_full()
local ended = 0
for _, session in ipairs(sessions()) do
  if session[SESSION] ~= keep then
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
