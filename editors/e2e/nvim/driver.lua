-- What the sessions of nvim.sh have in common. They run inside Neovim 0.7 or later, with a Dockerfile as the current buffer.
-- What starts the server is the user's configuration, as editors/neovim/README.md has it.
local driver = {}
local results = assert(io.open(os.getenv('RESULTS'), 'w'))

function driver.say(...)
  results:write(string.format(...), '\n')
  results:flush()
end

-- holds tells that a fact holds, or ends the session.
function driver.holds(what, fact)
  if not fact then
    error('does not hold: ' .. what)
  end
  driver.say('ok %s', what)
end

function driver.wait(what, condition)
  local started = vim.loop.hrtime()
  if not vim.wait(20000, condition, 5) then
    error('in vain waited: ' .. what)
  end
  driver.say('ok %s (%d ms)', what, (vim.loop.hrtime() - started) / 1e6)
end

function driver.clients()
  return (vim.lsp.get_clients or vim.lsp.get_active_clients)()
end

function driver.initialized()
  local client = driver.clients()[1]
  return client and client.initialized
end

function driver.lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, false)
end

-- found reports whether a finding stands on the line that holds a text, and marks exactly a part of it if one is given.
function driver.found(code, line, part)
  for _, d in ipairs(vim.diagnostic.get(0)) do
    local text = vim.api.nvim_buf_get_lines(0, d.lnum, d.lnum + 1, false)[1] or ''
    if d.code == code and text:find(line, 1, true) and (not part or text:sub(d.col + 1, d.end_col) == part) then
      return d
    end
  end
end

-- keys types as a user does; the buffer's listeners, the language client among them, run for each change.
function driver.keys(typed)
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(typed, true, false, true), 'xt', false)
end

function driver.cursor(text, column)
  for number, line in ipairs(driver.lines()) do
    if line:find(text, 1, true) then
      return vim.api.nvim_win_set_cursor(0, { number, column or 0 })
    end
  end
  error('no line with ' .. text)
end

-- apply chooses a code action at the cursor by the start of its title, among those of a kind if one is given.
function driver.apply(title, kind)
  local function wanted(action) return vim.startswith(action.title, title) end
  if vim.fn.has('nvim-0.8') == 1 then
    return vim.lsp.buf.code_action({ apply = true, filter = wanted, context = kind and { only = { kind } } })
  end
  -- Neovim 0.7 does the same behind a menu, in which nothing can be chosen from here.
  local client = driver.clients()[1]
  local params = vim.lsp.util.make_range_params()
  local diagnostics = vim.lsp.diagnostic.get_line_diagnostics(0, nil, {}, client.id)
  params.context = { diagnostics = diagnostics, only = kind and { kind } }
  local answer = assert(client.request_sync('textDocument/codeAction', params, 10000, 0))
  for _, action in ipairs(answer.result or {}) do
    if wanted(action) then
      action = action.edit and action or assert(client.request_sync('codeAction/resolve', action, 10000, 0)).result
      return vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
    end
  end
  error('no action ' .. title)
end

-- answer_questions answers what the server asks the user with the choice at a position, and returns what is asked.
function driver.answer_questions(position)
  local asked = {}
  vim.ui.select = function(choices, options, choose)
    table.insert(asked, { message = options.prompt, choice = choices[position].title })
    choose(choices[position], position)
  end
  vim.fn.inputlist = function(shown)
    table.insert(asked, { message = shown[1], choice = shown[position + 2] })
    return position
  end
  return asked
end

function driver.stop()
  local clients = driver.clients()
  driver.holds('there is one client', #clients == 1)
  if vim.lsp.stop_client then
    vim.lsp.stop_client(clients)
  else
    clients[1]:stop()
  end
  driver.wait('the client stops', function() return #driver.clients() == 0 end)
end

-- run runs a session and ends the editor. The editor finishes its start before: vim.lsp.enable attaches nothing earlier.
function driver.run(session)
  vim.schedule(function()
    local ok, reason = xpcall(session, debug.traceback)
    if not ok then
      driver.say('FAILED %s', reason)
      for _, d in ipairs(vim.diagnostic.get(0)) do
        driver.say('  %d:%d %s %s', d.lnum + 1, d.col + 1, tostring(d.code), d.message)
      end
      for _, line in ipairs(driver.lines()) do driver.say('  | %s', line) end
    end
    driver.say('end of script')
    vim.cmd('qall!')
  end)
end

return driver
