-- Writing a Dockerfile: a flag, a stage and a path are completed, and the file is formatted when it is saved.
local driver = dofile(os.getenv('SESSIONS') .. '/driver.lua')
local holds, wait = driver.holds, driver.wait

local function ask(method, params)
  local client = driver.clients()[1]
  local answer
  if vim.fn.has('nvim-0.11') == 1 then
    answer = client:request_sync(method, params, 10000, 0)
  else
    answer = client.request_sync(method, params, 10000, 0)
  end
  return answer and answer.result or {}
end

-- offered is the edit of the item that has a label, and nil while there is none at the end of the line.
local function offered(label)
  local client = driver.clients()[1]
  local params = vim.lsp.util.make_position_params(0, client.offset_encoding)
  params.position.character = #vim.api.nvim_get_current_line() -- there are no other letters than ASCII in it
  local result = ask('textDocument/completion', params)
  for _, item in ipairs(result.items or result) do
    if item.label == label then
      local edit = item.textEdit or result.itemDefaults.editRange
      local text = edit.newText or item.textEditText or item.insertText or label
      return { range = edit.range or edit.replace or edit, newText = text }
    end
  end
end

-- complete types at the end of the line, and chooses an item. Behind Neovim's own menu, in which nothing can be chosen from
-- here, is the same request. What is typed is told with a delay.
local function complete(typed, label)
  driver.keys('A' .. typed .. '<Esc>')
  local edit
  wait(label .. ' is offered', function()
    edit = offered(label)
    return edit
  end)
  vim.lsp.util.apply_text_edits({ edit }, vim.api.nvim_get_current_buf(), driver.clients()[1].offset_encoding)
end

local function completes(what, typed, label, line)
  complete(typed, label)
  holds(what .. ' is completed', vim.api.nvim_get_current_line() == line)
end

driver.run(function()
  wait('the file is read', function() return driver.found('untagged-base-image', 'FROM node AS build') end)

  driver.cursor('USER node')
  driver.keys('OCOPY <Esc>')
  completes('a flag', '--li', '--link', 'COPY --link')
  completes('a stage', ' --from=bu', 'build', 'COPY --link --from=build')
  driver.keys('A /app/static ./static<Esc>oCOPY <Esc>')
  completes('a path of the build context', 'package.j', 'package.json', 'COPY package.json')
  driver.keys('A  ./<Esc>') -- with a blank too many
  vim.bo.expandtab, vim.bo.shiftwidth = true, 4
  wait('a blank is to go', function()
    return #ask('textDocument/formatting', vim.lsp.util.make_formatting_params()) == 1
  end)

  vim.api.nvim_create_autocmd('BufWritePre', {
    buffer = 0,
    callback = function()
      if vim.lsp.buf.format then
        return vim.lsp.buf.format({ timeout_ms = 10000 })
      end
      vim.lsp.buf.formatting_sync(nil, 10000)
    end,
  })
  vim.cmd('write')
  driver.stop()
end)
