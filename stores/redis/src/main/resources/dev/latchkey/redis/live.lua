local live = {}
for i, key in ipairs(KEYS) do
  local value = redis.call('HGET', key, 's' .. ARGV[i])
  if value and not over(value) then
    live[#live + 1] = ARGV[i]
  end
end
return live
