-- Half words, undo and a fix in a Dockerfile with an emoji, and names of files that are Dockerfiles.
local driver = dofile(os.getenv('SESSIONS') .. '/driver.lua')
local found, keys, wait = driver.found, driver.keys, driver.wait

-- typo reports whether one word is found to be no instruction, and everything else as in the opened file.
local function typo(line, word)
  local typos = vim.tbl_filter(function(d) return d.code == 'unknown-instruction' end, vim.diagnostic.get(0))
  return #typos == (word and 1 or 0)
    and (not word or found('unknown-instruction', line, word))
    and found('untagged-base-image', 'FROM node AS build', 'node')
    and found('shell-form-command', 'CMD npm start')
end

local function no_typo() return typo() end

-- dockerfiles opens files by name, and looks whether they are Dockerfiles to the editor and to the server.
local function dockerfiles()
  local first = vim.api.nvim_get_current_buf()
  local names = 'Containerfile Containerfile.dev Dockerfile.dev dev.dockerfile dev.Containerfile dev.containerfile'
  for name in names:gmatch('%S+') do
    vim.cmd('edit ' .. name)
    vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'FROM node' })
    wait(name .. ' is a Dockerfile', function() return found('untagged-base-image', 'FROM node', 'node') end)
    vim.cmd('bwipeout!')
  end
  vim.cmd('edit Dockerfile.dockerignore')
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'node_modules' })
  vim.cmd('buffer ' .. first)
end

driver.run(function()
  wait('the client is initialized', driver.initialized)
  driver.say('offset encoding %s', driver.clients()[1].offset_encoding)
  wait('the findings of the file appear', no_typo)
  dockerfiles()

  local function unignored() return found('missing-dockerignore', 'COPY . .', '.') end
  wait('the finding appears that needs the files around', unignored)
  vim.fn.writefile({ '**/node_modules' }, '.dockerignore')
  vim.cmd('write')
  wait('a file that is made takes it away', function() return no_typo() and not unignored() end)

  driver.cursor('EXPOSE')
  keys('oUSR 🚀node<Esc>')
  wait('a typed unknown instruction is found, the other findings stay', function() return typo('USR 🚀node', 'USR') end)
  keys('0fRiE<Esc>')
  wait('correcting the keyword takes the finding away', no_typo)
  keys('dd')

  driver.cursor('npm ci', 8)
  keys('i<CR><Esc>')
  wait('the second half of a broken RUN is found, the other findings stay', function() return typo('ci && ', 'ci') end)
  keys('u')
  wait('undo takes the finding away', no_typo)

  driver.cursor('RUN npm run build', 9)
  keys('i<CR>🚀<Esc>')
  wait('half a word behind an emoji is found', function() return typo('🚀un build', '🚀un') end)
  keys('u')
  wait('undo takes that away', no_typo)

  driver.cursor('CMD npm start', 6)
  driver.apply('Rewrite to exec form')
  wait('the quick fix changes the line', function() return vim.tbl_contains(driver.lines(), 'CMD ["npm", "start"]') end)
  wait('the finding is gone, another stays', function()
    return not found('shell-form-command', 'CMD') and found('untagged-base-image', 'FROM node AS build', 'node')
  end)
  vim.cmd('write')
  local ignored = vim.diagnostic.get(vim.fn.bufnr('Dockerfile.dockerignore'))
  driver.holds('an ignore file has no findings', #ignored == 0)
  driver.stop()
end)
