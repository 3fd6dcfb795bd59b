-- Run by nvim.sh, inside Neovim 0.7 or later, with a Dockerfile as the current buffer.
local name = 'dockerfile_ls'
local buf = vim.api.nvim_get_current_buf()

local results = assert(io.open(os.getenv('RESULTS'), 'w'))

local function say(...)
  results:write(string.format(...), '\n')
  results:flush()
end

local function wait(what, condition)
  local started = vim.loop.hrtime()
  if not vim.wait(20000, condition, 5) then
    error('in vain waited: ' .. what)
  end
  say('ok %s (%d ms)', what, (vim.loop.hrtime() - started) / 1e6)
end

local function clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

local function start()
  if vim.fn.has('nvim-0.11') == 1 then
    return vim.lsp.enable(name)
  end
  local config = dofile(vim.api.nvim_get_runtime_file('lsp/' .. name .. '.lua', false)[1])
  local client = { name = name, cmd = config.cmd, root_dir = vim.fn.expand('%:p:h') }
  if vim.lsp.start then
    return vim.lsp.start(client)
  end
  vim.lsp.buf_attach_client(buf, assert(vim.lsp.start_client(client)))
end

-- has reports whether a finding stands on the line that holds a text, and marks exactly a part of it if one is given.
local function has(code, line, part)
  for _, d in ipairs(vim.diagnostic.get(buf)) do
    local text = vim.api.nvim_buf_get_lines(buf, d.lnum, d.lnum + 1, false)[1] or ''
    if d.code == code and text:find(line, 1, true) and (not part or text:sub(d.col + 1, d.end_col) == part) then
      return true
    end
  end
  return false
end

-- typo reports whether one word is found to be no instruction, and everything else as in the opened file.
local function typo(line, word)
  local typos = vim.tbl_filter(function(d) return d.code == 'unknown-instruction' end, vim.diagnostic.get(buf))
  return #typos == (word and 1 or 0)
    and (not word or has('unknown-instruction', line, word))
    and has('untagged-base-image', 'FROM node AS build', 'node')
    and has('shell-form-command', 'CMD npm start')
end

local function no_typo() return typo() end

-- keys types as a user does; the buffer's listeners, the language client among them, run for each change.
local function keys(typed)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(typed, true, false, true), 'xt', false)
end

local function cursor(text, column)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buf, 0, -1, false)) do
    if line:find(text, 1, true) then
      return vim.api.nvim_win_set_cursor(0, { number, column or 0 })
    end
  end
  error('no line with ' .. text)
end

local function apply(title)
  if vim.fn.has('nvim-0.8') == 1 then
    return vim.lsp.buf.code_action({
      apply = true,
      filter = function(action) return vim.startswith(action.title, title) end,
    })
  end
  local client = clients()[1]
  local params = vim.lsp.util.make_range_params()
  params.context = { diagnostics = vim.lsp.diagnostic.get_line_diagnostics(buf, nil, {}, client.id) }
  local answer = assert(client.request_sync('textDocument/codeAction', params, 10000, buf))
  for _, action in ipairs(answer.result or {}) do
    if vim.startswith(action.title, title) then
      if not action.edit then
        action = assert(client.request_sync('codeAction/resolve', action, 10000, buf)).result
      end
      return vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end
  error('no action ' .. title)
end

local function session()
  say('Neovim %d.%d.%d', vim.version().major, vim.version().minor, vim.version().patch)
  assert(vim.bo[buf].filetype == 'dockerfile', vim.bo[buf].filetype)
  start()
  wait('the client is initialized', function() return clients()[1] and clients()[1].initialized end)
  say('offset encoding %s', clients()[1].offset_encoding)
  wait('the findings of the file appear', no_typo)

  wait('the finding appears that needs the files around', function() return has('missing-dockerignore', 'COPY . .', '.') end)
  local ignore = assert(io.open('.dockerignore', 'w'))
  ignore:write('**/node_modules\n')
  ignore:close()
  vim.cmd('write')
  wait('a file that is made takes it away', function() return no_typo() and not has('missing-dockerignore', 'COPY . .') end)

  cursor('EXPOSE')
  keys('oUSR 🚀node<Esc>')
  wait('a typed unknown instruction is found, the other findings stay', function() return typo('USR 🚀node', 'USR') end)
  keys('0fRiE<Esc>')
  wait('correcting the keyword takes the finding away', no_typo)
  keys('dd')

  cursor('npm ci', 8)
  keys('i<CR><Esc>')
  wait('the second half of a broken RUN is found, the other findings stay', function() return typo('ci && ', 'ci') end)
  keys('u')
  wait('undo takes the finding away', no_typo)

  cursor('RUN npm run build', 9)
  keys('i<CR>🚀<Esc>')
  wait('half a word behind an emoji is found', function() return typo('🚀un build', '🚀un') end)
  keys('u')
  wait('undo takes that away', no_typo)

  cursor('CMD npm start', 6)
  apply('Rewrite to exec form')
  wait('the quick fix changes the line', function()
    return vim.tbl_contains(vim.api.nvim_buf_get_lines(buf, 0, -1, false), 'CMD ["npm", "start"]')
  end)
  wait('the finding is gone, another stays', function()
    return not has('shell-form-command', 'CMD') and has('untagged-base-image', 'FROM node AS build', 'node')
  end)
  vim.cmd('write')

  if vim.lsp.stop_client then
    vim.lsp.stop_client(clients())
  else
    for _, client in ipairs(clients()) do client:stop() end
  end
  wait('the client stops', function() return #clients() == 0 end)
end

-- The editor finishes its start before the script runs: vim.lsp.enable attaches nothing before that.
vim.schedule(function()
  local ok, reason = xpcall(session, debug.traceback)
  if not ok then
    say('FAILED %s', reason)
    for _, d in ipairs(vim.diagnostic.get(buf)) do
      say('  %d:%d %s %s', d.lnum + 1, d.col + 1, tostring(d.code), d.message)
    end
    for _, line in ipairs(vim.api.nvim_buf_get_lines(buf, 0, -1, false)) do say('  | %s', line) end
  end
  say('end of script')
  vim.cmd('qall!')
end)
