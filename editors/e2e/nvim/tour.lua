-- The tour's first Dockerfile: what is found, half a line, a fix, a .dockerignore, and all of it hardened and taken back.
local driver = dofile(os.getenv('SESSIONS') .. '/driver.lua')
local found, holds, wait = driver.found, driver.holds, driver.wait

local expected = {
  ['untagged-base-image'] = 'node',
  ['node-env-not-production'] = 'node',
  ['runs-as-root'] = 'node',
  ['missing-dockerignore'] = '.',
  ['non-deterministic-install'] = 'npm install',
  ['dev-dependencies-in-production'] = 'npm install',
  ['shell-form-command'] = '"npm" "start"',
  ['package-manager-as-entrypoint'] = '"npm" "start"',
  ['no-signal-handler'] = '"start"',
}

-- all reports whether exactly the expected findings are there, with or without one of an instruction that is not known.
local function all(typos)
  for code, part in pairs(expected) do
    if not found(code, '', part) then
      return false
    end
  end
  return #vim.diagnostic.get(0) == vim.tbl_count(expected) + typos
end

local function changed_to(file)
  return function() return vim.deep_equal(driver.lines(), vim.fn.readfile(file)) end
end

local function same_bytes(file, other)
  return vim.deep_equal(vim.fn.readfile(file, 'b'), vim.fn.readfile(other, 'b'))
end

local function saved()
  vim.cmd('write')
  holds('the saved file has the fix, byte for byte', same_bytes('Dockerfile', '../exec-form'))
end

driver.run(function()
  wait('the findings of the tour appear', function() return all(0) end)
  wait('a setting is in force', function()
    return found('runs-as-root', 'FROM').severity == vim.diagnostic.severity.ERROR
  end)

  driver.cursor('RUN')
  driver.keys('oUSE<Esc>')
  wait('half a line is found, the others stay', function()
    return found('unknown-instruction', 'USE', 'USE') and all(1)
  end)
  driver.keys('u')
  wait('undo takes it away', function() return all(0) end)

  driver.cursor('CMD', 4)
  driver.apply('Rewrite to exec form')
  wait('the fix is made', changed_to('../exec-form'))
  wait('what it mends is gone', function() return not found('shell-form-command', '') end)
  saved()

  driver.cursor('COPY', 5)
  driver.apply('Generate .dockerignore')
  wait('the ignore file is a buffer', function() return vim.fn.getbufline('.dockerignore', 1, '$')[2] end)
  vim.cmd('wall')
  holds('and saved what the command line writes', same_bytes('.dockerignore', '../dockerignore'))
  vim.cmd('write') -- Neovim does not tell that a file is there now, and the server looks when it hears something
  wait('what it mends is gone', function() return not found('missing-dockerignore', '') end)

  vim.o.undolevels = vim.o.undolevels -- keys of a user would end here what the next undo takes back
  local asked = driver.answer_questions(1)
  driver.apply('Harden this Dockerfile', 'source.hardenDockerfile')
  wait('the file is hardened', changed_to('../hardened'))
  local script = vim.fn.getbufline('server.js', 1, '$')
  if vim.version().minor == 10 then
    table.remove(script) -- Neovim 0.10 leaves an empty line behind whatever is appended to a file
  end
  holds('and the script that it starts', vim.deep_equal(script, vim.fn.readfile('../hardening/server.js')))
  holds('after one question', #asked == 1 and asked[1].message:find('may change more than they name', 1, true))
  holds('which was answered', asked[1].choice:find('Make all', 1, true))
  wait('no warning is left', function()
    return #vim.diagnostic.get(0, { severity = { min = vim.diagnostic.severity.WARN } }) == 0
  end)
  driver.keys('u')
  holds('one undo takes it back', changed_to('../exec-form')())
  wait('with its findings', function() return found('untagged-base-image', 'FROM node', 'node') end)
  saved()
  driver.stop()
end)
