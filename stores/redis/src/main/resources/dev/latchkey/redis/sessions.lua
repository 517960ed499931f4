local found = {}
for _, session in ipairs(sessions()) do
  for _, column in ipairs({SESSION, LABEL, STARTED, USED, ENDS}) do
    found[#found + 1] = session[column]
  end
end
return found
